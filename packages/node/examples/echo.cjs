// The manual's echo server, by require. Run: `node examples/echo.cjs 8124`, then `nc 127.0.0.1 8124`.
const net = require('@net/node');

const server = net.createServer((socket) => {
	console.log('client connected');
	socket.on('end', () => console.log('client disconnected'));
	// 'close' follows: one peer that is cut off ends nobody else's connection.
	socket.on('error', (error) => console.log(error.message));
	socket.write('hello\r\n');
	socket.pipe(socket);
});
server.on('error', (error) => {
	throw error;
});
server.listen(Number(process.argv[2] ?? 8124), '127.0.0.1', () => console.log('server bound', server.address()));
process.once('SIGINT', () => server.close());
process.once('SIGTERM', () => server.close());
