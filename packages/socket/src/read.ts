/** From the handle to the readable side. */
import { Duplex } from 'node:stream';
import timers from 'node:timers';

import { errnoOf, systemError } from '@net/errors';

import { deliver } from './onread.ts';
import type { UserBuffer } from './onread.ts';
import { inScope } from './scope.ts';
import { kState } from './state.ts';
import type { SocketState } from './state.ts';
import { touch } from './timeout.ts';
import type { Socket } from './socket.ts';

const { setImmediate } = timers;
const { push } = Duplex.prototype;

/** `_read`: the stream has room. */
export function startReading(socket: Socket, size: number): void {
	const { handle } = socket[kState];
	if (handle === null || socket.connecting) {
		socket.once('connect', () => socket._read(size));
		return;
	}
	if (!handle.reading) resumeHandle(socket[kState]);
}

/** With `onread` the stream's own flow control does nothing: `pause`, `resume` and `read` go to the handle. */
export function startUserReading(socket: Socket): void {
	const state = socket[kState];
	if (state.userBuffer === undefined || socket.connecting || state.handle === null) return;
	if (!state.handle.reading && !state.userBuffer.resuming) resumeHandle(state);
}

export function stopUserReading(socket: Socket): void {
	const state = socket[kState];
	if (state.userBuffer === undefined || socket.connecting) return;
	state.userBuffer.resuming = false;
	state.handle?.pause();
}

// ── Completions.

export function onData(state: SocketState, chunk: Buffer): void {
	const { socket } = state;
	touch(socket);
	if (state.userBuffer !== undefined) onUserData(state, state.userBuffer, chunk);
	else if (flows(socket)) socket.emit('data', chunk);
	else if (!socket.push(chunk)) state.handle?.pause();
}

/** An exception in the user's functions costs none of the bytes behind it: they come in a moment. */
function onUserData(state: SocketState, user: UserBuffer, chunk: Buffer): void {
	try {
		deliver(state, user, chunk);
	} finally {
		// Something is left though nobody paused.
		if (user.rest !== undefined && state.handle?.reading === true) {
			state.handle.pause();
			resumeHandle(state);
		}
	}
}

/**
 * Whether `push` would only emit the chunk, and then ask for more in a tick of its own, though more comes anyway: that tick
 * costs an echo a tenth of its time. The first chunk is pushed in any case, since by it the stream knows that it was read.
 */
function flows(socket: Socket): boolean {
	return (
		socket.readableFlowing === true &&
		socket.readableLength === 0 &&
		socket.readableDidRead &&
		socket.readableEncoding === null &&
		socket.readable &&
		socket.listenerCount('data') > 0 &&
		socket.push === push
	);
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
	if (state.adopted?.bound === true) {
		state.socket.destroy(systemError(errnoOf('ENOTCONN'), 'read'));
		return;
	}
	const user = state.userBuffer;
	if (user?.rest === undefined) {
		state.handle?.resume();
		return;
	}
	// Not inside resume() or read(): nothing is ever delivered in the call that asks for it.
	user.resuming = true;
	setImmediate(resumeRest, state, user);
}

function resumeRest(state: SocketState, user: UserBuffer): void {
	const { rest } = user;
	if (!user.resuming || rest === undefined || state.handle === null) return;
	user.resuming = false;
	user.rest = undefined;
	state.handle.resume();
	inScope(state, onData, rest);
}
