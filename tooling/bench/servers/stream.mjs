/** What a server of streams does with a connection; the same code for node:net and for ours. */
import { mode } from './control.mjs';

/** @param {import('node:stream').Duplex} socket */
export function serveSocket(socket) {
	socket.on('error', () => socket.destroy());
	if (mode === 'pipe') socket.pipe(socket);
	else socket.on('data', (chunk) => socket.write(chunk));
}
