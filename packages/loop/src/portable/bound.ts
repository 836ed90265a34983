/**
 * Binding before there is a peer. Node's public API has it only in its newest releases (`BoundSocket`); all export
 * `_createServerHandle`, which Node's own cluster module binds with. Hosts without it bind when they connect or listen.
 */
import net from 'node:net';
import { errnoOf } from '@net/errors';
import { IPV6_ONLY, REUSE_PORT } from '../driver.ts';
import type { HostHandle } from '../host.ts';
import { Socket } from '../host-net.ts';
import { CONNECTING_OPTIONS } from './host.ts';

type CreateServerHandle = (
	address: string,
	port: number,
	family: 4 | 6 | -1,
	fd?: undefined,
	flags?: number,
) => HostHandle | number;

// It is not in the types of `node:net`, and not on every host.
const { _createServerHandle: create } = net as typeof net & { _createServerHandle?: CreateServerHandle };

/** False: nothing here works. A server of Deno's never accepts on what was bound so. */
export const hostBinds: boolean = typeof create === 'function' && !('deno' in process.versions);

/** @returns what is bound, or a negative errno. */
export function bindTcp(address: string, port: number, flags: number): HostHandle | number {
	if (create === undefined) return errnoOf('ENOSYS');
	if ((flags & REUSE_PORT) !== 0 && !knowsReusePort()) return errnoOf('ENOTSUP');
	// The numbers of these flags are libuv's.
	const bound = create(address, port, address.includes(':') ? 6 : 4, undefined, flags & (IPV6_ONLY | REUSE_PORT));
	if (typeof bound === 'number') return bound;
	// libuv keeps "in use" for the next call.
	const errno = bound.getsockname?.({}) ?? 0;
	if (errno < 0) bound.close();
	return errno < 0 ? errno : bound;
}

export function bindPath(path: string): HostHandle | number {
	return create === undefined ? errnoOf('ENOSYS') : create(path, -1, -1);
}

/** The host's socket over what was bound; it does not read. */
export function socketOver(bound: HostHandle): Socket {
	// `object`: Node's types know neither its own handles nor `manualStart`, which is what child_process uses.
	const options: object = { ...CONNECTING_OPTIONS, handle: bound, manualStart: true };
	const socket = new Socket(options);
	// Before anybody listens for 'data', which would make it read once.
	return socket.pause();
}

/** libuv 1.49. */
function knowsReusePort(): boolean {
	const [major = 0, minor = 0] = (process.versions['uv'] ?? '').split('.').map(Number);
	return major > 1 || (major === 1 && minor >= 49);
}
