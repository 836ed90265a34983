/** Options of the connection: kept until there is one, told to the kernel when they change. */
import { ERR_INVALID_ARG_TYPE, errnoOf, systemError, validateInt32 } from '@net/errors';
import type { Handle } from '@net/loop';

import type { SocketState } from './state.ts';

/** All that `setKeepAlive` can set; times in milliseconds. */
export interface KeepAliveOptions {
	enable?: boolean;
	initialDelay?: number;
	interval?: number;
	count?: number;
}

export function setNoDelay(state: SocketState, on: boolean): void {
	const changed = state.noDelay !== on;
	if (state.handle !== null && state.pipe) return;
	state.noDelay = on;
	if (state.handle !== null && changed) state.handle.driver.setNoDelay(state.handle, on);
}

export function setKeepAlive(
	state: SocketState,
	enable: boolean | KeepAliveOptions | undefined,
	initialDelay: number | undefined,
	interval: number | undefined,
	count: number | undefined,
): void {
	if (typeof enable === 'object' && enable !== null) {
		setKeepAlive(state, enable.enable, enable.initialDelay, enable.interval, enable.count);
		return;
	}
	const { handle } = state;
	if (handle !== null && state.pipe) return;
	const on = Boolean(enable);
	const delaySeconds = seconds(initialDelay);
	const intervalSeconds = interval === undefined ? undefined : seconds(interval);
	const changed =
		state.keepAliveDelay !== delaySeconds ||
		state.keepAliveInterval !== intervalSeconds ||
		state.keepAliveCount !== count;
	const apply = state.keepAlive !== on || (on && changed);
	state.keepAlive = on;
	state.keepAliveDelay = delaySeconds;
	state.keepAliveInterval = intervalSeconds;
	state.keepAliveCount = count;
	if (handle === null || !apply) return;
	tellKeepAlive(state, handle);
}

/** Gives the kernel what is set. Node takes anything for a number here; what is none counts as 0. */
export function tellKeepAlive(state: SocketState, handle: Handle): void {
	const { keepAlive, keepAliveCount, keepAliveDelay, keepAliveInterval } = state;
	const [delay, interval, count] = [keepAliveDelay, keepAliveInterval, keepAliveCount].map(positive);
	handle.driver.setKeepAlive(handle, keepAlive, delay ?? 0, interval ?? 0, count ?? 0);
}

export function setTypeOfService(state: SocketState, tos: number): void {
	if (Number.isNaN(tos)) throw new ERR_INVALID_ARG_TYPE('tos', 'number', tos);
	validateInt32(tos, 'tos', 0, 255);
	const { handle } = state;
	const changed = state.typeOfService !== tos;
	state.typeOfService = tos;
	if (handle === null || state.pipe || !changed) return;
	const errno = handle.driver.setTypeOfService(handle, tos);
	if (errno < 0 && errno !== errnoOf('ENOSYS')) throw systemError(errno, 'setTypeOfService');
}

export function typeOfService(state: SocketState): number {
	const { handle } = state;
	if (handle === null || state.pipe) return state.typeOfService ?? 0;
	const value = handle.driver.typeOfService(handle);
	// A driver whose host has no such thing: what was set is all that is known.
	if (value === errnoOf('ENOSYS')) return state.typeOfService ?? 0;
	if (value < 0) throw systemError(value, 'getTypeOfService');
	return value;
}

/** Whole seconds; what is no number counts as 0. */
function seconds(milliseconds: number | undefined): number {
	return ~~((milliseconds ?? 0) / 1000);
}

function positive(value: unknown): number {
	return Math.max(~~Number(value), 0);
}
