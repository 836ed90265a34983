/** The `signal` option: the stream destroys itself when it is aborted; attempts to connect stop as well. */
import { addAbortListener } from 'node:events';

import { validateAbortSignal } from '@net/errors';

import type { Socket } from './socket.ts';

export function watchAbort(socket: Socket, signal: AbortSignal): void {
	validateAbortSignal(signal, 'options.signal');
	const onAbort = (): void => {
		socket._aborted = true;
	};
	if (signal.aborted) process.nextTick(onAbort);
	else process.nextTick(() => addAbortListener(signal, onAbort));
}
