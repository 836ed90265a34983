/** A listening socket: hands over accepted handles. */
import type { Server } from 'node:net';
import { errnoOf } from '@net/errors';
import type { AddressInfo, Driver } from './driver.ts';
import { Handle } from './handle.ts';
import type { HostHandle } from './host.ts';
import { HostListening } from './host-listening.ts';

/** What a listener's owner is told; see HandleEvents for the manner. */
export interface ListenerEvents {
	/** The answer to a `listen…` that returned PENDING: 0 or a negative errno. */
	listen: (listener: Listener, errno: number) => void;
	/** A connection came. Set `handle.events` here, or close the handle: without events its bytes are lost. */
	accept: (listener: Listener, handle: Handle) => void;
	/** Accepting failed with this negative errno; the listener goes on. */
	error: (listener: Listener, errno: number) => void;
	/** Closed; nothing follows. */
	close: (listener: Listener) => void;
}

/** A listening socket as drivers know it. For @net/server; programs take `Acceptor`. */
export class Listener {
	/** What listens for it; that of the handles that it accepts. */
	readonly driver: Driver;
	/** Whom to tell; may be replaced at any time. */
	events: ListenerEvents;
	/** The owner's own. */
	context: unknown = undefined;
	/** When true, accepted handles do not read until they are asked to. Set it before listening. */
	readonly paused: boolean;

	/** The native driver's own, as `generation`: which of its listeners this is; -1: none. */
	slot = -1;
	/** Told apart by it are those that had the slot one after another. */
	generation = 0;
	/** The driver's own: a `Server` of the host on the same socket, if there is one. */
	host: unknown = undefined;

	#closed = false;
	#referenced = true;
	/** Where the host listens for us; else the driver does. */
	#hosted: HostListening | undefined = undefined;

	readonly #HandleClass: new (driver: Driver) => Handle;

	/** @param HandleClass - what accepted connections become. */
	constructor(
		driver: Driver,
		events: ListenerEvents,
		paused = false,
		HandleClass: new (driver: Driver) => Handle = Handle,
	) {
		this.driver = driver;
		this.events = events;
		this.paused = paused;
		this.#HandleClass = HandleClass;
	}

	/**
	 * Listens on a handle of the host's own `node:net`, or on what a cluster's primary gave for one: the host accepts, and
	 * what comes is told here. The handle is closed with the listener.
	 * @returns 0 or a negative errno: the handle stays the caller's.
	 */
	listenHost(host: HostHandle, backlog: number): number {
		const hosted = new HostListening(this, host);
		const errno = hosted.listen(backlog);
		if (errno !== 0) return errno;
		this.#hosted = hosted;
		if (!this.#referenced) hosted.setReferenced(false);
		return 0;
	}

	/**
	 * A server of the host that listens on the same socket; see Driver.
	 * @returns the server or a negative errno. ENOTSUP: in a cluster's worker, or where a handle of the host's is listened on.
	 */
	toHostServer(): Server | number {
		return this.#hosted === undefined ? this.driver.toHostServer(this) : errnoOf('ENOTSUP');
	}

	/** Stops accepting, at once; `events.close` follows. The file of a Unix socket is removed. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		if (this.#hosted === undefined) this.driver.closeListener(this);
		else this.#hosted.close();
	}

	/** Keeps the process alive while it listens, as it does from the start. */
	ref(): void {
		this.#reference(true);
	}

	/** Lets the process end while it listens. */
	unref(): void {
		this.#reference(false);
	}

	#reference(on: boolean): void {
		if (this.#referenced === on) return;
		this.#referenced = on;
		if (this.#closed) return;
		if (this.#hosted === undefined) this.driver.setReferenced(this, on);
		else this.#hosted.setReferenced(on);
	}

	/** True from `close` on, not only from the event on. */
	get closed(): boolean {
		return this.#closed;
	}

	/** False between `unref` and `ref`. */
	get referenced(): boolean {
		return this.#referenced;
	}

	/** The file descriptor; -1 when closed or not known. */
	get fd(): number {
		if (this.#closed) return -1;
		return this.#hosted === undefined ? this.driver.fd(this) : this.#hosted.fd;
	}

	/** An AddressInfo on TCP, the path on Unix sockets, undefined when it does not listen. */
	get local(): AddressInfo | string | undefined {
		if (this.#closed) return undefined;
		return this.#hosted === undefined ? this.driver.localAddress(this) : this.#hosted.local;
	}

	// ── What drivers call.

	/** Makes the handle of a connection that was accepted. */
	createHandle(): Handle {
		return new this.#HandleClass(this.driver);
	}

	/** The answer to a `listen…` that returned PENDING. @param errno - 0 or negative. */
	completeListen(errno: number): void {
		if (!this.#closed) this.events.listen(this, errno);
	}

	/** A connection came. @param handle - open, reading unless `paused`. */
	completeAccept(handle: Handle): void {
		if (this.#closed) handle.close();
		else this.events.accept(this, handle);
	}

	/** Accepting failed. @param errno - negative. */
	completeError(errno: number): void {
		if (!this.#closed) this.events.error(this, errno);
	}

	/** It is closed: called once, as the last of these. */
	completeClose(): void {
		this.#closed = true;
		this.events.close(this);
	}
}
