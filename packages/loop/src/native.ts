/**
 * The native driver: the Rust loop seen from JavaScript. Down go submission records and an arena with the bytes of small
 * writes, up come completion records and receive buffers (native/core/src/records.rs has the layout).
 */
import { constants } from 'node:os';

import { loadBinding } from './binding.ts';
import type { NativeLoop } from './binding.ts';
import { PENDING } from './driver.ts';
import type { AddressInfo, Driver } from './driver.ts';
import type { Loop } from './drivers.ts';
import { Handle } from './handle.ts';
import type { Listener } from './listener.ts';
import { Turn } from './turn.ts';

/** Submissions that fit at first; the memory doubles when they do not. */
const RECORDS = 1024;
const ARENA_BYTES = 262_144;
const RECEIVE_BUFFERS = 4;
const RECEIVE_BYTES = 65_536;
/** Chunks from this size on are not copied into the arena. */
const KEEP_FROM = 32_768;

// records.rs
const WORDS = 6;
const OPERATION = 0;
const SLOT = 1;
const GENERATION = 2;
const OFFSET = 3;
const LENGTH = 4;
const STATUS = 5;
const WRITE = 1;
const WRITE_KEPT = 2;
const SHUTDOWN = 3;
const CLOSE = 4;
const RESET = 5;
const DATA = 1;
const END = 2;
const CONNECTED = 3;
const WRITTEN = 4;
const SHUT = 5;
const ACCEPTED = 6;
const ACCEPT_FAILED = 7;
const CLOSED = 8;
const WHOLE = 256;
/** embedding.rs: the word of the turn's state that tells which completion to deliver. */
const CURSOR = 2;
/** binding.rs: a flag of listening, beside those of driver.ts. */
const PAUSED = 16;
const SLOTS = 2 ** 22;

const EBADF = -constants.errno.EBADF;
const EADDRINUSE = -constants.errno.EADDRINUSE;

/** @returns the loop, or why there is none. */
export function createNativeDriver(): Loop | string {
	if (process.platform !== 'linux') return `${process.platform} has no native driver`;
	const binding = loadBinding();
	if (typeof binding === 'string') return binding;
	try {
		const callbacks = { complete: (): void => driver.complete(), endTurn: (): void => driver.turn.end() };
		const driver: NativeDriver = new NativeDriver(new binding.NativeLoop(callbacks, RECORDS, ARENA_BYTES));
		return { driver, turn: driver.turn };
	} catch (error) {
		return String(error);
	}
}

class NativeDriver implements Driver {
	readonly name = 'native';
	readonly turn: Turn;
	readonly #loop: NativeLoop;
	/** Open handles and listeners by slot. */
	readonly #handles: (Handle | undefined)[] = [];
	readonly #listeners: (Listener | undefined)[] = [];

	/** Submissions, and three marks in it in words: all before the first are delivered, before the second submitted. */
	#records: Int32Array;
	#delivered = 0;
	#submitted = 0;
	#end = 0;
	readonly #arena: Buffer;
	#arenaUsed = 0;

	readonly #state: Int32Array;
	readonly #completions: Int32Array;
	readonly #receive: Buffer[] = [];

	constructor(loop: NativeLoop) {
		this.#loop = loop;
		this.#records = loop.records;
		const arena = loop.arena;
		this.#arena = Buffer.from(arena.buffer, arena.byteOffset, arena.byteLength);
		this.#completions = loop.completions;
		this.#state = loop.turn;
		for (let i = 0; i < RECEIVE_BUFFERS; i++) this.#renewReceiveBuffer(i);
		this.turn = new Turn(
			this.#state,
			() => this.submit(),
			() => this.#deliver(),
		);
	}

	// ── Opening.

	bindTcp(handle: Handle, address: string, port: number, flags: number): number {
		return this.#opened(handle, this.#loop.bindTcp(address, port, flags));
	}

	connectTcp(handle: Handle, address: string, port: number): number {
		const bound = handle.slot < 0 ? -1 : idOf(handle);
		const id = this.#loop.connectTcp(bound, address, port);
		return id < 0 || bound >= 0 ? Math.min(id, 0) : this.#opened(handle, id);
	}

	connectPath(handle: Handle, path: string): number {
		return this.#opened(handle, this.#loop.connectPath(Buffer.from(path)));
	}

