/** What the faulty programs have in common: a connection over which a hundred bytes go there and back. */
import { once } from 'node:events';

/** @param {{ createServer: any, connect: any }} net - whose sockets. */
export async function talk({ createServer, connect }) {
	const server = createServer((/** @type {any} */ socket) => socket.pipe(socket));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = connect(server.address().port, '127.0.0.1');
	client.end('x'.repeat(100));
	client.resume();
	await once(client, 'close');
	server.close();
}
