/** Options of the connection: kept until there is one, told to the kernel when they change. */
import { ERR_INVALID_ARG_TYPE, errnoOf, systemError, validateInt32 } from '@net/errors';
import type { Handle } from '@net/loop';

import type { SocketState } from './state.ts';

/** All that `setKeepAlive` can set; times in milliseconds. */
export interface KeepAliveOptions {
	/** Whether the kernel probes. Default: false. */
	enable?: boolean;
	/** From the last byte that came to the first probe; whole seconds count. Default: 0, as it is. */
	initialDelay?: number;
	/** Between probes; whole seconds count. Default: the system's. */
	interval?: number;
	/** Probes without an answer until the connection is given up. Default: the system's. */
	count?: number;
}

/** What is in effect, or will be. */
export class Settings {
	noDelay = false;
	keepAlive = false;
	/** Seconds. */
	keepAliveDelay = 0;
	keepAliveInterval: number | undefined = undefined;
	keepAliveCount: number | undefined = undefined;
	typeOfService: number | undefined = undefined;
}

export function setNoDelay(state: SocketState, on: boolean): void {
	const { handle, settings } = state;
	const changed = settings.noDelay !== on;
	if (handle !== null && state.pipe) return;
	settings.noDelay = on;
	if (handle !== null && changed) handle.driver.setNoDelay(handle, on);
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
	const { handle, settings } = state;
	if (handle !== null && state.pipe) return;
	const on = Boolean(enable);
	const delaySeconds = seconds(initialDelay);
	const intervalSeconds = interval === undefined ? undefined : seconds(interval);
	const changed =
		settings.keepAliveDelay !== delaySeconds ||
		settings.keepAliveInterval !== intervalSeconds ||
		settings.keepAliveCount !== count;
	const apply = settings.keepAlive !== on || (on && changed);
	settings.keepAlive = on;
	settings.keepAliveDelay = delaySeconds;
	settings.keepAliveInterval = intervalSeconds;
	settings.keepAliveCount = count;
	if (handle !== null && apply) tellKeepAlive(settings, handle);
}

export function setTypeOfService(state: SocketState, tos: number): void {
	if (Number.isNaN(tos)) throw new ERR_INVALID_ARG_TYPE('tos', 'number', tos);
	validateInt32(tos, 'tos', 0, 255);
	const { handle, settings } = state;
	const changed = settings.typeOfService !== tos;
	settings.typeOfService = tos;
	if (handle === null || state.pipe || !changed) return;
	const errno = handle.driver.setTypeOfService(handle, tos);
	if (errno < 0 && !isUnknown(state, errno)) throw systemError(errno, 'setTypeOfService');
}

export function typeOfService(state: SocketState): number {
	const { handle, settings } = state;
	if (handle === null || state.pipe) return settings.typeOfService ?? 0;
	const value = handle.driver.typeOfService(handle);
	// What was set is all that is known.
	if (isUnknown(state, value)) return settings.typeOfService ?? 0;
	if (value < 0) throw systemError(value, 'getTypeOfService');
	return value;
}

/** A driver whose host has no such thing, or not yet: while it connects. */
function isUnknown({ attempt }: SocketState, errno: number): boolean {
	return errno === errnoOf('ENOSYS') || (errno === errnoOf('EBADF') && attempt !== undefined);
}

/** What was set before there was a connection. @returns a negative errno where the last of it failed. */
export function applySettings({ pipe, settings }: SocketState, handle: Handle): number {
	if (pipe) return 0;
	const { driver } = handle;
	if (settings.noDelay) driver.setNoDelay(handle, true);
	if (settings.keepAlive) tellKeepAlive(settings, handle);
	if (settings.typeOfService === undefined) return 0;
	const errno = driver.setTypeOfService(handle, settings.typeOfService);
	// It may be closed again, and a host may have no such thing.
	return errno === errnoOf('EBADF') || errno === errnoOf('ENOSYS') ? 0 : errno;
}

/** Gives the kernel what is set. Node takes anything for a number here; what is none counts as 0. */
function tellKeepAlive(settings: Settings, handle: Handle): void {
	const { keepAlive, keepAliveCount, keepAliveDelay, keepAliveInterval } = settings;
	const [delay, interval, count] = [keepAliveDelay, keepAliveInterval, keepAliveCount].map(positive);
	handle.driver.setKeepAlive(handle, keepAlive, delay ?? 0, interval ?? 0, count ?? 0);
}

/** Whole seconds; what is no number counts as 0. */
function seconds(milliseconds: number | undefined): number {
	return ~~((milliseconds ?? 0) / 1000);
}

function positive(value: unknown): number {
	return typeof value === 'number' ? Math.max(~~value, 0) : 0;
}