	adopt(handle: Handle, fd: number): number {
		return this.#opened(handle, this.#loop.adopt(fd));
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

	#opened(handle: Handle, id: number): number {
		if (id < 0) return id;
		handle.slot = id % SLOTS;
		handle.generation = Math.floor(id / SLOTS);
		this.#handles[handle.slot] = handle;
		if (!handle.referenced) this.#loop.setReferenced(id, false);
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
		if (typeof chunk === 'string') {
			// No encoding makes more than three bytes of a UTF-16 unit.
			const most = chunk.length * 3;
			if (most >= KEEP_FROM) return this.#writeKept(handle, Buffer.from(chunk, encoding));
			if (most > ARENA_BYTES - this.#arenaUsed) this.submit();
			const written = this.#arena.write(chunk, this.#arenaUsed, encoding);
			this.#queueWrite(handle, written);
			return written;
		}
		const length = chunk.byteLength;
		if (length >= KEEP_FROM) return this.#writeKept(handle, chunk);
		if (length > ARENA_BYTES - this.#arenaUsed) this.submit();
		this.#arena.set(chunk, this.#arenaUsed);
		this.#queueWrite(handle, length);
		return length;
	}

	#writeKept(handle: Handle, chunk: Uint8Array): number {
		this.#queue(handle, WRITE_KEPT, this.#loop.keep(chunk), chunk.byteLength);
		handle.outstanding++;
		return chunk.byteLength;
	}

	/** Queues what lies at the end of the arena; joins the record before it where that is the same handle's. */
	#queueWrite(handle: Handle, length: number): void {
		const offset = this.#arenaUsed;
		this.#arenaUsed = offset + length;
		const last = this.#end - WORDS;
		const records = this.#records;
		if (
			last >= this.#submitted &&
			records[last + SLOT] === handle.slot &&
			records[last + OPERATION] === WRITE &&
			records[last + GENERATION] === handle.generation
		) {
			records[last + LENGTH] = offset + length - (records[last + OFFSET] ?? 0);
			return;
		}
		this.#queue(handle, WRITE, offset, length);
		handle.outstanding++;
	}

	#queue(handle: Handle, operation: number, offset: number, length: number): void {
		const at = this.#end;
		if (at + WORDS > this.#records.length) this.#records = this.#loop.resizeRecords((this.#records.length / WORDS) * 2);
		const records = this.#records;
		records[at + OPERATION] = operation;
		records[at + SLOT] = handle.slot;
		records[at + GENERATION] = handle.generation;
		records[at + OFFSET] = offset;
		records[at + LENGTH] = length;
		this.#end = at + WORDS;
		this.turn.schedule();
	}

	backlog(handle: Handle): number {
		return handle.slot < 0 ? 0 : this.#loop.backlog(idOf(handle));
	}

	submit(): void {
		if (this.#submitted === this.#end) return;
		const from = this.#submitted;
		this.#submitted = this.#end;
		this.#arenaUsed = 0;
		this.#loop.submit(from / WORDS, this.#end / WORDS);
	}

	/** Tells the handles what became of their submissions, in order. */
	#deliver(): void {
		try {
			while (this.#delivered < this.#submitted) {
				const at = this.#delivered;
				this.#delivered = at + WORDS;
				this.#answer(at);
			}
		} finally {
			if (this.#delivered < this.#submitted) this.turn.schedule();
			else this.#compact();
		}
	}

	#answer(at: number): void {
		const records = this.#records;
		const status = records[at + STATUS] ?? 0;
		const operation = records[at + OPERATION];
		if (status === PENDING || operation === CLOSE || operation === RESET) return;
		const handle = this.#handles[records[at + SLOT] ?? -1];
		if (handle === undefined || handle.generation !== records[at + GENERATION]) return;
		if (operation === SHUTDOWN) handle.completeShutdown(status);
		else finishWrites(handle, 1, status);
	}

	/** Moves what was queued while others were delivered to the front. */
	#compact(): void {
		if (this.#delivered === 0) return;
		if (this.#end > this.#delivered) this.#records.copyWithin(0, this.#delivered, this.#end);
		this.#end -= this.#delivered;
		this.#submitted -= this.#delivered;
		this.#delivered = 0;
	}

	setReading(handle: Handle, on: boolean): void {
		if (handle.slot >= 0) this.#loop.setReading(idOf(handle), on);
	}

	shutdown(handle: Handle): void {
		this.#queue(handle, SHUTDOWN, 0, 0);
	}

	close(handle: Handle): void {
		if (handle.slot >= 0) this.#queue(handle, CLOSE, 0, 0);
		else setImmediate(completeClose, handle);
	}

	reset(handle: Handle): void {
		if (handle.slot >= 0) this.#queue(handle, RESET, 0, 0);
		else setImmediate(completeClose, handle);
	}

	closeListener(listener: Listener): void {
		if (listener.slot >= 0) this.#loop.close(idOf(listener));
		else setImmediate(completeClose, listener);
	}

	// ── Completions: called by Rust, each in a callback scope of its own.

	complete(): void {
		const completions = this.#completions;
		const at = (this.#state[CURSOR] ?? 0) * WORDS;
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
		const handle = listener.createHandle();
		handle.slot = slot;
		handle.generation = generation;
		this.#handles[slot] = handle;
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

function idOf(handle: Handle | Listener): number {
	return handle.generation * SLOTS + handle.slot;
}

/** Counts down what is outstanding; when nothing is, the handle hears of it once. */
function finishWrites(handle: Handle, count: number, status: number): void {
	handle.outstanding -= count;
	if (status < 0) handle.failed = status;
	if (handle.outstanding > 0) return;
	const failed = handle.failed;
	handle.failed = 0;
	handle.completeWrite(failed);
}

function completeClose(closed: Handle | Listener): void {
	closed.completeClose();
}
