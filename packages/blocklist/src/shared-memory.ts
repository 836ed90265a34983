/** Memory of a list that other threads read: one SharedArrayBuffer, cut into the parts of the index. */
import { EPOCH_WORDS, EpochWatch } from './epoch.ts';
import { Journal } from './journal.ts';
import type { WideSetMemory } from './wide-set.ts';
import type { WordSetMemory } from './word-set.ts';
import { BUCKETS } from './word-set.ts';

/** What another thread gets: it can be sent by `postMessage`, and nothing is copied. */
export interface SharedBlockList {
	/** Of the layout of the memory. */
	version: number;
	/** How many rules and exceptions there is room for. */
	capacity: number;
	/** Of as many bytes as the capacity asks for; a page that nothing was written to takes no memory. */
	memory: SharedArrayBuffer;
}

const VERSION = 3;
const ROOT_BYTES = 4 * BUCKETS;
/** For blocks that wait to be used again, of the largest kind. */
const SPARE_UNITS = 131_072;
const EPOCH_BYTES = 4 * EPOCH_WORDS;
/** The seed, and how many readers there were. */
const HEAD = { seed: 0, readers: 1 } as const;
const HEAD_BYTES = 64;

export class SharedMemory {
	readonly handle: SharedBlockList;
	readonly views: { ipv4: WordSetMemory; ipv6: WideSetMemory };
	readonly journal: Journal;
	readonly #head: Int32Array;
	readonly #epoch: Int32Array;

	/** Of a handle, or of its own with room for so many rules. Pages that are not used take no memory. */
	constructor(from: SharedBlockList | number) {
		const capacity = typeof from === 'number' ? from : from.capacity;
		let slots = 1024;
		// A rule is cut into two blocks at most, of which each may have a key of its own; half of the table stays empty.
		while (slots < 4 * capacity) slots *= 2;
		const sizes = {
			// A rule has two turns: two bytes each, or four words with what stands beside them. Twice that, as blocks that a
			// change replaces are used again when it is over.
			units4: 2 * (16 * capacity + SPARE_UNITS),
			units6: 4 * (16 * capacity + SPARE_UNITS),
			table: 8 * slots,
			wholeUnits: 2 * (16 * capacity + SPARE_UNITS),
		};
		const parts = [EPOCH_BYTES, HEAD_BYTES, ROOT_BYTES, ROOT_BYTES, ...Object.values(sizes)];
		const length = parts.reduce((sum, bytes) => sum + bytes, 0);
		if (typeof from !== 'number' && (from.version !== VERSION || from.memory.byteLength !== length)) {
			throw new TypeError('The shared list is of another version');
		}
		const memory = typeof from === 'number' ? new SharedArrayBuffer(length) : from.memory;
		let at = 0;
		const words = (bytes: number): Int32Array => new Int32Array(memory, (at += bytes) - bytes, bytes / 4);
		const halves = (bytes: number): Uint16Array => new Uint16Array(memory, (at += bytes) - bytes, bytes / 2);
		this.#epoch = words(EPOCH_BYTES);
		this.#head = words(HEAD_BYTES);
		if (typeof from === 'number') this.#head[HEAD.seed] = Math.random() * 2 ** 32;
		const journal = new Journal(this.#epoch);
		const ipv4 = { root: words(ROOT_BYTES), journal, units: halves(sizes.units4) };
		const table = words(sizes.table);
		const units6 = words(sizes.units6);
		const whole = { root: words(ROOT_BYTES), journal, units: halves(sizes.wholeUnits) };
		const units = new Uint32Array(memory, units6.byteOffset, units6.length);
		this.views = { ipv4, ipv6: { table, seed: this.#head[HEAD.seed] ?? 0, units, whole } };
		this.journal = journal;
		this.handle = { version: VERSION, capacity, memory };
	}

	/** For one reader. */
	watch(): EpochWatch {
		return new EpochWatch(this.#epoch, Atomics.add(this.#head, HEAD.readers, 1) >>> 0);
	}
}
