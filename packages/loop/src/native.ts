/**
 * The native driver: the Rust loop seen from JavaScript. Down go submission records and an arena with the bytes of small
 * writes, up come completion records and receive buffers.
 */
import { Server } from 'node:net';
import type { Socket } from 'node:net';
import { constants } from 'node:os';

import { loadBinding } from './binding.ts';
import type { NativeLoop } from './binding.ts';
import type { AddressInfo, Driver } from './driver.ts';
import type { Handle } from './handle.ts';
import type { HostHandle, HostSocketOptions } from './host.ts';
import type { Listener } from './listener.ts';
import { adoptHost, toHostServer, toHostSocket } from './native/host.ts';
import {
	ACCEPTED,
	ACCEPT_FAILED,
	CLOSE,
	CLOSED,
	CONNECTED,
	COUNT,
	CURSOR,
	DATA,
	END,
	GENERATION,
	PAUSED,
	RESET,
	SHUT,
	SLOT,
	SLOTS,
	WHOLE,
	WORDS,
	WRITTEN,
} from './native/records.ts';
import { Memory } from './native/memory.ts';
import { Submissions, finishWrites } from './native/submissions.ts';
import { IN_WAKE_UP, TURN_PENDING, Turn } from './turn.ts';

const RECEIVE_BUFFERS = 4;
const RECEIVE_BYTES = 65_536;

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
		const complete = (): void => driver.complete();
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
	readonly #state: Int32Array;
	readonly #completions: Int32Array;
	readonly #receive: Buffer[] = [];

	constructor(loop: NativeLoop, memory: Memory, duplicate: (fd: number) => number) {
		this.#loop = loop;
		this.#duplicate = duplicate;
		this.#completions = memory.completions;
		this.#state = memory.turn;
		for (let i = 0; i < RECEIVE_BUFFERS; i++) this.#renewReceiveBuffer(i);
		this.turn = new Turn(
			this.#state,
			() => this.#submissions.submit(),
			() => this.#submissions.deliver(),
		);
		this.#submissions = new Submissions(loop, memory, this.#handles, this.turn);
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
		else setImmediate(completeClose, handle);
	}

	reset(handle: Handle): void {
		if (handle.slot >= 0) this.#submissions.close(handle, RESET);
		else setImmediate(completeClose, handle);
	}

	closeListener(listener: Listener): void {
		if (listener.host instanceof Server && listener.host.listening) listener.host.close();
		if (listener.slot >= 0) this.#loop.close(idOf(listener));
		else setImmediate(completeClose, listener);
	}

	// ── Completions.

	/**
	 * Runs the completions of a round from CURSOR on, after each what a callback of Node's own would run at its end: ticks and
	 * promise jobs; then ends the turn. Called by Rust in a callback scope; once more when an exception left some behind.
	 */
	complete(): void {
		const state = this.#state;
		const end = state[COUNT] ?? 0;
		for (;;) {
			const cursor = state[CURSOR] ?? 0;
			if (cursor >= end) break;
			// Before it runs: one that throws is done.
			state[CURSOR] = cursor + 1;
			this.#complete(cursor * WORDS);
			// Then the end of the scope does it.
			if (runTicks === undefined) return;
			runTicks();
		}
		state[IN_WAKE_UP] = 0;
		if (state[TURN_PENDING] !== 0) this.turn.end();
	}

	#complete(at: number): void {
		const completions = this.#completions;
		const kind = completions[at];
		const slot = completions[at + SLOT] ?? -1;
		const a = completions[at + 3] ?? 0;
		const b = completions[at + 4] ?? 0;
		if (kind === ACCEPTED || kind === ACCEPT_FAILED) {
			const listener = this.#listeners[slot];
			if (listener === undefined || listener.generation !== completions[at + GENERATION]) return;
			if (kind === ACCEPTED) this.#accept(listener, a, b);
			else listener.completeError(a);
			return;
		}
		if (kind === CLOSED) {
			this.#closed(slot);
			return;
		}
		const handle = this.#handles[slot];
		// Closed while this completion was on its way; the slot may have another tenant already.
		if (handle === undefined || handle.generation !== completions[at + GENERATION]) return;
		switch (kind) {
			case DATA:
				handle.completeRead(this.#take(a, b, completions[at + 5] ?? 0));
				break;
			case END:
				handle.completeEnd(a);
				break;
			case WRITTEN:
				finishWrites(handle, b, a);
				break;
			case SHUT:
				handle.completeShutdown(a);
				break;
			case CONNECTED:
				handle.completeConnect(a);
				break;
			default:
		}
	}

	/** The received bytes as a chunk of the receiver's own: copied, or a whole receive buffer that is replaced. */
	#take(which: number, offset: number, length: number): Buffer {
		if (which >= WHOLE) {
			const index = which - WHOLE;
			const buffer = this.#receive[index];
			if (buffer !== undefined) {
				this.#renewReceiveBuffer(index);
				return buffer.subarray(0, length);
			}
		}
		const chunk = Buffer.allocUnsafe(length);
		this.#receive[which]?.copy(chunk, 0, offset, offset + length);
		return chunk;
	}

	/** Before the old buffer is given away, Rust must have another in its place. */
	#renewReceiveBuffer(index: number): void {
		const buffer = Buffer.allocUnsafeSlow(RECEIVE_BYTES);
		this.#loop.setReceiveBuffer(index, buffer);
		this.#receive[index] = buffer;
	}

	#accept(listener: Listener, slot: number, generation: number): void {
		let handle: Handle;
		try {
			handle = listener.createHandle();
		} catch (error) {
			this.#loop.close(generation * SLOTS + slot);
			throw error;
		}
		handle.slot = slot;
		handle.generation = generation;
		this.#handles[slot] = handle;
		if (!handle.referenced) this.#loop.setReferenced(idOf(handle), false);
		handle.markReading(!listener.paused);
		listener.completeAccept(handle);
	}

	#closed(slot: number): void {
		const closed = this.#handles[slot] ?? this.#listeners[slot];
		this.#handles[slot] = undefined;
		this.#listeners[slot] = undefined;
		if (closed === undefined) return;
		closed.slot = -1;
		closed.completeClose();
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

/**
 * Runs what `process.nextTick` and promises have queued. Public in name only, but as old as Node, and what its own timers do
 * between two callbacks; a scope for each completion costs more than all else of this driver. Where it is missing, Rust
 * opens one for each.
 */
const runTicks = (process as { _tickCallback?: () => void })._tickCallback;

function idOf(handle: Handle | Listener): number {
	return handle.generation * SLOTS + handle.slot;
}

function completeEnd(handle: Handle, errno: number): void {
	handle.completeEnd(errno);
}

function completeClose(closed: Handle | Listener): void {
	closed.completeClose();
}
