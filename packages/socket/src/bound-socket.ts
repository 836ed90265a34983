/** `net.BoundSocket`: a socket that has its address already and neither listens nor connects yet. */
import { AsyncResource } from 'node:async_hooks';

import {
	ERR_INVALID_ARG_VALUE,
	ERR_SOCKET_HANDLE_ADOPTED,
	connectError,
	errnoOf,
	systemError,
	validateBoolean,
	validateObject,
	validatePort,
	validateString,
} from '@net/errors';
import { isIP } from '@net/ip';
import { Handle, IPV6_ONLY, REUSE_PORT, currentDriver } from '@net/loop';
import type { AddressInfo } from '@net/loop';

/** Options of `new BoundSocket()`. */
export interface BoundSocketOptions {
	/** An address in numbers, names are not resolved. Default: `0.0.0.0`; `::` with `ipv6Only`. */
	host?: string | null | undefined;
	/** Default: 0, any free one. */
	port?: number | string | null | undefined;
	/** Of IPv6: not for IPv4 as well. Default: false. */
	ipv6Only?: boolean | null | undefined;
	/** Lets others bind the same address and port. Default: false. */
	reusePort?: boolean | null | undefined;
	/** A Unix socket's path, and none of the above; `\0name` is one of Linux' abstract space. */
	path?: string | undefined;
}

/**
 * Takes the handle out: for `new Socket({ handle })` and `server.listen()`. Its context is the AsyncResource of where it was bound.
 * @throws ERR_SOCKET_HANDLE_ADOPTED the second time.
 */
export let takeBound: (bound: BoundSocket) => Handle;

/**
 * Binds at once, in the constructor; `server.listen(bound)` or `new Socket({ handle: bound })` takes it over, once. One that
 * nobody takes over has to be closed. It cannot be sent to another thread. Node: net.BoundSocket (v26.4.0).
 */
export class BoundSocket {
	#handle: Handle | null = null;
	readonly #address: AddressInfo | string;

	static {
		takeBound = (bound) => {
			const handle = bound.#open();
			bound.#handle = null;
			return handle;
		};
	}

	/**
	 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_SOCKET_BAD_PORT; the system's error of `bind`: EADDRINUSE,
	 *   EADDRNOTAVAIL, EACCES …; ENOSYS on a host that can bind only when it connects or listens.
	 */
	constructor(options: BoundSocketOptions = {}) {
		validateObject(options, 'options');
		const handle = new Handle(currentDriver());
		if (options.path === undefined) bindTcp(handle, options);
		else bindPath(handle, options, options.path);
		// What a driver can bind, it can name.
		this.#address = options.path ?? handle.local ?? '';
		handle.context = new AsyncResource(this.isPipe ? 'PIPEWRAP' : 'TCPWRAP');
		this.#handle = handle;
	}

	/** `{ address, family, port }`, or the path. @throws ERR_SOCKET_HANDLE_ADOPTED when it was taken over or closed. */
	address(): AddressInfo | string {
		this.#open();
		return this.#address;
	}

	/** The descriptor, still this object's; -1 where the host does not say. @throws ERR_SOCKET_HANDLE_ADOPTED */
	fd(): number {
		return this.#open().fd;
	}

	/** Gives it up. @throws ERR_SOCKET_HANDLE_ADOPTED */
	close(): void {
		const handle = this.#open();
		this.#handle = null;
		closeNow(handle);
	}

	/** As `close`; does nothing when there is nothing to close. */
	[Symbol.dispose](): void {
		if (this.#handle !== null) this.close();
	}

	/** Whether it is bound to a path. */
	get isPipe(): boolean {
		return typeof this.#address === 'string';
	}

	#open(): Handle {
		if (this.#handle === null) throw new ERR_SOCKET_HANDLE_ADOPTED();
		return this.#handle;
	}
}

function bindTcp(handle: Handle, options: BoundSocketOptions): void {
	const port = validatePort(options.port ?? 0, 'options.port');
	const ipv6Only = options.ipv6Only ?? false;
	validateBoolean(ipv6Only, 'options.ipv6Only');
	const reusePort = options.reusePort ?? false;
	validateBoolean(reusePort, 'options.reusePort');
	const host = options.host ?? (ipv6Only ? '::' : '0.0.0.0');
	validateString(host, 'options.host');
	if (isIP(host) === 0) {
		const reason = 'must be a numeric IP address; net.BoundSocket does not perform DNS resolution';
		throw new ERR_INVALID_ARG_VALUE('options.host', host, reason);
	}
	const flags = (ipv6Only ? IPV6_ONLY : 0) | (reusePort ? REUSE_PORT : 0);
	const errno = handle.driver.bindTcp(handle, host, port, flags) || unnamed(handle);
	if (errno < 0) {
		closeNow(handle);
		throw connectError(errno, 'bind', host, port);
	}
}

function bindPath(handle: Handle, options: BoundSocketOptions, path: string): void {
	const { host, port, ipv6Only, reusePort } = options;
	if ([host, port, ipv6Only, reusePort].some((value) => value !== undefined)) {
		const reason = 'path is mutually exclusive with host, port, ipv6Only, and reusePort';
		throw new ERR_INVALID_ARG_VALUE('options', options, reason);
	}
	validateString(path, 'options.path');
	if (path.startsWith('\0') && process.platform !== 'linux') {
		throw new ERR_INVALID_ARG_VALUE('options.path', path, 'abstract socket paths are only supported on Linux');
	}
	const errno = handle.driver.bindPath(handle, path);
	if (errno < 0) {
		closeNow(handle);
		throw systemError(errno, 'bind');
	}
}

/** Whoever closes it may bind the same address next. */
function closeNow(handle: Handle): void {
	handle.close();
	handle.driver.submit();
}

/** A driver whose host cannot bind yet answers 0, and has no address. */
function unnamed(handle: Handle): number {
	return handle.local === undefined ? errnoOf('ENOSYS') : 0;
}
