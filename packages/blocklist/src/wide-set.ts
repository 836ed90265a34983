/**
 * A set of IPv6 addresses, asked in a time that hardly depends on what is in it.
 *
 * What shares the upper 32 bits is a block (slices.ts), found by a hash of them (key-table.ts); those of which all
 * addresses belong to the set are in a set of their own.
 */
import { Arena } from './arena.ts';
import { KeyTable } from './key-table.ts';
import { RangeList } from './range-list.ts';
import { copySlice, giveSlice, readSlice, replaceSlice, sliceHas, storeTurns } from './slices.ts';
import { WideTurns } from './wide-turns.ts';
import type { WordSetMemory } from './word-set.ts';
import { WordSet } from './word-set.ts';

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
	readonly #blocks: KeyTable;
	#arena: Arena<Uint32Array>;
	#units: Uint32Array;
	/** The upper 32 bits of which all addresses belong to the set. */
	readonly #whole: WordSet;

	constructor(memory?: WideSetMemory) {
		const journal = memory?.whole.journal;
		this.#blocks = new KeyTable(memory, journal);
		this.#arena = memory ? new Arena(memory.units, undefined, journal) : privateArena(0);
		this.#units = this.#arena.units;
		this.#whole = new WordSet(memory?.whole);
	}

	/** Words may be signed or unsigned. */
	has(w0: number, w1: number, w2: number, w3: number): boolean {
		const at = this.#blocks.find(w0);
		return at === 0 ? this.#whole.has(w0) : sliceHas(this.#units, at, w1, w2, w3);
	}

	/** Whether any address with this first word, signed or not, belongs to the set. */
	mayHave(w0: number): boolean {
		return this.#blocks.find(w0) !== 0 || this.#whole.has(w0);
	}

	/**
	 * From `first` to `last`, which share their first word, the set becomes `ranges`.
	 * @param ranges - eight words each, ascending, apart from each other, within `first` to `last`.
	 */
	replace(first: Uint32Array, last: Uint32Array, ranges: Uint32Array): void {
		const key = first[0] ?? 0;
		const old = this.#blocks.find(key);
		const isWhole = old === 0 && this.#whole.has(key);
		const entry = replaceSlice(this.#arena, isWhole ? 1 : old, first, last, ranges);
		this.#units = this.#arena.units;
		if (entry < 2) {
			this.#whole.replace(key, key, entry === 1 ? Uint32Array.of(key, key) : NOTHING);
			this.#remove(key);
		} else if (entry !== old) {
			this.#blocks.put(key, entry);
			if (isWhole) this.#whole.replace(key, key, NOTHING);
			giveSlice(this.#arena, old);
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
			const old = this.#blocks.find(key);
			const entry = replaceSlice(this.#arena, 0, lowest(key), highest(key), part);
			this.#units = this.#arena.units;
			wholes.set(key, entry === 1);
			if (entry < 2) continue;
			this.#blocks.put(key, entry);
			giveSlice(this.#arena, old);
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
		return this.#blocks.keys(firstKey, lastKey);
	}

	/** Makes the set anew. @param ranges - eight words each, ascending, apart from each other. */
	build(ranges: Uint32Array): void {
		for (const key of this.keys()) this.#remove(key);
		const whole: number[] = [];
		if (!this.#arena.isShared) {
			const keys = countKeys(ranges);
			this.#blocks.reset(keys);
			// Mostly a word for each end, those that are repeated, and a header.
			this.#arena = privateArena(Math.ceil(0.3 * ranges.length) + 4 * keys);
		}
		let key = -1;
		for (let i = 0; i + 7 < ranges.length; i += 8) {
			const first = ranges[i] ?? 0;
			const last = ranges[i + 4] ?? 0;
			if (key !== first) {
				this.#store(key, whole);
				key = first;
				turns.begin();
			}
			turns.turn(ranges[i + 1] ?? 0, ranges[i + 2] ?? 0, ranges[i + 3] ?? 0, 1);
			if (last !== first) {
				this.#store(first, whole);
				if (last - first > 1) whole.push(first + 1, last - 1);
				key = last;
				turns.begin();
				turns.turn(0, 0, 0, 1);
			}
			turns.turnBehind(ranges[i + 5] ?? 0, ranges[i + 6] ?? 0, ranges[i + 7] ?? 0, 0);
		}
		this.#store(key, whole);
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
			readSlice(this.#units, this.#blocks.find(key), turns);
			all.addTurns(key, turns);
		}
		addWhole(Infinity);
		return all.words();
	}

	get byteLength(): number {
		return this.#blocks.byteLength + this.#units.byteLength + this.#whole.byteLength;
	}

	/** Puts `turns` in the place of a key that has none. @param whole - gets the key if all of it belongs to the set. */
	#store(key: number, whole: number[]): void {
		if (key < 0) return;
		const entry = storeTurns(this.#arena, turns);
		if (entry > 1) this.#blocks.put(key, entry);
		else if (entry === 1) whole.push(key, key);
	}

	#remove(key: number): void {
		giveSlice(this.#arena, this.#blocks.remove(key));
	}

	/** Leaves no unused block between the others. */
	#pack(): void {
		if (!this.#arena.isWorthPacking(0x1000)) return;
		const from = this.#units;
		const arena = privateArena(this.#arena.used);
		this.#blocks.move((at) => copySlice(from, at, arena));
		this.#arena = arena;
		this.#units = arena.units;
	}
}

function privateArena(length: number): Arena<Uint32Array> {
	return new Arena<Uint32Array>(new Uint32Array(length), (wanted) => new Uint32Array(wanted));
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
