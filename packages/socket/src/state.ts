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

/** What a BoundSocket gave. */
export interface Adopted {
	readonly path: string | undefined;
	/** `connect()` was not called yet. */
	bound: boolean;
}

/** What waits for the kernel to take what was written, or was refused. */
export class Waiting {
	/** The write that Writable waits for, because too much is unsent. */
	held: Answer | undefined = undefined;
	/** Callbacks of writes that the handle has, and the kernel has not answered. */
	answers: Answer[] | undefined = undefined;
	/** Why the kernel refused a write: callbacks that come later get it as well. */
	error: Error | undefined = undefined;
	/** How much of the handle's `unsent` was handed to the kernel ahead of the turn's end. */
	submitted = 0;
	/** What the kernel had not taken when the idle time ran out last; see `timeout.ts`. */
	lastBacklog = 0;
}

export class SocketState {
	readonly socket: Socket;
	handle: Handle | null = null;
	/** A Unix socket or a pipe and not TCP; meaningful while there is a handle. */
	pipe = false;
	/** It has, or had, a BoundSocket's handle: its local end is not to be chosen any more. */
	adopted: Adopted | undefined = undefined;
	/** The async context that the handle was made in: its events run there. */
	resource: AsyncResource = outermost;

	/** The attempt to connect that is under way. */
	attempt: Attempt | undefined = undefined;

	/** Only where somebody waits, or has waited. */
	waiting: Waiting | undefined = undefined;
	/** `_final`'s callback: the half-close is under way. */
	shutdown: Answer | undefined = undefined;
	/** It was asked for. */
	halfClosed = false;

	/** The `onread` option, if it was given. */
	userBuffer: UserBuffer | undefined = undefined;

	timer: NodeJS.Timeout | undefined = undefined;

	#settings: Settings | undefined = undefined;

	/** The handle that was closed, for its counters. */
	last: Handle | undefined = undefined;

	constructor(socket: Socket) {
		this.socket = socket;
	}

	/** Most sockets never have any. */
	get settings(): Settings {
		return (this.#settings ??= new Settings());
	}
}
