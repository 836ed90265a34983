/**
 * A chat: a line is a message to all others. Try it with two terminals or more:
 *
 *   node examples/chat.mjs --port 8124
 *   nc 127.0.0.1 8124
 *
 * The first line is your name; `/who` lists who is there, `/quit` leaves. Nobody can fill this process' memory: lines
 * have a limit, and who does not read is let go.
 */
import { createServer } from '@net/server';
import { readOptions, wholeNumber } from './options.mjs';

const HOST = '127.0.0.1';
const LINE_LIMIT = 1_000;
/** What may wait for a peer that does not read, in bytes. */
const UNSENT_LIMIT = 256 * 1024;
const NAMING_MS = 60_000;
/** What a peer gets to read the last line before its connection is closed. */
const LINGER_MS = 2_000;

const { port } = readOptions('node examples/chat.mjs [--port 8124]', { port: { type: 'string', default: '8124' } });
/** Who is there: sockets by name. @type {Map<string, import('@net/socket').Socket>} */
const members = new Map();
/** Those who have not said their name as well. @type {Set<import('@net/socket').Socket>} */
const open = new Set();

const server = createServer({ noDelay: true }, (socket) => {
	let name = '';
	let line = '';
	open.add(socket);
	socket.setEncoding('utf8');
	const naming = setTimeout(() => leave(socket, 'no name, no chat'), NAMING_MS).unref();
	send(socket, 'your name?');
	socket.on('data', (text) => {
		// It was told to leave.
		if (socket.writableEnded) return;
		const lines = (line + text).split('\n');
		line = lines.pop() ?? '';
		for (const each of lines) {
			if (each.length > LINE_LIMIT) return leave(socket, 'that line is too long');
			hear(clean(each));
			if (socket.writableEnded) return;
		}
		if (line.length > LINE_LIMIT) leave(socket, 'that line is too long');
	});
	// 'close' follows, however it went.
	socket.on('error', () => {});
	socket.on('close', () => {
		clearTimeout(naming);
		open.delete(socket);
		if (name === '') return;
		members.delete(name);
		tell(`* ${name} left`);
	});

	/** @param {string} text */
	function hear(text) {
		if (name === '') return enter(text);
		if (text === '/quit') return leave(socket, 'bye');
		if (text === '/who') return send(socket, `* here: ${[...members.keys()].join(', ')}`);
		if (text !== '') tell(`${name}: ${text}`, socket);
	}

	/** @param {string} wanted */
	function enter(wanted) {
		if (!/^[\p{L}\p{N}_-]{1,20}$/u.test(wanted)) return send(socket, 'letters and digits, 20 at most. Your name?');
		if (members.has(wanted)) return send(socket, `${wanted} is taken. Your name?`);
		name = wanted;
		clearTimeout(naming);
		tell(`* ${name} came`);
		members.set(name, socket);
		send(socket, `welcome, ${name}: ${members.size} here`);
	}
});
server.on('error', (error) => {
	console.error(error.message);
	process.exitCode = 1;
});
server.on('close', () => console.log('closed'));
server.listen(wholeNumber('port', port), HOST, () => {
	console.log(`listening: nc ${HOST} ${server.address().port}`);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
});

/**
 * Sends a line to all members but one. All lines of a turn leave in one system call a member.
 * @param {string} text
 * @param {import('@net/socket').Socket} [except]
 */
function tell(text, except) {
	for (const socket of members.values()) if (socket !== except) send(socket, text);
}

/**
 * @param {import('@net/socket').Socket} socket
 * @param {string} text
 */
function send(socket, text) {
	if (socket.writableLength > UNSENT_LIMIT) socket.destroy();
	else if (socket.writable) socket.write(`${text}\n`);
}

/**
 * Ends a connection with a last line. What the peer still sends is nobody's, and it may not stay for ever.
 * @param {import('@net/socket').Socket} socket
 * @param {string} farewell
 */
function leave(socket, farewell) {
	socket.end(`${farewell}\n`);
	setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Without what moves a terminal's cursor, or rings its bell. @param {string} text */
function clean(text) {
	return text.replace(/\p{Cc}/gu, '');
}

function stop() {
	server.close();
	for (const socket of open) leave(socket, '* the chat closes');
}
