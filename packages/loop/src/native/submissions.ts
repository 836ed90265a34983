/**
 * Down to Rust: a queue of records, and an arena with the bytes of small writes. Nothing is allocated for a small write;
 * `submit` is the one native call for all that was queued, and leaves the answers in the records for `deliver`.
 */
import type { Binding } from '../binding.ts';
import { PENDING } from '../driver.ts';
import type { Handle } from '../handle.ts';
import type { Turn } from '../turn.ts';
import { words } from './memory.ts';
import type { Memory } from './memory.ts';
import { CLOSE, GENERATION, LENGTH, OFFSET, OPERATION, RESET, SHUTDOWN, SLOT, STATUS } from './records.ts';
import { ALL, WORDS, WRITE, WRITE_KEPT, idOf } from './records.ts';

export class Submissions {
	readonly #native: Binding;
	readonly #loop: number;
	readonly #handles: readonly (Handle | undefined)[];
	readonly #turn: Turn;

	/** Three marks in the records, in words: all before the first are delivered, before the second submitted. */
	#records: Int32Array;
	#delivered = 0;
	#submitted = 0;
	#end = 0;
	readonly #arena: Buffer;
	#arenaUsed = 0;
	/**
	 * Large chunks that were not submitted yet, from the front; their places are used again. Without a prototype: no accessor
	 * that a program puts there may run while Rust reads it.
	 */
	readonly #chunks: (Uint8Array | undefined)[] = Object.setPrototypeOf([], null);
	#chunksUsed = 0;

	/**
	 * @param handles - the open handles by slot.
	 * @param turn - calls `submit` and `deliver` at its end.
	 */
	constructor(native: Binding, loop: number, memory: Memory, handles: readonly (Handle | undefined)[], turn: Turn) {
		this.#native = native;
		this.#loop = loop;
		this.#handles = handles;
		this.#turn = turn;
		this.#records = memory.records;
		this.#arena = memory.arena;
	}

