/**
 * The native driver: the Rust loop seen from JavaScript. Down go submission records and an arena with the bytes of small
 * writes, up come completion records and receive buffers.
 */
import { constants } from 'node:os';

import { loadBinding } from './binding.ts';
import type { Binding } from './binding.ts';
import type { AddressInfo, Driver } from './driver.ts';
import type { Handle } from './handle.ts';
import type { HostHandle, HostSocketOptions } from './host.ts';
import { Server } from './host-net.ts';
import type { Socket } from './host-net.ts';
import type { Listener } from './listener.ts';
import { Completions } from './native/completions.ts';
import { adoptHost, toHostServer, toHostSocket } from './native/host.ts';
import { Memory } from './native/memory.ts';
import { CLOSE, PAUSED, RESET, SLOTS, idOf } from './native/records.ts';
import { Submissions } from './native/submissions.ts';
import { isForbidden } from './permission.ts';
import { Turn } from './turn.ts';

const EACCES = -constants.errno.EACCES;
const EBADF = -constants.errno.EBADF;
const EADDRINUSE = -constants.errno.EADDRINUSE;

/** @returns the driver, or why there is none. */
export function createNativeDriver(): Driver | string {
	if (process.platform !== 'linux') return `${process.platform} has no native driver`;
	// They take addons, but bring no libuv, or one that is not there when it is called.
	if ('bun' in process.versions || 'deno' in process.versions) return 'this is not Node';
	const binding = loadBinding();
	if (typeof binding === 'string') return binding;
	try {
		const complete = (): void => driver.completions.run();
		const memory = new Memory();
		const { turn, completions, records, arena } = memory;
		const loop = binding.start(complete, turn, completions, records, arena);
		const driver: NativeDriver = new NativeDriver(binding, loop, memory);
		return driver;
	} catch (error) {
		return String(error);
	}
}

class NativeDriver implements Driver {
	readonly name = 'native';
	readonly turn: Turn;
	readonly #native: Binding;
	readonly #loop: number;
	/** Open handles and listeners by slot. */
	readonly #handles: (Handle | undefined)[] = [];
	readonly #listeners: (Listener | undefined)[] = [];

	readonly #submissions: Submissions;
	readonly completions: Completions;

