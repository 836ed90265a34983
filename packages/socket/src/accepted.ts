/** Sockets that a server accepts: what they have in common is read once, and not for each of them. */
import type { DuplexOptions } from 'node:stream';

import type { Handle } from '@net/loop';

import { takeHandle } from './handle.ts';
import { streamOptions } from './initialize.ts';
import { keepNoScope } from './scope.ts';
import { kState } from './state.ts';
import { Socket } from './socket.ts';
import { writeAfterEnd } from './write.ts';

/** What a server's sockets have in common. */
export interface AcceptanceOptions {
	/** Whether the writable side stays open when the peer ends. */
	allowHalfOpen: boolean;
	/** Nothing is read until `resume()`. */
	pauseOnConnect: boolean;
	/** Of both sides of the stream, in bytes. */
	highWaterMark: number;
	/** Unix sockets or named pipes, and not TCP. */
	pipe: boolean;
}

/** Makes sockets of accepted handles: for servers. */
export class Acceptance {
	/** See {@link AcceptanceOptions.pauseOnConnect}. */
	readonly paused: boolean;
	/** See {@link AcceptanceOptions.pipe}. */
	readonly pipe: boolean;
	/** @internal */
	readonly stream: DuplexOptions;

	constructor(options: AcceptanceOptions) {
		const { allowHalfOpen, highWaterMark, pauseOnConnect, pipe } = options;
		this.paused = pauseOnConnect;
		this.pipe = pipe;
		const marks = { readableHighWaterMark: highWaterMark, writableHighWaterMark: highWaterMark };
		this.stream = streamOptions({ allowHalfOpen, ...marks });
	}

	/** The handle is the socket's from here on; its bytes are delivered. */
	accept(handle: Handle): Socket {
		return new Socket(new Accepted(this, handle) as never);
	}
}

/** What the constructor of Socket gets for an accepted handle. */
export class Accepted {
	readonly acceptance: Acceptance;
	readonly handle: Handle;

	constructor(acceptance: Acceptance, handle: Handle) {
		this.acceptance = acceptance;
		this.handle = handle;
	}
}

/** The second half of the constructor. */
export function attachAccepted(socket: Socket, { acceptance, handle }: Accepted): void {
	const state = socket[kState];
	socket.on('end', onStreamEnd);
	takeHandle(state, handle, acceptance.pipe);
	keepNoScope(state);
	if (acceptance.paused) pauseFromStart(socket, handle);
	else socket.read(0);
}

/** Without `pause()`, which would make 'data' listeners start the flow. */
export function pauseFromStart(socket: Socket, handle: Handle): void {
	handle.pause();
	// A property of its own in Node's types; its setter is what Node uses here.
	Object.assign(socket, { readableFlowing: false });
}

/** The default of half-open: what is written after the peer's end was answered is an error of its own. */
export function onStreamEnd(this: Socket): void {
	if (!this.allowHalfOpen) this.write = writeAfterEnd;
}
