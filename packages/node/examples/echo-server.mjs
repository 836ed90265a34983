/**
 * The manual's echo server, with a look at what it does: `npm start` runs it.
 * PORT sets the port (8124), NET_LOOP_DRIVER=native|portable forces a driver.
 */
import { currentDriver } from '@net/loop';
import { createServer } from '@net/node';

const HOST = '127.0.0.1';
const STATUS_MS = 1000;

const port = readPort(process.env['PORT']);
const open = new Set();
const total = { connections: 0, messages: 0, bytes: 0 };

const server = createServer((connection) => {
	open.add(connection);
	total.connections++;
	const peer = `${connection.remoteAddress}:${connection.remotePort}`;
	let reason = '';
	console.log(`client connected: ${peer}, ${open.size} open`);
	connection.on('data', (chunk) => {
		total.messages++;
		total.bytes += chunk.length;
	});
	connection.on('error', (error) => {
		reason = `, ${error.message}`;
	});
	connection.on('close', () => {
		open.delete(connection);
		console.log(`client disconnected: ${peer}, ${open.size} open${reason}`);
	});
	connection.write('hello\r\n');
	connection.pipe(connection);
});

server.on('error', (error) => {
	console.error(explain(error));
	process.exitCode = 1;
	if (server.listening) close();
});

server.listen(port, HOST, () => {
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, close);
	const address = server.address();
	console.log(`server bound: ${address.address}:${address.port}, driver: ${currentDriver().name}`);
	console.log(`try it: nc ${address.address} ${address.port}   (Ctrl-C here ends the server)`);
	startStatus();
});

/** One line a second, while there is traffic. */
function startStatus() {
	let shown = { ...total };
	setInterval(() => {
		if (total.messages === shown.messages && total.connections === shown.connections) return;
		const megabytes = (total.bytes / 1e6).toFixed(1);
		const rate = total.messages - shown.messages;
		console.log(`${open.size} connections, ${total.messages} messages (+${rate}), ${megabytes} MB`);
		shown = { ...total };
	}, STATUS_MS).unref();
}

/** Stops listening, sends what is on its way, closes all connections; the process ends by itself then. */
function close() {
	if (!server.listening) return;
	server.close(() => console.log(`server closed: ${total.connections} connections, ${total.messages} messages served`));
	for (const connection of open) connection.destroySoon();
}

/** @param {string | undefined} text */
function readPort(text = '8124') {
	const number = Number(text);
	if (/^\d+$/.test(text) && number <= 65535) return number;
	console.error(`PORT must be a number from 0 to 65535, not '${text}'`);
	process.exit(1);
}

/** @param {NodeJS.ErrnoException} error */
function explain(error) {
	if (error.code === 'EADDRINUSE')
		return `${HOST}:${port} is in use: end what listens there, or set PORT to another port`;
	if (error.code === 'EACCES') return `${HOST}:${port} is not allowed to this user: set PORT to 1024 or above`;
	return `cannot serve on ${HOST}:${port}: ${error.message}`;
}
