/** The `signal` option: the stream destroys itself when it is aborted; attempts to connect stop as well. */
import { addAbortListener } from 'node:events';

import { validateAbortSignal } from '@net/errors';

import type { Socket } from './socket.ts';

export function watchAbort(socket: Socket, signal: AbortSignal): void {
	validateAbortSignal(signal, 'options.signal');
	process.nextTick(listen, signal, socket);
}

function listen(signal: AbortSignal, socket: Socket): void {
	const onAbort = abortLater(new WeakRef(socket));
	if (signal.aborted) onAbort();
	else collected.register(socket, addAbortListener(signal, onAbort));
}

/** A function of its own, that what it makes keeps nothing else alive. */
function abortLater(watched: WeakRef<Socket>): () => void {
	return () => {
		const socket = watched.deref();
		if (socket !== undefined) socket._aborted = true;
	};
}

/**
 * Takes the listener of a socket that is gone off its signal, which may outlive thousands of them. Not at 'close': the socket
 * may connect again.
 */
const collected = new FinalizationRegistry<Disposable>((listener) => listener[Symbol.dispose]());
