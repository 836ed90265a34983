/**
 * A set of IPv6 addresses, asked in a time that hardly depends on what is in it.
 *
 * What shares the upper 32 bits is a block (slices.ts), found by a hash of them; those of which all addresses belong to
 * the set are in a set of their own. The hash is seeded, so that nobody can choose addresses that meet in it.
 */
import { Arena } from './arena.ts';
import type { Journal } from './journal.ts';
import { copySlice, giveSlice, readSlice, replaceSlice, sliceHas, storeTurns } from './slices.ts';
import { WideTurns } from './wide-turns.ts';
import type { WordSetMemory } from './word-set.ts';
import { WordSet } from './word-set.ts';

/** Entries of the table are pairs: the upper 32 bits, and where the block is; 0: never used, -1: no more used. */
const NEVER = 0;
const REMOVED = -1;
const LEAST_SLOTS = 16;
/** From this part on a table that others read takes no more keys, so that a search in it ends. */
const FULLEST = 0.9;

const NOTHING = new Uint32Array(0);
const WORD_MAX = 0xffff_ffff;
const turns = new WideTurns();

/** What a reader in another thread needs. */
export interface WideSetMemory {
	table: Int32Array;
	seed: number;
	units: Uint32Array;
	whole: WordSetMemory;
}

export class WideSet {
	#table: Int32Array;
	/** One less than the slots, which are a power of two. */
	#mask: number;
	#seed: number;
	/** Slots that are not NEVER, and those of them that lead to a block. */
	#taken = 0;
	#live = 0;
	#arena: Arena<Uint32Array>;
	#units: Uint32Array;
	/** The upper 32 bits of which all addresses belong to the set. */
	readonly #whole: WordSet;
	readonly #journal: Journal | undefined;

	constructor(memory?: WideSetMemory) {
		this.#table = memory?.table ?? new Int32Array(2 * LEAST_SLOTS);
		this.#mask = this.#table.length / 2 - 1;
		this.#seed = memory?.seed ?? Math.floor(Math.random() * 2 ** 32);
		this.#journal = memory?.whole.journal;
		this.#arena = memory ? new Arena(memory.units, undefined, this.#journal) : privateArena(0);
		this.#units = this.#arena.units;
		this.#whole = new WordSet(memory?.whole);
	}

