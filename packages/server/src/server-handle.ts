/** `net._createServerHandle`: what a program of before `BoundSocket` binds with, and gives to `server.listen` or a child. */
import net from 'node:net';

import { errnoOf } from '@net/errors';
import type { HostHandle } from '@net/loop';

type CreateServerHandle = (
	address: string | null,
	port: number | null,
	addressType: 4 | 6 | -1 | null,
	fd?: number | null,
	flags?: number,
) => HostHandle | number;

// In no type of `node:net`, and not on every host.
const { _createServerHandle: create } = net as typeof net & { _createServerHandle?: CreateServerHandle };

/**
 * Binds to an address (4, 6), a path (-1) or takes a descriptor. The handle is one of the host's, so that it can also be sent to
 * a child process; what listens on it is accepted by the host.
 * @returns the handle, or a negative errno: ENOSYS on a host that has none.
 */
export function createServerHandle(
	address: string | null,
	port: number | null,
	addressType: 4 | 6 | -1 | null,
	fd: number | null | undefined,
	flags: number | undefined,
): HostHandle | number {
	return create === undefined ? errnoOf('ENOSYS') : create(address, port, addressType, fd, flags);
}