	constructor(native: Binding, loop: number, memory: Memory) {
		this.#native = native;
		this.#loop = loop;
		this.turn = new Turn(
			memory.turn,
			() => this.#submissions.submit(),
			() => this.#submissions.deliver(),
		);
		this.#submissions = new Submissions(native, loop, memory, this.#handles, this.turn);
		this.completions = new Completions(native, loop, memory, this.#handles, this.#listeners, this.turn);
	}

	// ── Opening.

	bindTcp(handle: Handle, address: string, port: number, flags: number): number {
		if (isForbidden()) return EACCES;
		return this.#opened(handle, this.#native.bindTcp(this.#loop, address, port, flags));
	}

	bindPath(handle: Handle, path: string): number {
		if (isForbidden()) return EACCES;
		return this.#opened(handle, this.#native.bindPath(this.#loop, Buffer.from(path)));
	}

	connectTcp(handle: Handle, address: string, port: number): number {
		if (isForbidden()) return EACCES;
		const bound = handle.slot < 0 ? -1 : idOf(handle);
		const id = this.#native.connectTcp(this.#loop, bound, address, port);
		return id < 0 || bound >= 0 ? Math.min(id, 0) : this.#opened(handle, id);
	}

	connectPath(handle: Handle, path: string): number {
		if (isForbidden()) return EACCES;
		const bound = handle.slot < 0 ? -1 : idOf(handle);
		const id = this.#native.connectPath(this.#loop, bound, Buffer.from(path));
		return id < 0 || bound >= 0 ? Math.min(id, 0) : this.#opened(handle, id);
	}

	adopt(handle: Handle, fd: number): number {
		return this.#opened(handle, this.#native.adopt(this.#loop, fd));
	}

	adoptHost(handle: Handle, host: Socket | HostHandle): number {
		return adoptHost(handle, host, this.#native.duplicate);
	}

	toHostSocket(handle: Handle, options: HostSocketOptions): Socket | number {
		return toHostSocket(handle, options, this.#native.duplicate);
	}

	toHostServer(listener: Listener): Server | number {
		const { host } = listener;
		if (host instanceof Server && host.listening) return host;
		const server = toHostServer(listener, this.#native.duplicate);
		if (typeof server !== 'number') listener.host = server;
		return server;
	}

	listenTcp(listener: Listener, address: string | undefined, port: number, backlog: number, flags: number): number {
		if (isForbidden()) return EACCES;
		const all = flags | (listener.paused ? PAUSED : 0);
		let id = this.#native.listenTcp(this.#loop, address ?? '::', port, backlog, all);
		// Without IPv6 the unspecified address is IPv4's; a port in use is in use on either.
		if (address === undefined && id < 0 && id !== EADDRINUSE) {
			id = this.#native.listenTcp(this.#loop, '0.0.0.0', port, backlog, all);
		}
		return this.#listening(listener, id);
	}

	listenPath(listener: Listener, path: string, backlog: number, flags: number): number {
		if (isForbidden()) return EACCES;
		const all = flags | (listener.paused ? PAUSED : 0);
		return this.#listening(listener, this.#native.listenPath(this.#loop, Buffer.from(path), backlog, all));
	}

	listenFd(listener: Listener, fd: number, backlog: number): number {
		return this.#listening(listener, this.#native.listenFd(this.#loop, fd, backlog, listener.paused ? PAUSED : 0));
	}

	listenBound(listener: Listener, handle: Handle, backlog: number): number {
		if (handle.slot < 0) return EBADF;
		const id = this.#native.listenBound(this.#loop, idOf(handle), backlog, listener.paused ? PAUSED : 0);
		if (id < 0) return id;
		this.#handles[handle.slot] = undefined;
		handle.slot = -1;
		return this.#listening(listener, id);
	}

	#opened(handle: Handle, id: number): number {
		if (id < 0) return id;
		handle.slot = id % SLOTS;
		handle.generation = Math.floor(id / SLOTS);
		this.#handles[handle.slot] = handle;
		if (!handle.referenced) this.#native.setReferenced(this.#loop, id, false);
		if (handle.reading) this.setReading(handle, true);
		return 0;
	}

	#listening(listener: Listener, id: number): number {
		if (id < 0) return id;
		listener.slot = id % SLOTS;
		listener.generation = Math.floor(id / SLOTS);
		this.#listeners[listener.slot] = listener;
		if (!listener.referenced) this.#native.setReferenced(this.#loop, id, false);
		return 0;
	}

	// ── Bytes.

	write(handle: Handle, chunk: Uint8Array | string, encoding: BufferEncoding): number {
		return handle.slot < 0 ? 0 : this.#submissions.write(handle, chunk, encoding);
	}

	backlog(handle: Handle): number {
		return handle.slot < 0 ? 0 : this.#submissions.backlog(handle);
	}

	submit(): void {
		this.#submissions.submit();
	}

	settle(handle: Handle): void {
		this.#submissions.settle(handle);
	}

	setReading(handle: Handle, on: boolean): void {
		if (handle.slot < 0) return;
		const errno = this.#native.setReading(this.#loop, idOf(handle), on);
		// Out of memory or of places in epoll: nothing will ever come.
		if (on && errno < 0) process.nextTick(completeEnd, handle, errno);
	}

	shutdown(handle: Handle): boolean {
		if (handle.slot < 0) return false;
		this.#submissions.shutdown(handle);
		return true;
	}

	close(handle: Handle): void {
		if (handle.slot >= 0) this.#submissions.close(handle, CLOSE);
		else this.#closeUnopened(handle);
	}

	reset(handle: Handle): void {
		if (handle.slot >= 0) this.#submissions.close(handle, RESET);
		else this.#closeUnopened(handle);
	}

	/** It is told in the closing phase like any other: after the immediates of whoever heard of an error before. */
	#closeUnopened(handle: Handle): void {
		const id = this.#native.closeUnopened(this.#loop);
		if (id < 0) {
			setImmediate(completeClose, handle);
			return;
		}
		handle.slot = id % SLOTS;
		handle.generation = Math.floor(id / SLOTS);
		this.#handles[handle.slot] = handle;
	}

	closeListener(listener: Listener): void {
		if (listener.host instanceof Server && listener.host.listening) listener.host.close();
		if (listener.slot >= 0) this.#native.close(this.#loop, idOf(listener));
		else setImmediate(completeClose, listener);
	}

	// ── Settings and facts.

	setNoDelay(handle: Handle, on: boolean): number {
		return handle.slot < 0 ? EBADF : this.#native.setNoDelay(this.#loop, idOf(handle), on);
	}

	setKeepAlive(handle: Handle, on: boolean, delay: number, interval: number, count: number): number {
		return handle.slot < 0 ? EBADF : this.#native.setKeepAlive(this.#loop, idOf(handle), on, delay, interval, count);
	}

	setTypeOfService(handle: Handle, value: number): number {
		return handle.slot < 0 ? EBADF : this.#native.setTypeOfService(this.#loop, idOf(handle), value);
	}

	typeOfService(handle: Handle): number {
		return handle.slot < 0 ? EBADF : this.#native.typeOfService(this.#loop, idOf(handle));
	}

	setReferenced(handle: Handle | Listener, on: boolean): void {
		if (handle.slot >= 0) this.#native.setReferenced(this.#loop, idOf(handle), on);
	}

	fd(handle: Handle | Listener): number {
		return handle.slot < 0 ? -1 : this.#native.fd(this.#loop, idOf(handle));
	}

	localAddress(handle: Handle | Listener): AddressInfo | string | undefined {
		return handle.slot < 0 ? undefined : (this.#native.localAddress(this.#loop, idOf(handle)) ?? undefined);
	}

	remoteAddress(handle: Handle): AddressInfo | string | undefined {
		return handle.slot < 0 ? undefined : (this.#native.remoteAddress(this.#loop, idOf(handle)) ?? undefined);
	}
}

function completeEnd(handle: Handle, errno: number): void {
	handle.completeEnd(errno);
}

function completeClose(closed: Handle | Listener): void {
	closed.completeClose();
}
