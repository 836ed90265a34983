/** The idle timeout: one unreferenced timer a socket, started anew by every read and write as Node does. */
// Taken at load: test frameworks replace the global ones, and time on the wire does not stop for them.
import timers from 'node:timers';

import { validateFunction, validateTimeout } from '@net/errors';

import { Waiting, kState } from './state.ts';
import type { SocketState } from './state.ts';
import type { Socket } from './socket.ts';

const { clearTimeout, setTimeout } = timers;

export function setIdleTimeout(socket: Socket, timeout: number, callback: (() => void) | undefined): void {
	if (socket.destroyed) return;
	socket.timeout = timeout;
	const delayMs = timerDuration(timeout);
	const state = socket[kState];
	stopTimer(state);
	if (delayMs === 0) {
		if (callback === undefined) return;
		validateFunction(callback, 'callback');
		socket.removeListener('timeout', callback);
		return;
	}
	state.timer = setTimeout(expire, delayMs, socket).unref();
	if (callback === undefined) return;
	validateFunction(callback, 'callback');
	socket.once('timeout', callback);
}

/** Something happened on the socket: the time runs from now. Those that it carries for (`_parent`) live on as well. */
export function touch(socket: Socket): void {
	socket[kState].timer?.refresh();
	if (socket._parent != null) touchParents(socket._parent);
}

/** Stops the timers of the socket and of those that it carries. */
export function stopTimers(socket: Socket): void {
	for (let each: unknown = socket; isLinked(each); each = each._parent) {
		const state = each[kState];
		if (state !== undefined) stopTimer(state);
	}
}

/** The timer ran out: 'timeout', unless a write that is under way made progress meanwhile. */
export function expired(socket: Socket): void {
	const state = socket[kState];
	const backlog = state.handle?.backlog ?? 0;
	if (backlog > 0 && backlog !== (state.waiting?.lastBacklog ?? 0)) {
		(state.waiting ??= new Waiting()).lastBacklog = backlog;
		socket._unrefTimer();
		return;
	}
	socket.emit('timeout');
}

/** A socket, or what stands in a `_parent`: other code may put anything there. */
interface Linked {
	readonly [kState]?: SocketState;
	readonly _parent?: unknown;
}

function isLinked(value: unknown): value is Linked {
	return typeof value === 'object' && value !== null;
}

function touchParents(parent: unknown): void {
	for (let each = parent; isLinked(each); each = each._parent) each[kState]?.timer?.refresh();
}

function expire(socket: Socket): void {
	socket._onTimeout();
}

function stopTimer(state: SocketState): void {
	if (state.timer === undefined) return;
	clearTimeout(state.timer);
	state.timer = undefined;
}

function timerDuration(timeout: number): number {
	validateTimeout(timeout, 'msecs');
	if (timeout <= LONGEST_MS) return timeout;
	process.emitWarning(
		`${timeout} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${LONGEST_MS}.`,
		'TimeoutOverflowWarning',
	);
	return LONGEST_MS;
}

/** The longest a Node timer waits, in milliseconds. */
const LONGEST_MS = 2_147_483_647;
