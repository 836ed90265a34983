import { connect, listen } from '@net/loop';

const acceptor = await listen(
	{ port: 0, host: '127.0.0.1' },
	{
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

const connection = await connect(
	{ port: acceptor.port, host: '127.0.0.1' },
	{
		data(_connection, chunk) {
			console.log(String(chunk));
		},
		close() {
			void acceptor.close();
		},
	},
);
connection.end('hello, echo');
