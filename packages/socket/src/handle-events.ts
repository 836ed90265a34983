/** The tables of functions that sockets' handles call: one for all sockets, so that the calls stay monomorphic. */
import type { Handle, HandleEvents } from '@net/loop';
import { noEvents } from '@net/loop';

import type { AsyncResource } from 'node:async_hooks';

import { onCancel, onConnect } from './connect/attempts.ts';
import type { Attempt } from './connect/attempts.ts';
import { onData, onEnd, onReadError } from './read.ts';
import { inAttemptScope, inScope } from './scope.ts';
import type { Answer, SocketState } from './state.ts';
import { cancelWrites, onShutdown, onWritten } from './write.ts';
import type { Socket } from './socket.ts';

/** Of a handle that a socket has. */
export const openEvents: HandleEvents = {
	connect: (handle, errno) => inAttemptScope(stateOf(handle), onConnect, errno),
	data: (handle, chunk) => inScope(stateOf(handle), onData, chunk),
	end: (handle) => inScope(stateOf(handle), onEnd, undefined),
	error: (handle, errno) => inScope(stateOf(handle), onReadError, errno),
	written: (handle, errno) => onWritten(stateOf(handle), errno),
	shutdown: (handle) => inScope(stateOf(handle), onShutdown, undefined),
	close: noEvents.close,
};

/** Of a handle whose socket is destroyed. */
export const closingEvents: HandleEvents = {
	...noEvents,
	close(handle) {
		// Set together with these events, by `destroySocket`.
		const closing = handle.context as Closing;
		closing.resource.runInAsyncScope(onClose, undefined, closing);
	},
};

/** What such a handle still has to tell: the socket may have got a new one by the time that this one is closed. */
export class Closing {
	readonly socket: Socket;
	readonly hadError: boolean;
	readonly resource: AsyncResource;
	readonly answers: Answer[] | undefined;
	readonly held: Answer | undefined;
	/** The attempt to connect that this ends. */
	readonly attempt: Attempt | undefined;

	constructor(state: SocketState, hadError: boolean) {
		this.socket = state.socket;
		this.hadError = hadError;
		this.resource = state.resource;
		this.answers = state.waiting?.answers;
		this.held = state.waiting?.held;
		this.attempt = state.attempt;
	}
}

function onClose(closing: Closing): void {
	try {
		if (closing.attempt !== undefined) onCancel(closing.socket, closing.attempt);
		if (closing.answers !== undefined || closing.held !== undefined) cancelWrites(closing.answers, closing.held);
	} finally {
		closing.socket.emit('close', closing.hadError);
	}
}

function stateOf(handle: Handle): SocketState {
	// Set together with these events, by `takeHandle`.
	return handle.context as SocketState;
}
