/**
 * The async context of a socket's events. Node's handles are async resources: their events see the AsyncLocalStorage stores
 * that were current when the handle was made, and `async_hooks` sees a resource of type TCPWRAP or PIPEWRAP. Ours are plain
 * objects, so each has an AsyncResource beside it. All that is about this cost is in this file.
 */
import { AsyncResource } from 'node:async_hooks';

import type { SocketState } from './state.ts';

/** Remembers the current context as the one of the state's handle. */
export function keepScope(state: SocketState): void {
	state.resource = new AsyncResource(state.pipe ? 'PIPEWRAP' : 'TCPWRAP');
}

/** Runs `event` in the context of the state's handle. */
export function inScope<T>(state: SocketState, event: (state: SocketState, value: T) => void, value: T): void {
	if (state.resource === undefined) event(state, value);
	else state.resource.runInAsyncScope(event, undefined, state, value);
}
