/**
 * Up from Rust: completion records, and the bytes in the receive buffers. `run` is the one function that Rust calls.
 */
import type { Binding } from '../binding.ts';
import type { Handle } from '../handle.ts';
import type { Listener } from '../listener.ts';
import { IN_WAKE_UP, TURN_PENDING } from '../turn.ts';
import type { Turn } from '../turn.ts';
import type { Memory } from './memory.ts';
import { ACCEPTED, ACCEPT_FAILED, CLOSED, CONNECTED, COUNT, CURSOR, DATA, END, GENERATION, SHUT } from './records.ts';
import { SLOT, SLOTS, WHOLE, WORDS, WRITTEN, idOf } from './records.ts';
import { finishWrites } from './submissions.ts';

export class Completions {
	readonly #native: Binding;
	readonly #loop: number;
	readonly #handles: (Handle | undefined)[];
	readonly #listeners: (Listener | undefined)[];
	readonly #turn: Turn;
	readonly #state: Int32Array;
	readonly #completions: Int32Array;
	readonly #receive: Buffer[] = [];

	/**
	 * @param handles - the open handles by slot; accepted ones are added, closed ones are removed.
	 * @param listeners - the same of listeners.
	 */
	constructor(
		native: Binding,
		loop: number,
		memory: Memory,
		handles: (Handle | undefined)[],
		listeners: (Listener | undefined)[],
		turn: Turn,
	) {
		this.#native = native;
		this.#loop = loop;
		this.#handles = handles;
		this.#listeners = listeners;
		this.#turn = turn;
		this.#state = memory.turn;
		this.#completions = memory.completions;
		for (let i = 0; i < RECEIVE_BUFFERS; i++) this.#renewReceiveBuffer(i);
	}

	/**
	 * Runs the completions of a round from CURSOR on, after each what a callback of Node's own would run at its end: ticks and
	 * promise jobs; then ends the turn. Called by Rust in a callback scope; once more when an exception left some behind.
	 */
	run(): void {
		const state = this.#state;
		const end = state[COUNT] ?? 0;
		for (;;) {
			const cursor = state[CURSOR] ?? 0;
			if (cursor >= end) break;
			// Before it runs: one that throws is done.
			state[CURSOR] = cursor + 1;
			this.#tell(cursor * WORDS);
			// Then the end of the scope does it.
			if (runTicks === undefined) return;
			runTicks();
		}
		state[IN_WAKE_UP] = 0;
		if (state[TURN_PENDING] !== 0) this.#turn.end();
	}

	#tell(at: number): void {
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
		this.#native.setReceiveBuffer(this.#loop, index, buffer);
		this.#receive[index] = buffer;
	}

	#accept(listener: Listener, slot: number, generation: number): void {
		let handle: Handle;
		try {
			handle = listener.createHandle();
		} catch (error) {
			this.#native.close(this.#loop, generation * SLOTS + slot);
			throw error;
		}
		handle.slot = slot;
		handle.generation = generation;
		this.#handles[slot] = handle;
		if (!handle.referenced) this.#native.setReferenced(this.#loop, idOf(handle), false);
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
}

/**
 * Runs what `process.nextTick` and promises have queued. Public in name only, but as old as Node, and what its own timers do
 * between two callbacks; a scope for each completion costs more than all else of this driver. Where it is missing, Rust
 * opens one for each.
 */
const runTicks = (process as { _tickCallback?: () => void })._tickCallback;

const RECEIVE_BUFFERS = 4;
const RECEIVE_BYTES = 65_536;