	/** @returns the chunk's length in bytes. */
	write(handle: Handle, chunk: Uint8Array | string, encoding: BufferEncoding): number {
		if (typeof chunk === 'string') {
			// No encoding makes more than three bytes of a UTF-16 unit.
			const most = chunk.length * 3;
			if (most >= KEEP_FROM) return this.#writeKept(handle, Buffer.from(chunk, encoding));
			if (most > this.#arena.length - this.#arenaUsed) this.submit();
			const written = this.#arena.write(chunk, this.#arenaUsed, encoding);
			this.#queueWrite(handle, written);
			return written;
		}
		const length = chunk.byteLength;
		if (length >= KEEP_FROM) return this.#writeKept(handle, chunk);
		if (length > this.#arena.length - this.#arenaUsed) this.submit();
		this.#arena.set(chunk, this.#arenaUsed);
		this.#queueWrite(handle, length);
		return length;
	}

	#writeKept(handle: Handle, chunk: Uint8Array): number {
		const length = chunk.byteLength;
		this.#chunks[this.#chunksUsed] = chunk;
		this.queue(handle, WRITE_KEPT, this.#chunksUsed++, Math.min(length, ALL));
		handle.outstanding++;
		return length;
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
		this.queue(handle, WRITE, offset, length);
		handle.outstanding++;
	}

	/** Queues the half-close behind what was written. */
	shutdown(handle: Handle): void {
		handle.shutdownAt = this.#end;
		this.queue(handle, SHUTDOWN, 0, 0);
	}

	/**
	 * Queues a CLOSE or RESET. A half-close of the same turn is taken back: where bytes are left unread, the kernel tells the
	 * peer by RST, which would come after it.
	 */
	close(handle: Handle, operation: number): void {
		const at = handle.shutdownAt;
		const records = this.#records;
		const waits = at >= this.#submitted && at < this.#end && records[at + OPERATION] === SHUTDOWN;
		// A generation that no handle has: Rust answers EBADF, and nobody is told.
		if (waits && records[at + SLOT] === handle.slot) records[at + GENERATION] = -1;
		this.queue(handle, operation, 0, 0);
	}

	/** Queues a record behind what was queued before. */
	queue(handle: Handle, operation: number, offset: number, length: number): void {
		const at = this.#end;
		if (at + WORDS > this.#records.length) this.#grow();
		const records = this.#records;
		records[at + OPERATION] = operation;
		records[at + SLOT] = handle.slot;
		records[at + GENERATION] = handle.generation;
		records[at + OFFSET] = offset;
		records[at + LENGTH] = length;
		this.#end = at + WORDS;
		this.#turn.schedule();
	}

	#grow(): void {
		const larger = words(this.#records.length * 2);
		larger.set(this.#records);
		this.#native.setRecords(this.#loop, larger);
		this.#records = larger;
	}

	/** Hands all that is queued to Rust, and so to the kernel. */
	submit(): void {
		if (this.#submitted === this.#end) return;
		const from = this.#submitted;
		this.#submitted = this.#end;
		this.#arenaUsed = 0;
		this.#native.submit(this.#loop, from / WORDS, this.#end / WORDS, this.#chunks);
		// Rust holds on to those that the kernel has not taken. (Array.prototype.fill takes longer for one or two.)
		for (let i = 0; i < this.#chunksUsed; i++) this.#chunks[i] = undefined;
		this.#chunksUsed = 0;
	}

	/** Bytes of the handle's that the kernel has not taken yet although it was asked. */
	backlog(handle: Handle): number {
		const records = this.#records;
		const last = this.#submitted - WORDS;
		// Where the kernel took all of its last write, nothing is left of those before; no need to ask.
		const taken =
			last >= 0 &&
			records[last + SLOT] === handle.slot &&
			records[last + GENERATION] === handle.generation &&
			(records[last + OPERATION] === WRITE || records[last + OPERATION] === WRITE_KEPT) &&
			records[last + STATUS] === 0;
		return taken ? 0 : this.#native.backlog(this.#loop, idOf(handle));
	}

	/** Tells the handles what became of their submissions, in order. */
	deliver(): void {
		try {
			while (this.#delivered < this.#submitted) {
				const at = this.#delivered;
				this.#delivered = at + WORDS;
				this.#answer(at);
			}
		} finally {
			if (this.#delivered < this.#submitted) this.#turn.again();
			else this.#compact();
		}
	}

	/** Delivers what became of one handle's writes ahead of the others' turn. */
	settle(handle: Handle): void {
		this.submit();
		for (let at = this.#delivered; at < this.#submitted; at += WORDS) {
			// Anew each time: who is told may write, and the records may move.
			const records = this.#records;
			const status = records[at + STATUS] ?? 0;
			const operation = records[at + OPERATION];
			if (status === PENDING || (operation !== WRITE && operation !== WRITE_KEPT)) continue;
			if (records[at + SLOT] !== handle.slot || records[at + GENERATION] !== handle.generation) continue;
			// Nothing is left to be delivered of it.
			records[at + STATUS] = PENDING;
			finishWrites(handle, 1, status);
		}
	}

	#answer(at: number): void {
		const records = this.#records;
		const status = records[at + STATUS] ?? 0;
		const operation = records[at + OPERATION];
		if (status === PENDING || operation === CLOSE || operation === RESET) return;
		const handle = this.#handles[records[at + SLOT] ?? -1];
		if (handle === undefined || handle.generation !== records[at + GENERATION]) return;
		if (operation === SHUTDOWN) answerShutdown(handle, status);
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
}

/** What ticks and jobs around the end of the turn still do comes first: libuv answers when all that is over. */
function answerShutdown(handle: Handle, status: number): void {
	queueMicrotask(() => process.nextTick(completeShutdown, handle, status));
}

function completeShutdown(handle: Handle, status: number): void {
	handle.completeShutdown(status);
}

/** Counts down what is outstanding; when nothing is, the handle hears of it once. */
export function finishWrites(handle: Handle, count: number, status: number): void {
	handle.outstanding -= count;
	if (status < 0) handle.failed = status;
	if (handle.outstanding > 0) return;
	const failed = handle.failed;
	handle.failed = 0;
	handle.completeWrite(failed);
}

/** Chunks from this size on are not copied into the arena. */
const KEEP_FROM = 32_768;
