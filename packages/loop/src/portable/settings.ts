/** Settings of a connection, by what the host's socket has for them; `undefined` stands for a socket that is not open. */
import type { Socket } from 'node:net';
import { errnoOf } from '@net/errors';
import { errnoOfError } from './errno.ts';

/** What newer hosts have, and older type declarations have not. */
interface NewerSocket {
	setKeepAlive(on: boolean, delayMs: number, intervalMs?: number, count?: number): unknown;
	setTypeOfService?(value: number): unknown;
	getTypeOfService?(): number;
}

export function setNoDelay(host: Socket | undefined, on: boolean): number {
	if (host === undefined) return errnoOf('EBADF');
	host.setNoDelay(on);
	return 0;
}

/** @param delay - seconds, as all of them. */
export function setKeepAlive(
	host: NewerSocket | undefined,
	on: boolean,
	delay: number,
	interval: number,
	count: number,
): number {
	if (host === undefined) return errnoOf('EBADF');
	// Hosts of before interval and count take no notice of them.
	if (interval === 0 && count === 0) host.setKeepAlive(on, delay * 1000);
	else host.setKeepAlive(on, delay * 1000, interval * 1000, count);
	return 0;
}

export function setTypeOfService(host: NewerSocket | undefined, value: number): number {
	if (host === undefined) return errnoOf('EBADF');
	if (host.setTypeOfService === undefined) return errnoOf('ENOSYS');
	try {
		host.setTypeOfService(value);
		return 0;
	} catch (error) {
		return errnoOfError(error, 'EINVAL');
	}
}

export function typeOfService(host: NewerSocket | undefined): number {
	if (host === undefined) return errnoOf('EBADF');
	if (host.getTypeOfService === undefined) return errnoOf('ENOSYS');
	try {
		return host.getTypeOfService();
	} catch (error) {
		return errnoOfError(error, 'EINVAL');
	}
}
