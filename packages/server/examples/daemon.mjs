/**
 * A daemon that is asked over a Unix socket, by its own user alone. Try it:
 *
 *   node examples/daemon.mjs --socket /tmp/example.sock
 *   printf 'status\n' | nc -NU /tmp/example.sock
 *
 * `status` answers with a line of JSON, `ping` with pong. `--mode 660` lets the group in. A socket file that a crash left
 * behind is replaced; one that a daemon listens on is not, nor is any other file. SIGTERM answers what was asked and ends.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createServer } from '@net/server';
import { connect } from '@net/socket';
import { readOptions, refuse } from './options.mjs';

const LINE_LIMIT = 1_000;
const IDLE_MS = 30_000;
/** What a peer gets to read the last answers before its connection is closed. */
const LINGER_MS = 2_000;

const values = readOptions('node examples/daemon.mjs [--socket /tmp/example.sock] [--mode 600]', {
	socket: { type: 'string', default: join(tmpdir(), `example-${userInfo().username}.sock`) },
	mode: { type: 'string', default: '600' },
});
const path = values.socket;
if (!/^[0-7]{3}$/.test(values.mode)) refuse(`--mode is three octal digits, not '${values.mode}'`);
const mode = Number.parseInt(values.mode, 8);
/** @type {Set<import('@net/socket').Socket>} */
const open = new Set();
let served = 0;

const server = createServer((socket) => {
	let line = '';
	open.add(socket);
	socket.setEncoding('utf8');
	socket.setTimeout(IDLE_MS, () => socket.destroy());
	socket.on('data', (text) => {
		// It was told that this is the end.
		if (socket.writableEnded) return;
		const lines = (line + text).split('\n');
		line = lines.pop() ?? '';
		for (const request of lines) socket.write(`${answer(request)}\n`);
		if (line.length > LINE_LIMIT) end(socket, 'error: that line is too long\n');
		else if (socket.writableNeedDrain) socket.pause();
	});
	// Who does not read its answers is asked for no more questions.
	socket.on('drain', () => socket.resume());
	// 'close' follows, however it went.
	socket.on('error', () => {});
	socket.on('close', () => open.delete(socket));
});
server.on('close', () => console.log('closed'));
server.on('error', fail);

await makeRoom();
// The file is made with its mode: there is no moment in which others may connect.
const umask = process.umask(0o777 & ~mode);
server.listen(path, () => {
	console.log(`listening: ${path}`);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
});
process.umask(umask);

/** @param {string} request */
function answer(request) {
	served++;
	if (request === 'ping') return 'pong';
	if (request !== 'status') return 'error: status or ping';
	return JSON.stringify({ pid: process.pid, uptime: Math.round(process.uptime()), open: open.size, served });
}

/** Removes the socket file that nobody listens on any more. */
async function makeRoom() {
	const file = lstatSync(path, { throwIfNoEntry: false });
	if (file === undefined) return;
	if (!file.isSocket()) return fail(new Error(`${path} is there already, and no socket`));
	const error = await new Promise((resolve) => {
		const probe = connect(path, () => {
			probe.destroy();
			resolve(undefined);
		}).on('error', resolve);
	});
	if (error === undefined) fail(new Error(`a daemon listens on ${path} already`));
	else if (error.code === 'ECONNREFUSED') unlinkSync(path);
	else fail(error);
}

/** @param {Error} error @returns {never} */
function fail(error) {
	console.error(error.message);
	process.exit(1);
}

/** Stops listening, which removes the file. What was asked before is answered, then all connections close. */
function stop() {
	server.close();
	for (const socket of open) end(socket);
}

/**
 * @param {import('@net/socket').Socket} socket
 * @param {string} [text]
 */
function end(socket, text = '') {
	socket.end(text).resume();
	setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
