/**
 * The async context of a socket's events. Node's handles are async resources, so with AsyncLocalStorage
 * - a client socket's events see the stores of the place where it was told to connect, 'connect' and what fails instead
 *   those of the attempt, which a look-up's answer may have begun elsewhere;
 * - an accepted socket's events see none;
 * - the callbacks of `write` and `end` see those of the call.
 * Our handles are plain objects, and drivers complete them in a context without stores: an AsyncResource goes beside a
 * handle where there is something to remember. All that this costs is in this file.
 */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

import type { Answer, SocketState } from './state.ts';

/** Made at load, in the outermost context. */
export const outermost: AsyncResource = new AsyncResource('NETROOT');

/**
 * Whether a store that is entered in an event stays with the resource of that event, as before Node 24. Then sockets must
 * not share one: what one of them entered would be seen by all.
 */
const storesStick = probe();

/** Remembers the current context as the one of the state's handle. */
export function keepScope(state: SocketState): void {
	state.resource = newResource(state.pipe);
}

/** The handle was made by a server: its events see no stores. */
export function keepNoScope(state: SocketState): void {
	state.resource = storesStick ? outermost.runInAsyncScope(newResource, undefined, state.pipe) : outermost;
}

/** Runs `event` in the context of the state's handle; what it enters there is left at its end. */
export function inScope<T>(state: SocketState, event: (state: SocketState, value: T) => void, value: T): void {
	state.resource.runInAsyncScope(event, undefined, state, value);
}

/** Runs `event` in the context of the attempt that is under way. */
export function inAttemptScope(
	state: SocketState,
	event: (state: SocketState, errno: number) => void,
	errno: number,
): void {
	const resource = state.attempt?.resource;
	if (resource === undefined) event(state, errno);
	else resource.runInAsyncScope(event, undefined, state, errno);
}

/** The answer to what is asked for now will be given in the current context. */
export function keepAnswerScope(answer: Answer, type: 'SHUTDOWNWRAP' | 'WRITEWRAP'): Answer {
	// Not AsyncResource.bind(): on Node 20 that marks each function as deprecated, at a cost beyond all else of a write.
	const resource = new AsyncResource(type);
	return (error) => resource.runInAsyncScope(answer, undefined, error);
}

function newResource(pipe: boolean): AsyncResource {
	return new AsyncResource(pipe ? 'PIPEWRAP' : 'TCPWRAP');
}

function probe(): boolean {
	const storage = new AsyncLocalStorage<boolean>();
	const resource = new AsyncResource('NETPROBE');
	resource.runInAsyncScope(() => storage.enterWith(true));
	const stuck = resource.runInAsyncScope(() => storage.getStore()) === true;
	storage.disable();
	return stuck;
}
