/**
 * A listener over what the host listens with: a handle of its own that a program hands us, or what a cluster's primary
 * gave to its worker. The host accepts, and each connection comes under a handle of ours. The same for every driver.
 */
import type { Socket } from 'node:net';
import { errnoOf } from '@net/errors';
import type { AddressInfo } from './driver.ts';
import type { Handle } from './handle.ts';
import type { HostAddress, HostHandle } from './host.ts';
import type { Listener } from './listener.ts';
import { raiseLater } from './raise-later.ts';

export class HostListening {
	readonly #listener: Listener;
	readonly #host: HostHandle;

	constructor(listener: Listener, host: HostHandle) {
		this.#listener = listener;
		this.#host = host;
	}

	/** @returns 0 or a negative errno; the handle is the caller's until it listens. */
	listen(backlog: number): number {
		const host = this.#host;
		if (host.listen === undefined) return errnoOf('EINVAL');
		host.onconnection = (errno, client) => {
			if (errno < 0) completeError(this.#listener, errno);
			else acceptHost(this.#listener, client);
		};
		return host.listen(backlog);
	}

	close(): void {
		this.#host.close();
		setImmediate(completeClose, this.#listener);
	}

	setReferenced(on: boolean): void {
		if (on) this.#host.ref?.();
		else this.#host.unref?.();
	}

	get fd(): number {
		return this.#host.fd ?? -1;
	}

	/** Undefined where the host does not say: Unix sockets. */
	get local(): AddressInfo | undefined {
		const out: HostAddress = {};
		if (this.#host.getsockname === undefined || this.#host.getsockname(out) !== 0) return undefined;
		const { address, family, port } = out;
		if (address === undefined || port === undefined) return undefined;
		return { address, family: family === 'IPv6' ? 'IPv6' : 'IPv4', port };
	}
}

/** Hands a connection that the host has accepted to a listener. */
export function acceptHost(listener: Listener, client: HostHandle | Socket): void {
	let handle: Handle;
	try {
		handle = listener.createHandle();
	} catch (error) {
		discard(client);
		return raiseLater(error);
	}
	const errno = listener.driver.adoptHost(handle, client);
	if (errno < 0) {
		discard(client);
		// While there is no descriptor left, who comes is dropped and nothing is told.
		if (errno !== errnoOf('EMFILE') && errno !== errnoOf('ENFILE')) completeError(listener, errno);
		return;
	}
	if (!listener.paused) handle.resume();
	try {
		listener.completeAccept(handle);
	} catch (error) {
		raiseLater(error);
	}
}

function discard(client: HostHandle | Socket): void {
	if ('destroy' in client) client.destroy();
	else client.close();
}

function completeError(listener: Listener, errno: number): void {
	try {
		listener.completeError(errno);
	} catch (error) {
		raiseLater(error);
	}
}

function completeClose(listener: Listener): void {
	listener.completeClose();
}
