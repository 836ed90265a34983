/** From the handle to the readable side. */
import { systemError } from '@net/errors';

import { deliver } from './onread.ts';
import { kState } from './state.ts';
import type { SocketState } from './state.ts';
import { touch } from './timeout.ts';
import type { Socket } from './socket.ts';

/** `_read`: the stream has room. */
export function startReading(socket: Socket): void {
	const { handle } = socket[kState];
	if (handle === null || socket.connecting) {
		socket.once('connect', () => socket._read());
		return;
	}
	if (!handle.reading) resumeHandle(socket[kState]);
}

/** With `onread` the stream's own flow control does nothing: `pause`, `resume` and `read` go to the handle. */
export function startUserReading(socket: Socket): void {
	const state = socket[kState];
	if (state.userBuffer === undefined || socket.connecting || state.handle === null || state.handle.reading) return;
	resumeHandle(state);
}

export function stopUserReading(socket: Socket): void {
	const state = socket[kState];
	if (state.userBuffer !== undefined && !socket.connecting) state.handle?.pause();
}

// ── Completions.

export function onData(state: SocketState, chunk: Buffer): void {
	const { socket } = state;
	touch(socket);
	if (state.userBuffer !== undefined) deliver(state, state.userBuffer, chunk);
	else if (!socket.push(chunk)) state.handle?.pause();
}

export function onEnd(state: SocketState): void {
	const { socket } = state;
	touch(socket);
	if (socket.readableEnded) return;
	socket.push(null);
	socket.read(0);
}

export function onReadError(state: SocketState, errno: number): void {
	touch(state.socket);
	state.socket.destroy(systemError(errno, 'read'));
}

function resumeHandle(state: SocketState): void {
	const rest = state.userBuffer?.rest;
	state.handle?.resume();
	if (state.userBuffer === undefined || rest === undefined) return;
	// Not inside resume() or read(): nothing is ever delivered in the call that asks for it.
	state.userBuffer.rest = undefined;
	process.nextTick(onData, state, rest);
}
