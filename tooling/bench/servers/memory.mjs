/** What Node's http takes where nothing carries it: requests come from memory, answers are counted and dropped. */
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { announce, answerTo } from './control.mjs';
import { webServer } from './web.mjs';

const CONNECTIONS = 50;
/** As wrk asks. */
const request = Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1:12345\r\n\r\n');

let written = 0;

class Connection extends Duplex {
	constructor() {
		// As sockets have it: texts are not made into buffers on their way.
		super({ decodeStrings: false });
	}
	/** Requests come unasked. @override */
	_read() {}
	/** http writes texts, of one byte a character here. @override @type {Duplex['_write']} */
	_write(chunk, _encoding, done) {
		written += chunk.length;
		done();
	}
}

const server = webServer();
const connections = Array.from({ length: CONNECTIONS }, () => new Connection());
for (const connection of connections) server.emit('connection', connection);
const ask = (/** @type {Connection} */ connection) => connection.push(request);

/** Turns in which each connection asks once, as if all were readable at once. */
answerTo('work', async (seconds) => {
	// In the first turn ever they begin to flow; all turns behind it are answered whole.
	await turn();
	const end = performance.now() + Number(seconds) * 1000;
	const length = await turn();
	let units = CONNECTIONS;
	for (; performance.now() < end; units += CONNECTIONS) if ((await turn()) !== length) return { wrong: true };
	return { units, wrong: length === 0 };
});
announce(0);

/** @returns {Promise<number>} the characters that were answered. */
async function turn() {
	const before = written;
	// Each in a callback of its own, as a driver hands them on.
	for (const connection of connections) setImmediate(ask, connection);
	await nextTurn();
	return written - before;
}
