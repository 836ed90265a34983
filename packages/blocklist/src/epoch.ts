/**
 * How a thread knows that what it has read is what was meant, while another one writes.
 *
 * A reader reads plainly, and then looks whether the epoch is the one that it saw when it looked last; if not, it reads
 * again. The writer advances the epoch before each store of a place that readers follow, and before it writes where a
 * reader may still be reading: into a block that was given back, into the key of a slot that was emptied.
 *
 * Why that is enough, by the memory model of JavaScript, which orders nothing but Atomics: a look is a read-modify-write
 * of one cell, as an advance is. All of these are in one order, each reads what the one before it wrote, and so it
 * synchronizes with it: whatever was done before any of them happens before what is done after a later one. Between two
 * looks of a reader that saw the same there is no advance. Therefore what it read in between
 *
 * - happens before everything that the writer did after the next advance, and cannot see it: neither a block that is
 *   written again, nor a place that is stored after that advance;
 * - happens after everything that the writer did before the last one, so if it follows a place that was stored, which was
 *   after that advance, it sees the block as it was written, and all places that were stored earlier.
 *
 * A plain load at the end would not do: a processor that reads ahead may have it first. A store that changes nothing is
 * what makes the reader wait for its own loads.
 */

/** Readers share cells, so that few of them write to the same cache line; an advance writes all. */
const LINES = 8;
const LINE_WORDS = 16;

export const EPOCH_WORDS: number = LINES * LINE_WORDS;

export function advance(epoch: Int32Array): void {
	for (let line = 0; line < LINES; line++) Atomics.add(epoch, line * LINE_WORDS, 1);
}

/** A reader's look at the epoch. It goes round after 2 ** 32 advances, which nobody sleeps through to the very one. */
export class EpochWatch {
	readonly #cell: Int32Array;
	#seen: number;

	/** @param number - of the reader; those of different numbers have different cells, while there are some. */
	constructor(epoch: Int32Array, number: number) {
		const at = (number % LINES) * LINE_WORDS;
		this.#cell = epoch.subarray(at, at + 1);
		this.#seen = Atomics.add(this.#cell, 0, 0);
	}

	/** Whether nothing was changed since the last look. */
	isSame(): boolean {
		const now = Atomics.add(this.#cell, 0, 0);
		if (now === this.#seen) return true;
		this.#seen = now;
		return false;
	}
}
