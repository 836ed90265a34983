/** Between the native loop and the host's `node:net`: by a second descriptor of the same open file, never by a shared one. */
import { closeSync } from 'node:fs';
import { errnoOf } from '@net/errors';
import type { Handle } from '../handle.ts';
import { connectionIn, isClusterWorker, passUnread } from '../host.ts';
import type { HostSocketOptions } from '../host.ts';
import { acceptHost } from '../host-listening.ts';
import { Server, Socket } from '../host-net.ts';
import type { Listener } from '../listener.ts';

/** @param duplicate - the addon's: a descriptor of the caller's own, or a negative errno. */
export function adoptHost(handle: Handle, host: object, duplicate: (fd: number) => number): number {
	const source = connectionIn(host);
	if (typeof source === 'number') return source;
	const fd = duplicate(typeof source.fd === 'number' ? source.fd : -1);
	if (fd < 0) return fd;
	const errno = handle.driver.adopt(handle, fd);
	if (errno < 0) {
		closeSync(fd);
		return errno;
	}
	passUnread(host, handle);
	// The connection stays open: to close one of two descriptors of a socket shuts nothing down.
	if (host instanceof Socket) host.destroy();
	else source.close();
	return 0;
}

export function toHostSocket(
	handle: Handle,
	options: HostSocketOptions,
	duplicate: (fd: number) => number,
): Socket | number {
	if (handle.outstanding > 0 || handle.backlog > 0) return errnoOf('EBUSY');
	const fd = duplicate(handle.fd);
	if (fd < 0) return fd;
	try {
		// `object`: Node's types do not know `pauseOnCreate`. Nothing is read before it is asked for.
		const given: object = { fd, readable: true, pauseOnCreate: true, ...options };
		return new Socket(given);
	} catch {
		// It refuses descriptors of other kinds, and then leaves them as they are.
		closeSync(fd);
		return errnoOf('EINVAL');
	}
}

export function toHostServer(listener: Listener, duplicate: (fd: number) => number): Server | number {
	// There, a descriptor's number would be sent to the primary, where it is of something else.
	if (isClusterWorker()) return errnoOf('ENOTSUP');
	const fd = duplicate(listener.fd);
	if (fd < 0) return fd;
	const server = new Server({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => acceptHost(listener, socket));
	server.on('error', () => {});
	server.listen({ fd });
	// What failed to listen has closed the descriptor.
	if (!server.listening) return errnoOf('EINVAL');
	server.unref();
	return server;
}
