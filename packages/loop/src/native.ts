/**
 * The native driver: the Rust loop seen from JavaScript. Down go submission records and an arena with the bytes of small
 * writes, up come completion records and receive buffers.
 */
import { constants } from 'node:os';

import { loadBinding } from './binding.ts';
import type { NativeLoop } from './binding.ts';
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
import { Turn } from './turn.ts';

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
		const loop = new binding.NativeLoop(complete, turn, completions, records, arena);
		const driver: NativeDriver = new NativeDriver(loop, memory, binding.NativeLoop.duplicate);
		return driver;
	} catch (error) {
		return String(error);
	}
}

class NativeDriver implements Driver {
	readonly name = 'native';
	readonly turn: Turn;
	readonly #loop: NativeLoop;
	readonly #duplicate: (fd: number) => number;
	/** Open handles and listeners by slot. */
	readonly #handles: (Handle | undefined)[] = [];
	readonly #listeners: (Listener | undefined)[] = [];

	readonly #submissions: Submissions;
	readonly completions: Completions;

	constructor(loop: NativeLoop, memory: Memory, duplicate: (fd: number) => number) {
		this.#loop = loop;
		this.#duplicate = duplicate;
		this.turn = new Turn(
			memory.turn,
			() => this.#submissions.submit(),
			() => this.#submissions.deliver(),
		);
		this.#submissions = new Submissions(loop, memory, this.#handles, this.turn);
		this.completions = new Completions(loop, memory, this.#handles, this.#listeners, this.turn);
	}

	// ── Opening.

	bindTcp(handle: Handle, address: string, port: number, flags: number): number {
		return this.#opened(handle, this.#loop.bindTcp(address, port, flags));
	}

	bindPath(handle: Handle, path: string): number {
		return this.#opened(handle, this.#loop.bindPath(Buffer.from(path)));
	}

	connectTcp(handle: Handle, address: string, port: number): number {
		const bound = handle.slot < 0 ? -1 : idOf(handle);
		const id = this.#loop.connectTcp(bound, address, port);
		return id < 0 || bound >= 0 ? Math.min(id, 0) : this.#opened(handle, id);
	}

	connectPath(handle: Handle, path: string): number {
		const bound = handle.slot < 0 ? -1 : idOf(handle);
		const id = this.#loop.connectPath(bound, Buffer.from(path));
		return id < 0 || bound >= 0 ? Math.min(id, 0) : this.#opened(handle, id);
	}

	adopt(handle: Handle, fd: number): number {
		return this.#opened(handle, this.#loop.adopt(fd));
	}

	adoptHost(handle: Handle, host: Socket | HostHandle): number {
		return adoptHost(handle, host, this.#duplicate);
	}

	toHostSocket(handle: Handle, options: HostSocketOptions): Socket | number {
		return toHostSocket(handle, options, this.#duplicate);
	}

	toHostServer(listener: Listener): Server | number {
		const { host } = listener;
		if (host instanceof Server && host.listening) return host;
		const server = toHostServer(listener, this.#duplicate);
		if (typeof server !== 'number') listener.host = server;
		return server;
	}

	listenTcp(listener: Listener, address: string | undefined, port: number, backlog: number, flags: number): number {
		const all = flags | (listener.paused ? PAUSED : 0);
		let id = this.#loop.listenTcp(address ?? '::', port, backlog, all);
		// Without IPv6 the unspecified address is IPv4's; a port in use is in use on either.
		if (address === undefined && id < 0 && id !== EADDRINUSE) {
			id = this.#loop.listenTcp('0.0.0.0', port, backlog, all);
		}
		return this.#listening(listener, id);
	}

	listenPath(listener: Listener, path: string, backlog: number, flags: number): number {
		const all = flags | (listener.paused ? PAUSED : 0);
		return this.#listening(listener, this.#loop.listenPath(Buffer.from(path), backlog, all));
	}

	listenFd(listener: Listener, fd: number, backlog: number): number {
		return this.#listening(listener, this.#loop.listenFd(fd, backlog, listener.paused ? PAUSED : 0));
	}

	listenBound(listener: Listener, handle: Handle, backlog: number): number {
		if (handle.slot < 0) return EBADF;
		const id = this.#loop.listenBound(idOf(handle), backlog, listener.paused ? PAUSED : 0);
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
		if (!handle.referenced) this.#loop.setReferenced(id, false);
		if (handle.reading) this.setReading(handle, true);
		return 0;
	}

	#listening(listener: Listener, id: number): number {
		if (id < 0) return id;
		listener.slot = id % SLOTS;
		listener.generation = Math.floor(id / SLOTS);
		this.#listeners[listener.slot] = listener;
		if (!listener.referenced) this.#loop.setReferenced(id, false);
		return 0;
	}

	// ── Bytes.

	write(handle: Handle, chunk: Uint8Array | string, encoding: BufferEncoding): number {
		return handle.slot < 0 ? 0 : this.#submissions.write(handle, chunk, encoding);
	}

	backlog(handle: Handle): number {
		return handle.slot < 0 ? 0 : this.#loop.backlog(idOf(handle));
	}

	submit(): void {
		this.#submissions.submit();
	}

	settle(handle: Handle): void {
		this.#submissions.settle(handle);
	}

	setReading(handle: Handle, on: boolean): void {
		if (handle.slot < 0) return;
		const errno = this.#loop.setReading(idOf(handle), on);
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
		const id = this.#loop.closeUnopened();
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
		if (listener.slot >= 0) this.#loop.close(idOf(listener));
		else setImmediate(completeClose, listener);
	}

	// ── Settings and facts.

	setNoDelay(handle: Handle, on: boolean): number {
		return handle.slot < 0 ? EBADF : this.#loop.setNoDelay(idOf(handle), on);
	}

	setKeepAlive(handle: Handle, on: boolean, delay: number, interval: number, count: number): number {
		return handle.slot < 0 ? EBADF : this.#loop.setKeepAlive(idOf(handle), on, delay, interval, count);
	}

	setTypeOfService(handle: Handle, value: number): number {
		return handle.slot < 0 ? EBADF : this.#loop.setTypeOfService(idOf(handle), value);
	}

	typeOfService(handle: Handle): number {
		return handle.slot < 0 ? EBADF : this.#loop.typeOfService(idOf(handle));
	}

	setReferenced(handle: Handle | Listener, on: boolean): void {
		if (handle.slot >= 0) this.#loop.setReferenced(idOf(handle), on);
	}

	fd(handle: Handle | Listener): number {
		return handle.slot < 0 ? -1 : this.#loop.fd(idOf(handle));
	}

	localAddress(handle: Handle | Listener): AddressInfo | string | undefined {
		return handle.slot < 0 ? undefined : (this.#loop.localAddress(idOf(handle)) ?? undefined);
	}

	remoteAddress(handle: Handle): AddressInfo | string | undefined {
		return handle.slot < 0 ? undefined : (this.#loop.remoteAddress(idOf(handle)) ?? undefined);
	}
}

function completeEnd(handle: Handle, errno: number): void {
	handle.completeEnd(errno);
}

function completeClose(closed: Handle | Listener): void {
	closed.completeClose();
}
