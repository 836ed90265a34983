/**
 * Where the block of a key is: a hash table of 32-bit keys. Slots are pairs of words, the key and the place; who does not
 * find a key in its slot looks in the next one. The hash is seeded, so that nobody can choose keys that meet in it.
 */
import type { Journal } from './journal.ts';

/** What stands for no place: the slot was never used, or is no more. */
const NEVER = 0;
const REMOVED = -1;

const LEAST_SLOTS = 16;
/** How full a table is made at most, and may become. */
const ROOMY = 0.6;
const FULL = 0.7;
/** From this part on a table that others read takes no more keys, so that a search in it ends. */
const FULLEST = 0.9;

/** What others read, too: two words a slot, a power of two of them, all zero at first. */
export interface KeyTableMemory {
	table: Int32Array;
	seed: number;
}

export class KeyTable {
	#words: Int32Array;
	/** Of the word with the key. */
	#mask: number;
	readonly #seed: number;
	/** Slots that are not NEVER, and those of them that lead to a block. */
	#taken = 0;
	#live = 0;
	readonly #journal: Journal | undefined;

	/** @param journal - where others read. */
	constructor(memory: KeyTableMemory | undefined, journal: Journal | undefined) {
		this.#words = memory?.table ?? new Int32Array(2 * LEAST_SLOTS);
		this.#mask = this.#words.length - 2;
		// Signed, which is never an object.
		this.#seed = (memory?.seed ?? Math.random() * 2 ** 32) | 0;
		this.#journal = journal;
	}

	/** Where the block of a key, signed or not, is; 0 if it has none. */
	find(key: number): number {
		const words = this.#words;
		const mask = this.#mask;
		const signed = key | 0;
		for (let slot = mix(signed ^ this.#seed) & mask; ; slot = (slot + 2) & mask) {
			const at = words[slot + 1] ?? NEVER;
			if (at === NEVER) return 0;
			if (words[slot] === signed && at !== REMOVED) return at;
		}
	}

	/** Sets where the block of a key is. @throws RangeError if others read the table and it is full. */
	put(key: number, at: number): void {
		if (this.#journal === undefined && this.#taken >= FULL * this.#slots) this.#grow();
		const words = this.#words;
		const signed = key | 0;
		let free = -1;
		let slot = mix(signed ^ this.#seed) & this.#mask;
		for (; ; slot = (slot + 2) & this.#mask) {
			const there = words[slot + 1] ?? NEVER;
			if (there === NEVER) break;
			if (there === REMOVED) {
				if (free < 0) free = slot;
			} else if (words[slot] === signed) {
				this.#publish(slot, at);
				return;
			}
		}
		if (free >= 0) {
			// Who has just found the slot's old block must not take the new key for that block's.
			if (words[free] !== signed) this.#journal?.advance();
			slot = free;
		} else if (this.#journal && this.#taken >= FULLEST * this.#slots) {
			throw new RangeError('The shared list is full');
		}
		this.#count(1, free >= 0 ? 0 : 1);
		words[slot] = signed;
		this.#publish(slot, at);
	}

	/** @returns where the key's block was; 0 if it had none. */
	remove(key: number): number {
		const signed = key | 0;
		for (let slot = mix(signed ^ this.#seed) & this.#mask; ; slot = (slot + 2) & this.#mask) {
			const at = this.#words[slot + 1] ?? NEVER;
			if (at === NEVER) return 0;
			if (at === REMOVED || this.#words[slot] !== signed) continue;
			this.#publish(slot, REMOVED);
			this.#count(-1, 0);
			this.#sweep(slot);
			return at;
		}
	}

	/** The keys that have blocks, ascending. */
	keys(first: number, last: number): Uint32Array {
		const keys: number[] = [];
		if (last - first < this.#slots) {
			for (let key = first; key <= last; key++) if (this.find(key) > 0) keys.push(key);
		} else {
			for (let slot = 0; slot < this.#words.length; slot += 2) {
				const key = (this.#words[slot] ?? 0) >>> 0;
				if ((this.#words[slot + 1] ?? 0) > 0 && key >= first && key <= last) keys.push(key);
			}
		}
		return Uint32Array.from(keys).sort();
	}

	/** Blocks are somewhere else now. Never where others read. */
	move(to: (at: number) => number): void {
		for (let slot = 0; slot < this.#words.length; slot += 2) {
			const at = this.#words[slot + 1] ?? 0;
			if (at > 0) this.#words[slot + 1] = to(at);
		}
	}

	/** An empty table with room for so many keys. Never where others read. */
	reset(keys: number): void {
		let slots = LEAST_SLOTS;
		while (keys > ROOMY * slots) slots *= 2;
		this.#words = new Int32Array(2 * slots);
		this.#mask = this.#words.length - 2;
		this.#taken = this.#live = 0;
	}

	get byteLength(): number {
		return this.#words.byteLength;
	}

	get #slots(): number {
		return this.#words.length / 2;
	}

	/** Removed slots at the end of a run are as if they had never been used, or a table that others read would fill up. */
	#sweep(from: number): void {
		if (this.#words[((from + 2) & this.#mask) + 1] !== NEVER) return;
		for (let slot = from; this.#words[slot + 1] === REMOVED; slot = (slot - 2) & this.#mask) {
			this.#publish(slot, NEVER);
			this.#count(0, -1);
		}
	}

	#count(live: number, taken: number): void {
		this.#live += live;
		this.#taken += taken;
		this.#journal?.undo(() => {
			this.#live -= live;
			this.#taken -= taken;
		});
	}

	#publish(slot: number, at: number): void {
		if (this.#journal) this.#journal.store(this.#words, slot + 1, at);
		else this.#words[slot + 1] = at;
	}

	#grow(): void {
		const old = this.#words;
		// So many keys make it half full.
		this.reset(1.2 * (this.#live + 1));
		for (let slot = 0; slot < old.length; slot += 2) {
			const at = old[slot + 1] ?? 0;
			if (at > 0) this.put(old[slot] ?? 0, at);
		}
	}
}

/** Every bit of the key and the seed counts in every bit of the result. */
function mix(value: number): number {
	let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
	mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
	return mixed ^ (mixed >>> 16);
}
