/** Bun.listen: callbacks over Bun's own loop. It keeps nothing that the kernel does not take, so that is kept here. */
import { COPIES, sourceChunk } from './bytes.mjs';
import { announce, mode, place, size } from './control.mjs';

/**
 * What is used of Bun's sockets; `data` is the program's own.
 * @typedef {object} BunSocket
 * @property {State} data
 * @property {(bytes: Uint8Array | string) => number} write - returns how much the kernel took.
 * @property {() => void} end
 * @property {() => void} pause
 * @property {() => void} resume
 *
 * `rest`: not sent yet; `ended`: end when it is; `left`: bytes that are still to be sent by a source.
 * @typedef {{ rest: Uint8Array[], ended: boolean, received: number, left: number, other: BunSocket | undefined }} State
 */

const { Bun } = /** @type {{ Bun: { listen(options: object): { port?: number } } }} */ (
	/** @type {unknown} this runs on Bun alone */ (globalThis)
);
const chunk = mode === 'source' ? sourceChunk(Number(size)) : Buffer.alloc(0);

/**
 * @param {BunSocket} socket
 * @param {Uint8Array} bytes
 * @returns {boolean} whether all has gone.
 */
function send(socket, bytes) {
	const { rest } = socket.data;
	if (rest.length > 0) return rest.push(bytes) < 0;
	const sent = Math.max(0, socket.write(bytes));
	return sent === bytes.length || rest.push(bytes.subarray(sent)) < 0;
}

/** @param {BunSocket} socket */
function endBehindRest(socket) {
	socket.data.ended = true;
	if (socket.data.rest.length === 0) socket.end();
}

/** @param {BunSocket} socket */
function sendMore(socket) {
	const { data } = socket;
	while (data.left > 0) {
		const part = data.left < chunk.length ? chunk.subarray(0, data.left) : chunk;
		data.left -= part.length;
		if (!send(socket, part)) return;
	}
	endBehindRest(socket);
}

/** @type {BunSocket | undefined} */
let waiting;

/** @type {Record<string, (socket: BunSocket, bytes: Uint8Array) => void>} */
const kinds = {
	echo(socket, bytes) {
		send(socket, bytes);
	},
	pipe(socket, bytes) {
		if (!send(socket, bytes)) socket.pause();
	},
	burst(socket, bytes) {
		for (let i = 0; i < COPIES; i++) send(socket, bytes);
	},
	sink(socket, bytes) {
		socket.data.received += bytes.length;
	},
	source(socket, request) {
		socket.data.left = Number(Buffer.from(request).toString());
		sendMore(socket);
	},
	forward(socket, bytes) {
		const { other } = socket.data;
		if (other !== undefined && !send(other, bytes)) socket.pause();
	},
};

const server = Bun.listen({
	...('path' in place ? { unix: place.path } : { hostname: place.host, port: 0 }),
	allowHalfOpen: true,
	socket: {
		/** @param {BunSocket} socket */
		open(socket) {
			socket.data = { rest: [], ended: false, received: 0, left: 0, other: waiting };
			if (mode !== 'forward') return;
			if (waiting === undefined) socket.pause();
			else {
				waiting.data.other = socket;
				waiting.resume();
			}
			waiting = waiting === undefined ? socket : undefined;
		},
		data: kinds[mode] ?? kinds['echo'],
		/** @param {BunSocket} socket */
		drain(socket) {
			const { data } = socket;
			while (data.rest.length > 0) {
				const [first = Buffer.alloc(0)] = data.rest;
				const sent = Math.max(0, socket.write(first));
				if (sent < first.length) return void (data.rest[0] = first.subarray(sent));
				data.rest.shift();
			}
			if (mode === 'source') return sendMore(socket);
			if (data.ended) return socket.end();
			if (mode === 'pipe') socket.resume();
			return data.other?.resume();
		},
		/** @param {BunSocket} socket */
		end(socket) {
			if (mode === 'sink') socket.write(String(socket.data.received));
			if (mode === 'source') return;
			endBehindRest(mode === 'forward' ? (socket.data.other ?? socket) : socket);
		},
		error() {},
	},
});
announce(server.port ?? 0);
