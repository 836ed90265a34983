/** Between the portable driver and the host's `node:net`: a native handle goes from one socket of the host into another. */
import { errnoOf } from '@net/errors';
import type { Handle } from '../handle.ts';
import { connectionIn, passUnread } from '../host.ts';
import type { HostHandle, HostSocketOptions } from '../host.ts';
import { Socket } from '../host-net.ts';
import { SMALLEST_BUFFER } from './host.ts';

/** @returns the host's socket that the handle goes under. */
export function takeHost(handle: Handle, host: object): Socket | number {
	const source = connectionIn(host);
	if (typeof source === 'number') return source;
	passUnread(host, handle);
	if (host instanceof Socket) letGo(host);
	return socketOf(source, { allowHalfOpen: true, writable: true, ...SMALLEST_BUFFER });
}

/** @param host - the socket under the handle, which is of no use afterwards. */
export function toHostSocket(handle: Handle, host: Socket, options: HostSocketOptions): Socket | number {
	if (handle.outstanding > 0) return errnoOf('EBUSY');
	const source = connectionIn(host);
	if (typeof source === 'number') return source;
	passUnread(host, handle);
	letGo(host);
	return socketOf(source, options);
}

/** Nothing is read before it is asked for. */
function socketOf(handle: HostHandle, options: HostSocketOptions): Socket {
	// A paused connection keeps nothing alive; whoever has the new socket asks for what it wants.
	handle.ref?.();
	// `object`: Node's types know neither its own handles nor `pauseOnCreate`.
	const given: object = { handle, readable: true, pauseOnCreate: true, ...options };
	return new Socket(given);
}

/** Takes the handle out of a socket of the host, as Node does when it sends one to another process; it then closes alone. */
function letGo(host: Socket): void {
	Reflect.set(host, '_handle', null);
	host.destroy();
}
