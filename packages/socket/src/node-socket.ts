/** Sockets for those who take none but Node's own: `child_process`, which sends them to other processes. */
import { once } from 'node:events';
import type { Socket as NodeSocket } from 'node:net';

import { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_SOCKET_CLOSED, systemError } from '@net/errors';
import type { Handle } from '@net/loop';

import { kState } from './state.ts';
import { Socket } from './socket.ts';

/**
 * Moves a connection into a socket of Node's own `node:net`. Waits until it is connected and all that was written has left.
 *
 * The new socket is paused: `resume()` lets it read; what was received and not read is then first. `child.send()` sends
 * the connection and none of these bytes: sockets that are to be sent are best made with `pauseOnConnect`. `socket` closes and
 * emits 'close', the connection stays open. Time limits and other listeners are not moved.
 * @returns (by a promise) an instance of `net.Socket`.
 * @throws (by the promise) ERR_INVALID_ARG_TYPE; ERR_INVALID_ARG_VALUE for a socket with an encoding or `onread`;
 * ERR_SOCKET_CLOSED; what writing or connecting failed with; a system error (`dup EMFILE`), after which `socket` is as it was.
 */
export async function toNodeSocket(socket: Socket): Promise<NodeSocket> {
	if (!(socket instanceof Socket)) throw new ERR_INVALID_ARG_TYPE('socket', 'Socket', socket);
	if (socket.readableEncoding !== null || socket[kState].userBuffer !== undefined) {
		throw new ERR_INVALID_ARG_VALUE('socket', socket, 'must have no encoding and no onread');
	}
	if (socket.connecting) await once(socket, 'connect');
	const handle = handleOf(socket);
	const wasReading = handle.reading;
	do {
		handle.pause();
		await sent(socket);
		// What this wake-up has received, and not delivered yet, goes to the paused handle.
		await new Promise(setImmediate);
	} while (handleOf(socket).reading || handle.outstanding > 0 || socket.writableLength > 0);
	const { allowHalfOpen, writableEnded } = socket;
	const moved = handle.driver.toHostSocket(handle, { allowHalfOpen, writable: !writableEnded });
	if (typeof moved === 'number') {
		if (wasReading) handle.resume();
		throw systemError(moved, 'dup');
	}
	const unread = unreadOf(socket, handle);
	if (unread.length > 0) moved.unshift(unread);
	socket.destroy();
	return moved;
}

function handleOf(socket: Socket): Handle {
	const { handle } = socket[kState];
	if (handle === null) throw new ERR_SOCKET_CLOSED();
	return handle;
}

/** What was written before has left; or the half-close behind it. */
async function sent(socket: Socket): Promise<void> {
	if (!socket.writableEnded) {
		await new Promise<void>((resolve, reject) => {
			socket.write('', (error) => (error ? reject(error) : resolve()));
		});
	} else if (!socket.writableFinished) await once(socket, 'finish');
}

/** What the stream has, then what came while the handle was paused. */
function unreadOf(socket: Socket, handle: Handle): Buffer {
	// They would get what `read` returns as well.
	socket.removeAllListeners('data');
	const chunks: Buffer[] = [];
	for (let chunk = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) chunks.push(chunk);
	// Asked by `read`; nothing was delivered meanwhile.
	handle.pause();
	return Buffer.concat([...chunks, ...handle.takeHeld()]);
}
