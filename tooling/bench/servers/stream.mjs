/** What a server of streams does with a connection; the same code for node:net, wherever it runs, and for ours. */
import { COPIES, sourceChunk } from './bytes.mjs';
import { mode, size } from './control.mjs';

/** @typedef {import('node:stream').Duplex & { setNoDelay(on: boolean): unknown }} Socket */

/** @param {Socket} socket */
export function serveSocket(socket) {
	socket.on('error', () => socket.destroy());
	(kinds[mode] ?? echo)(socket);
}

/** @param {Socket} socket */
function echo(socket) {
	socket.on('data', (chunk) => socket.write(chunk));
}

/** @type {Record<string, (socket: Socket) => void>} */
const kinds = {
	pipe(socket) {
		socket.pipe(socket);
	},
	burst(socket) {
		// Or the second of them waits 40 ms for the peer's delayed acknowledgement (RFC 896).
		socket.setNoDelay(true);
		socket.on('data', (chunk) => {
			for (let i = 0; i < COPIES; i++) socket.write(chunk);
		});
	},
	sink(socket) {
		let received = 0;
		socket.on('data', (chunk) => (received += chunk.length));
		socket.on('end', () => socket.end(String(received)));
	},
	source(socket) {
		const chunk = sourceChunk(Number(size));
		socket.once('data', (request) => {
			let left = Number(request);
			const send = () => {
				while (left > 0) {
					const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
					left -= part.length;
					if (!socket.write(part)) return socket.once('drain', send);
				}
				return socket.end();
			};
			send();
		});
	},
	forward(socket) {
		const other = waiting;
		waiting = other === undefined ? socket : undefined;
		if (other !== undefined) other.pipe(socket).pipe(other);
	},
};

/** The connection that was accepted and has no other one yet. @type {Socket | undefined} */
let waiting;
