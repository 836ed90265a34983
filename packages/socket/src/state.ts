/**
 * What a socket knows beside what its stream knows: one object under one symbol, so that `util.inspect` and subclasses see
 * Node's own properties and little else. It is also the `context` of the socket's handle: completions find it without a map.
 */
import type { AsyncResource } from 'node:async_hooks';

import type { Handle } from '@net/loop';

import type { Attempt } from './connect/attempts.ts';
import type { UserBuffer } from './onread.ts';
import { outermost } from './scope.ts';
import { Settings } from './settings.ts';
import type { Socket } from './socket.ts';

export const kState: unique symbol = Symbol('net.socket.state');

/** A callback of Writable's: the write, or the half-close, has been answered. */
export type Answer = (error?: Error | null) => void;

export class SocketState {
	readonly socket: Socket;
	handle: Handle | null = null;
	/** A Unix socket or a pipe and not TCP; meaningful while there is a handle. */
	pipe = false;
	/** The handle is a BoundSocket's, and `connect()` was not called yet. */
	bound = false;
	/** It has, or had, a BoundSocket's handle, whose path this is, if any: its local end is not to be chosen any more. */
	adopted: boolean | string = false;
	/** The async context that the handle was made in: its events run there. */
	resource: AsyncResource = outermost;

	/** The attempt to connect that is under way. */
	attempt: Attempt | undefined = undefined;

	/** The write that Writable waits for, because too much is unsent. */
	held: Answer | undefined = undefined;
	/** Callbacks of writes that the handle has, and the kernel has not answered. */
	answers: Answer[] | undefined = undefined;
	/** Why the kernel refused a write: callbacks that come later get it as well. */
	writeError: Error | undefined = undefined;
	/** `_final`'s callback: the half-close is under way. */
	shutdown: Answer | undefined = undefined;
	/** It was asked for. */
	halfClosed = false;
	/** How much of the handle's `unsent` was handed to the kernel ahead of the turn's end. */
	submitted = 0;
	/** What the kernel had not taken when the idle time ran out last; see `timeout.ts`. */
	lastBacklog = 0;

	/** The `onread` option, if it was given. */
	userBuffer: UserBuffer | undefined = undefined;

	timer: NodeJS.Timeout | undefined = undefined;

	#settings: Settings | undefined = undefined;

	/** The counters of the handle that was closed. */
	bytesRead = 0;
	bytesWritten = 0;

	constructor(socket: Socket) {
		this.socket = socket;
	}

	/** Most sockets never have any. */
	get settings(): Settings {
		return (this.#settings ??= new Settings());
	}
}
