/**
 * The `onread` option: bytes go into a buffer of the user's and to a callback, and not through the stream. 'end', 'error'
 * and 'close' come as usual; a callback that answers false pauses.
 */
import { errnoOf, systemError } from '@net/errors';

import type { SocketState } from './state.ts';

/** Received bytes go into memory of the caller, instead of into chunks of their own: the option `onread`. */
export interface OnReadOptions {
	/**
	 * Where received bytes are put: memory that is used again and again, or a function that is asked for some each time. With
	 * none, or none of any length, the socket fails with ENOBUFS.
	 */
	buffer: Uint8Array | (() => Uint8Array);
	/**
	 * Called for each piece, with the socket as `this`; `bytesWritten` bytes stand at the start of `buffer`.
	 * @returns false to pause.
	 */
	callback: (bytesWritten: number, buffer: Uint8Array) => boolean | void;
}

export interface UserBuffer {
	buffer: Uint8Array | undefined;
	readonly generate: (() => Uint8Array) | undefined;
	readonly callback: OnReadOptions['callback'];
	/** What was received and not told yet when the callback paused, or threw. */
	rest: Buffer | undefined;
	/** Reading is to go on, with `rest`, in a moment. */
	resuming: boolean;
}

/** @returns undefined where the option is not complete: Node ignores it then. */
export function userBuffer(option: unknown): UserBuffer | undefined {
	if (!isOnRead(option)) return undefined;
	const { buffer, callback } = option;
	const made: UserBuffer = { buffer: undefined, generate: undefined, callback, rest: undefined, resuming: false };
	return typeof buffer === 'function' ? { ...made, generate: buffer } : { ...made, buffer };
}

/** Asks for the first buffer; later ones are asked for after each piece. */
export function prepareUserBuffer(user: UserBuffer): void {
	if (user.generate !== undefined) takeNext(user);
}

/** Puts `chunk` into the user's memory, piece after piece. What is left when the user pauses, or throws, is `rest`. */
export function deliver(state: SocketState, user: UserBuffer, chunk: Buffer): void {
	const { handle, socket } = state;
	let rest: Buffer = chunk;
	try {
		while (rest.length > 0 && !socket.destroyed) {
			const target = user.buffer;
			if (target === undefined || target.length === 0) {
				socket.destroy(systemError(errnoOf('ENOBUFS'), 'read'));
				return;
			}
			const size = Math.min(rest.length, target.length);
			target.set(size === rest.length ? rest : rest.subarray(0, size));
			rest = rest.subarray(size);
			const goOn = user.callback.call(socket, size, target) !== false;
			if (user.generate !== undefined) takeNext(user);
			if (goOn && state.handle?.reading !== false) continue;
			state.handle?.pause();
			return;
		}
	} finally {
		if (rest.length > 0 && state.handle === handle) user.rest = rest;
	}
}

function takeNext(user: UserBuffer): void {
	// Not as a method: it is called without a `this`, as Node's is.
	const { generate } = user;
	const next = generate?.();
	if (next instanceof Uint8Array) user.buffer = next;
}

function isOnRead(value: unknown): value is OnReadOptions {
	if (typeof value !== 'object' || value === null || !('buffer' in value) || !('callback' in value)) return false;
	const memory = value.buffer instanceof Uint8Array || typeof value.buffer === 'function';
	return memory && typeof value.callback === 'function';
}
