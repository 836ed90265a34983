/**
 * A half-open connection: the client ends its side to say "that was all", and reads on. The server sorts the lines that
 * came until then. Try it:
 *
 *   node examples/half-open.mjs --port 8124
 *   printf 'pear\napple\n' | node examples/half-open.mjs --sort --port 8124
 *   printf 'pear\napple\n' | nc -N 127.0.0.1 8124
 */
import { createServer } from '@net/server';
import { connect } from '@net/socket';
import { readOptions, wholeNumber } from './options.mjs';

const HOST = '127.0.0.1';
const TEXT_LIMIT = 1024 * 1024;
const IDLE_MS = 10_000;

const values = readOptions('node examples/half-open.mjs [--port 8124] [--sort]', {
	port: { type: 'string', default: '8124' },
	sort: { type: 'boolean', default: false },
});
const port = wholeNumber('port', values.port);
if (values.sort) sort(port);
else serve(port);

/** @param {number} port */
function serve(port) {
	// Without allowHalfOpen the socket would end its own side right behind the client's, and be closed.
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		let text = '';
		socket.setEncoding('utf8');
		socket.setTimeout(IDLE_MS, () => socket.destroy());
		socket.on('data', (part) => {
			text += part;
			if (text.length > TEXT_LIMIT) socket.destroy();
		});
		socket.on('end', () => {
			const lines = text.split('\n').filter((line) => line !== '');
			// Whoever lets a connection stay half-open has to end it, too.
			socket.end(
				lines
					.sort()
					.map((line) => `${line}\n`)
					.join(''),
			);
		});
		socket.on('error', () => {});
	});
	server.on('error', fail);
	server.on('close', () => console.log('closed'));
	server.listen(port, HOST, () => {
		console.log(`listening: ${HOST}:${server.address().port}`);
		for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
	});
}

/** Sends what standard input has, ends, and prints the answer. @param {number} port */
function sort(port) {
	const socket = connect(port, HOST);
	socket.on('error', fail);
	// pipe() ends the socket's own side where standard input ends; the other side is open until the server ends it.
	process.stdin.pipe(socket);
	socket.pipe(process.stdout);
}

/** @param {Error} error */
function fail(error) {
	console.error(error.message);
	process.exitCode = 1;
	process.stdin.destroy();
}