	/** Words may be signed or unsigned. */
	has(w0: number, w1: number, w2: number, w3: number): boolean {
		const table = this.#table;
		const mask = this.#mask;
		const key = w0 | 0;
		let slot = mix(key ^ this.#seed) & mask;
		for (;;) {
			const at = table[2 * slot + 1] ?? NEVER;
			if (at === NEVER) return this.#whole.has(w0);
			if (table[2 * slot] === key && at > 0) return sliceHas(this.#units, at, w1, w2, w3);
			slot = (slot + 1) & mask;
		}
	}

	/**
	 * From `first` to `last`, which share their first word, the set becomes `ranges`.
	 * @param ranges - eight words each, ascending, apart from each other, within `first` to `last`.
	 */
	replace(first: Uint32Array, last: Uint32Array, ranges: Uint32Array): void {
		const key = first[0] ?? 0;
		const old = this.#find(key);
		const isWhole = old === 0 && this.#whole.has(key);
		const replaced = replaceSlice(this.#arena, old > 0 ? old : isWhole ? 1 : 0, first, last, ranges);
		this.#units = this.#arena.units;
		if (typeof replaced === 'object') {
			if (replaced.at === old) return;
			this.#put(key, replaced.at);
			if (isWhole) this.#whole.replace(key, key, NOTHING);
			if (old > 0) giveSlice(this.#arena, old);
		} else {
			this.#whole.replace(key, key, replaced === 1 ? Uint32Array.of(key, key) : NOTHING);
			if (old > 0) this.#remove(key);
		}
		this.#pack();
	}

	/**
	 * Everything with these first words belongs to the set from now on, or only `ranges` and `parts` of them do.
	 * @param ranges - pairs of first words.
	 * @param parts - of first words by themselves, whatever `ranges` says: what `replace` takes of them.
	 */
	replaceWhole(firstKey: number, lastKey: number, ranges: Uint32Array, parts?: ReadonlyMap<number, Uint32Array>): void {
		const wholes = new Map<number, boolean>();
		// What is cut has a block before it is no more whole: who reads finds one of both.
		for (const [key, part] of parts ?? []) {
			const old = this.#find(key);
			const replaced = replaceSlice(this.#arena, 0, lowest(key), highest(key), part);
			this.#units = this.#arena.units;
			wholes.set(key, replaced === 1);
			if (typeof replaced !== 'object') continue;
			this.#put(key, replaced.at);
			if (old > 0) giveSlice(this.#arena, old);
		}
		this.#whole.replace(firstKey, lastKey, parts ? withKeys(ranges, wholes) : ranges);
		for (const key of this.keys(firstKey, lastKey)) {
			const part = parts?.get(key);
			if (part === undefined || part.length === 0 || this.#whole.has(key)) this.#remove(key);
		}
		this.#pack();
	}

	/** Those first words of which some addresses belong to the set and some do not. */
	keys(firstKey = 0, lastKey: number = WORD_MAX): Uint32Array {
		const keys: number[] = [];
		if (lastKey - firstKey < this.#mask) {
			for (let key = firstKey; key <= lastKey; key++) if (this.#find(key) > 0) keys.push(key);
		} else {
			for (let slot = 0; slot <= this.#mask; slot++) {
				const key = (this.#table[2 * slot] ?? 0) >>> 0;
				if ((this.#table[2 * slot + 1] ?? 0) > 0 && key >= firstKey && key <= lastKey) keys.push(key);
			}
		}
		return Uint32Array.from(keys).sort();
	}

	/** Makes the set anew. @param ranges - eight words each, ascending, apart from each other. */
	build(ranges: Uint32Array): void {
		for (const key of this.keys()) this.#remove(key);
		const whole: number[] = [];
		let slots = LEAST_SLOTS;
		if (!this.#arena.isShared) {
			const keys = countKeys(ranges);
			while (keys > 0.6 * slots) slots *= 2;
			this.#clearTable(slots);
			this.#arena = privateArena(ranges.length / 4);
		}
		let key = -1;
		const finish = (): void => {
			if (key < 0) return;
			const stored = storeTurns(this.#arena, turns);
			if (typeof stored === 'object') this.#put(key, stored.at);
			else if (stored === 1) whole.push(key, key);
			key = -1;
		};
		for (let i = 0; i + 7 < ranges.length; i += 8) {
			const [s0, s1, s2, s3] = [ranges[i] ?? 0, ranges[i + 1] ?? 0, ranges[i + 2] ?? 0, ranges[i + 3] ?? 0];
			const [e0, e1, e2, e3] = [ranges[i + 4] ?? 0, ranges[i + 5] ?? 0, ranges[i + 6] ?? 0, ranges[i + 7] ?? 0];
			if (key !== s0) {
				finish();
				key = s0;
				turns.begin();
			}
			turns.turn(s1, s2, s3, 1);
			if (e0 !== s0) {
				finish();
				if (e0 - s0 > 1) whole.push(s0 + 1, e0 - 1);
				key = e0;
				turns.begin();
				turns.turn(0, 0, 0, 1);
			}
			turns.turnBehind(e1, e2, e3, 0);
		}
		finish();
		this.#whole.build(joined(whole));
		this.#arena.trim();
		this.#units = this.#arena.units;
	}

	/** All ranges: eight words each, ascending, apart from each other. */
	ranges(): Uint32Array {
		const keys = this.keys();
		const whole = this.#whole.ranges();
		const all = new RangeList();
		let w = 0;
		const addWhole = (before: number): void => {
			for (; w < whole.length && (whole[w] ?? 0) < before; w += 2) all.addWhole(whole[w] ?? 0, whole[w + 1] ?? 0);
		};
		for (const key of keys) {
			addWhole(key);
			readSlice(this.#units, this.#find(key), turns);
			all.addTurns(key, turns);
		}
		addWhole(Infinity);
		return all.words();
	}

	get byteLength(): number {
		return this.#table.byteLength + this.#units.byteLength + this.#whole.byteLength;
	}

	/** Where the block of a key is; 0 if it has none. */
	#find(key: number): number {
		const signed = key | 0;
		for (let slot = mix(signed ^ this.#seed) & this.#mask; ; slot = (slot + 1) & this.#mask) {
			const at = this.#table[2 * slot + 1] ?? NEVER;
			if (at === NEVER) return 0;
			if (at > 0 && this.#table[2 * slot] === signed) return at;
		}
	}

	#put(key: number, at: number): void {
		if (this.#journal === undefined && this.#taken >= 0.7 * (this.#mask + 1)) this.#rehash();
		const signed = key | 0;
		let free = -1;
		let slot = mix(signed ^ this.#seed) & this.#mask;
		for (; ; slot = (slot + 1) & this.#mask) {
			const there = this.#table[2 * slot + 1] ?? NEVER;
			if (there > 0 && this.#table[2 * slot] === signed) {
				this.#publish(slot, at);
				return;
			}
			if (there === REMOVED && free < 0) free = slot;
			if (there === NEVER) break;
		}
		if (free >= 0) {
			// Who has just found the slot's old block must not take the new key for that block's.
			if (this.#table[2 * free] !== signed) this.#journal?.advance();
			slot = free;
		} else if (this.#journal && this.#taken >= FULLEST * (this.#mask + 1)) {
			throw new RangeError('The shared list is full');
		}
		this.#count(1, free >= 0 ? 0 : 1);
		this.#table[2 * slot] = signed;
		this.#publish(slot, at);
	}

	#remove(key: number): void {
		const signed = key | 0;
		for (let slot = mix(signed ^ this.#seed) & this.#mask; ; slot = (slot + 1) & this.#mask) {
			const at = this.#table[2 * slot + 1] ?? NEVER;
			if (at === NEVER) return;
			if (at < 0 || this.#table[2 * slot] !== signed) continue;
			this.#publish(slot, REMOVED);
			this.#count(-1, 0);
			giveSlice(this.#arena, at);
			this.#sweep(slot);
			return;
		}
	}

	/** Removed slots at the end of a run are as if they had never been used, or a table that others read would fill up. */
	#sweep(from: number): void {
		if (this.#table[2 * ((from + 1) & this.#mask) + 1] !== NEVER) return;
		for (let slot = from; this.#table[2 * slot + 1] === REMOVED; slot = (slot - 1) & this.#mask) {
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
		if (this.#journal) this.#journal.store(this.#table, 2 * slot + 1, at);
		else this.#table[2 * slot + 1] = at;
	}

	/** Never where others read: their table has room for all. */
	#rehash(): void {
		const old = this.#table;
		let slots = LEAST_SLOTS;
		while (this.#live + 1 > 0.5 * slots) slots *= 2;
		this.#clearTable(slots);
		for (let i = 0; i < old.length; i += 2) if ((old[i + 1] ?? 0) > 0) this.#put(old[i] ?? 0, old[i + 1] ?? 0);
	}

	#clearTable(slots: number): void {
		this.#table = new Int32Array(2 * slots);
		this.#mask = slots - 1;
		this.#taken = this.#live = 0;
	}

	/** Leaves no unused block between the others. */
	#pack(): void {
		if (!this.#arena.isWorthPacking(0x1000)) return;
		const from = this.#units;
		const arena = privateArena(this.#arena.used);
		for (let i = 0; i < this.#table.length; i += 2) {
			const at = this.#table[i + 1] ?? 0;
			if (at > 0) this.#table[i + 1] = copySlice(from, at, arena);
		}
		this.#arena = arena;
		this.#units = arena.units;
	}
}

function privateArena(length: number): Arena<Uint32Array> {
	return new Arena<Uint32Array>(new Uint32Array(length), (wanted) => new Uint32Array(wanted));
}

/** Every bit of the key and the seed counts in every bit of the result. */
function mix(value: number): number {
	let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
	mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
	return mixed ^ (mixed >>> 16);
}

function countKeys(ranges: Uint32Array): number {
	let count = 0;
	let key = -1;
	for (let i = 0; i < ranges.length; i += 4) {
		if (ranges[i] !== key) count++;
		key = ranges[i] ?? 0;
	}
	return count;
}

function lowest(key: number): Uint32Array {
	return Uint32Array.of(key, 0, 0, 0);
}

function highest(key: number): Uint32Array {
	return Uint32Array.of(key, WORD_MAX, WORD_MAX, WORD_MAX);
}

/** Pairs of keys, of which some are in or out by themselves. */
function withKeys(pairs: Uint32Array, wholes: ReadonlyMap<number, boolean>): Uint32Array {
	const keys = Uint32Array.from(wholes.keys()).sort();
	const all: number[] = [];
	const add = (from: number, to: number): void => {
		if (from <= to) all.push(from, to);
	};
	const addKey = (key: number): void => {
		if (wholes.get(key) === true) add(key, key);
	};
	let next = 0;
	for (let i = 0; i < pairs.length; i += 2) {
		let from = pairs[i] ?? 0;
		const to = pairs[i + 1] ?? 0;
		for (; next < keys.length && (keys[next] ?? 0) <= to; next++) {
			const key = keys[next] ?? 0;
			add(from, key - 1);
			addKey(key);
			from = Math.max(from, key + 1);
		}
		add(from, to);
	}
	for (; next < keys.length; next++) addKey(keys[next] ?? 0);
	return joined(all);
}

/** Ranges of words, of which neighbours become one. */
function joined(pairs: readonly number[]): Uint32Array {
	const all: number[] = [];
	for (let i = 0; i < pairs.length; i += 2) {
		if (all.length > 0 && (all.at(-1) ?? 0) + 1 === pairs[i]) all.pop();
		else all.push(pairs[i] ?? 0);
		all.push(pairs[i + 1] ?? 0);
	}
	return Uint32Array.from(all);
}

/** Collects ranges, and joins those that meet. */
class RangeList {
	#words = new Uint32Array(64);
	#length = 0;

	/** All addresses from one key to another. */
	addWhole(key: number, lastKey: number): void {
		this.#begin(key, 0, 0, 0);
		this.#end(lastKey, WORD_MAX, WORD_MAX, WORD_MAX);
	}

	addTurns(key: number, { positions, count, start }: WideTurns): void {
		if (start === 1) this.#begin(key, 0, 0, 0);
		let state = start;
		for (let i = 0; i < count; i++) {
			const [a, b, c] = [positions[3 * i] ?? 0, positions[3 * i + 1] ?? 0, positions[3 * i + 2] ?? 0];
			state = state === 0 ? 1 : 0;
			if (state === 1) this.#begin(key, a, b, c);
			else if (c > 0) this.#end(key, a, b, c - 1);
			else if (b > 0) this.#end(key, a, b - 1, WORD_MAX);
			else this.#end(key, a - 1, WORD_MAX, WORD_MAX);
		}
		if (state === 1) this.#end(key, WORD_MAX, WORD_MAX, WORD_MAX);
	}

	words(): Uint32Array {
		return this.#words.slice(0, this.#length);
	}

	#begin(key: number, a: number, b: number, c: number): void {
		const last = this.#length - 4;
		const meets =
			last >= 0 &&
			(a | b | c) === 0 &&
			this.#words[last] === key - 1 &&
			this.#words[last + 1] === WORD_MAX &&
			this.#words[last + 2] === WORD_MAX &&
			this.#words[last + 3] === WORD_MAX;
		if (meets) this.#length -= 4;
		else this.#push(key, a, b, c);
	}

	#end(key: number, a: number, b: number, c: number): void {
		this.#push(key, a, b, c);
	}

	#push(key: number, a: number, b: number, c: number): void {
		if (this.#length === this.#words.length) {
			const words = new Uint32Array(2 * this.#length);
			words.set(this.#words);
			this.#words = words;
		}
		this.#words[this.#length++] = key;
		this.#words[this.#length++] = a;
		this.#words[this.#length++] = b;
		this.#words[this.#length++] = c;
	}
}
