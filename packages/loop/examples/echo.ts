/**
 * An echo server of callbacks, and a client that tries it. Run: `node --import tsx examples/echo.ts`, or with Node 22.18 and
 * later `node examples/echo.ts`.
 */
import { connect, listen } from '@net/loop';

const acceptor = await listen(
	{ port: 0, host: '127.0.0.1' },
	{
		open(connection) {
			connection.write('hello\r\n');
		},
		data(connection, chunk) {
			// Nothing more is read until the peer has taken what it was sent.
			if (!connection.write(chunk)) connection.pause();
		},
		drain(connection) {
			connection.resume();
		},
		error(_connection, error) {
			console.error(error.message);
		},
	},
);
console.log(`listening on port ${acceptor.port}`);

await connect(
	{ port: acceptor.port, host: '127.0.0.1' },
	{
		open(connection) {
			connection.end('ping\r\n');
		},
		data(_connection, chunk) {
			process.stdout.write(chunk);
		},
		close() {
			void acceptor.close();
		},
	},
);
