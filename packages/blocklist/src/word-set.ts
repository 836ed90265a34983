/**
 * A set of 32-bit numbers, IPv4 addresses for instance, asked in a time that does not depend on what is in it.
 *
 * `root` has an entry for each value of the upper 16 bits: 0 for none of them, 1 for all, else where the block is. A block
 * is a header (bit 0: whether it begins inside, above it the count) and the places of the lower 16 bits where belonging
 * turns, found by binary search; or, above MOST_TURNS, a bit for each of the 65,536. A short set is one list of turns.
 */
import { Arena } from './arena.ts';
import type { Journal } from './journal.ts';
import { splice, Turns } from './turns.ts';

const BUCKETS = 65_536;
/** The most turns of a set without root, which would take 256 KB. */
const MOST_FEW = 64;
const MOST_TURNS = 2048;
/** Fewer turns than this make a list of a bitmap again. */
const FEWEST_OF_BITMAP = 1024;
const BITMAP = 0xffff;
const BITMAP_UNITS = BUCKETS / 16 + 1;

const turns = new Turns();

/** What a reader in another thread needs. */
export interface WordSetMemory {
	root: Int32Array;
	units: Uint16Array;
	/** Of the thread that writes. */
	journal: Journal;
}

export class WordSet {
	#root: Int32Array | undefined;
	#arena: Arena<Uint16Array>;
	readonly #journal: Journal | undefined;
	/** The hot path's own view of the arena. */
	#units: Uint16Array;
	#few: Uint32Array = new Uint32Array(4);
	#fewCount = 0;
	#fewStart: 0 | 1 = 0;

	constructor(memory?: WordSetMemory) {
		this.#root = memory?.root;
		this.#journal = memory?.journal;
		this.#arena = memory
			? new Arena(memory.units, undefined, memory.journal)
			: new Arena<Uint16Array>(new Uint16Array(0), (length) => new Uint16Array(length));
		this.#units = this.#arena.units;
	}

	has(word: number): boolean {
		const root = this.#root;
		if (root === undefined) return this.#fewHas(word);
		const at = root[word >>> 16] ?? 0;
		if (at < 2) return at === 1;
		const units = this.#units;
		const header = units[at] ?? 0;
		const low = word & 0xffff;
		if (header === BITMAP) return (((units[at + 1 + (low >>> 4)] ?? 0) >>> (low & 15)) & 1) === 1;
		// No branch depends on what is compared: a wrong guess costs more than all of the search.
		let base = at + 1;
		let count = header >>> 1;
		while (count > 1) {
			const half = count >>> 1;
			base += (((units[base + half - 1] ?? 0) - low - 1) >> 31) & half;
			count -= half;
		}
		const rank = base - at - 1 + ((((units[base] ?? 0) - low - 1) >>> 31) & count);
		return ((rank + header) & 1) === 1;
	}

	#fewHas(word: number): boolean {
		const few = this.#few;
		let base = 0;
		let count = this.#fewCount;
		if (count === 0) return this.#fewStart === 1;
		while (count > 1) {
			const half = count >>> 1;
			base += half & (isBelow(word, few[base + half - 1] ?? 0) - 1);
			count -= half;
		}
		const rank = base + 1 - isBelow(word, few[base] ?? 0);
		return ((rank + this.#fewStart) & 1) === 1;
	}

	/** From `first` to `last` the set becomes `ranges`: pairs of ends, ascending, apart from each other. */
	replace(first: number, last: number, ranges: Uint32Array): void {
		if (this.#root === undefined) {
			splice(turns, this.#few, 0, this.#fewCount, this.#fewStart, first, last, 2 ** 32, ranges, 0);
			if (turns.count <= MOST_FEW) this.#keepFew();
			else this.#spread();
			return;
		}
		const end = last >>> 16;
		let next = 0;
		for (let bucket = first >>> 16; bucket <= end; bucket++) {
			while ((ranges[next + 1] ?? Infinity) < bucket * BUCKETS) next += 2;
			const from = bucket === first >>> 16 ? first & 0xffff : 0;
			const to = bucket === end ? last & 0xffff : 0xffff;
			this.#replaceInBucket(bucket, from, to, next === 0 ? ranges : ranges.subarray(next));
		}
	}

	add(first: number, last: number): void {
		this.replace(first, last, Uint32Array.of(first, last));
	}

	/** Makes the set anew of all its ranges: pairs of ends, ascending, apart from each other. */
	build(ranges: Uint32Array): void {
		if (this.#root === undefined && ranges.length <= MOST_FEW) {
			this.#fewCount = this.#fewStart = 0;
			this.replace(0, 0xffff_ffff, ranges);
			return;
		}
		if (!this.#arena.isShared) {
			// Two bytes an end, and a header for most buckets.
			const estimate = ranges.length + 4 * Math.min(BUCKETS, ranges.length);
			this.#root = new Int32Array(BUCKETS);
			this.#arena = new Arena<Uint16Array>(new Uint16Array(estimate), (length) => new Uint16Array(length));
			this.#units = this.#arena.units;
		}
		this.#fill(ranges);
		this.#arena.trim();
		this.#units = this.#arena.units;
	}

	/** All ranges: pairs of ends, ascending, apart from each other. */
	ranges(): Uint32Array {
		const all = new Turns();
		all.begin();
		if (this.#root === undefined) {
			all.turn(0, this.#fewStart);
			for (let i = 0; i < this.#fewCount; i++)
				all.turn(this.#few[i] ?? 0, (this.#fewStart ^ ((i + 1) & 1)) === 1 ? 1 : 0);
		} else {
			for (let bucket = 0; bucket < BUCKETS; bucket++) this.#readBucket(bucket, all);
		}
		return pairsOf(all, 0xffff_ffff);
	}

	get byteLength(): number {
		return this.#root === undefined ? this.#few.byteLength : this.#root.byteLength + this.#units.byteLength;
	}

	#keepFew(): void {
		if (this.#few.length < turns.count) this.#few = new Uint32Array(Math.min(MOST_FEW, 2 * turns.count));
		this.#few.set(turns.positions.subarray(0, turns.count));
		this.#fewCount = turns.count;
		this.#fewStart = turns.start;
	}

	/** The list of turns has become too long to be one. */
	#spread(): void {
		const ranges = pairsOf(turns, 0xffff_ffff);
		this.#root = new Int32Array(BUCKETS);
		this.#fill(ranges);
		this.#few = new Uint32Array(0);
	}

	#fill(ranges: Uint32Array): void {
		const shared = this.#arena.isShared;
		let bucket = 0;
		turns.begin();
		const finish = (next: number): void => {
			if (turns.count > 0 || turns.start === 1 || shared) this.#store(bucket);
			for (let between = bucket + 1; shared && between < Math.min(next, BUCKETS); between++) this.#publish(between, 0);
			bucket = next;
			turns.begin();
		};
		for (let i = 0; i + 1 < ranges.length; i += 2) {
			const start = ranges[i] ?? 0;
			const end = ranges[i + 1] ?? 0;
			if (start >>> 16 !== bucket) finish(start >>> 16);
			turns.turn(start & 0xffff, 1);
			if (end >>> 16 !== bucket) {
				finish(bucket + 1);
				while (bucket < end >>> 16) this.#publish(bucket++, 1);
				turns.turn(0, 1);
			}
			if ((end & 0xffff) < 0xffff) turns.turn((end & 0xffff) + 1, 0);
		}
		finish(BUCKETS);
	}

	#replaceInBucket(bucket: number, from: number, to: number, ranges: Uint32Array): void {
		const at = this.#root?.[bucket] ?? 0;
		const units = this.#units;
		const header = at < 2 ? at : (units[at] ?? 0);
		const base = bucket * BUCKETS;
		if (header === BITMAP) {
			this.#paint(bucket, at, from, to, ranges, base);
			return;
		}
		const count = at < 2 ? 0 : header >>> 1;
		splice(turns, units, at + 1, count, (header & 1) === 1 ? 1 : 0, from, to, BUCKETS, ranges, base);
		this.#store(bucket);
	}

	/** Puts `turns` in the place of a bucket. */
	#store(bucket: number): void {
		if (turns.count === 0) {
			this.#publish(bucket, turns.start);
			return;
		}
		const isBitmap = turns.count > MOST_TURNS;
		const length = isBitmap ? BITMAP_UNITS : turns.count + 1;
		const old = this.#root?.[bucket] ?? 0;
		const inPlace = old > 1 && !this.#arena.isShared && this.#arena.sameSize(length, this.#lengthOf(old));
		if (!inPlace && this.#arena.isWorthPacking(length)) this.#pack();
		const at = inPlace ? old : this.#arena.take(length);
		this.#units = this.#arena.units;
		const units = this.#units;
		if (isBitmap) {
			units[at] = BITMAP;
			units.fill(0, at + 1, at + BITMAP_UNITS);
			const pairs = pairsOf(turns, 0xffff);
			for (let i = 0; i + 1 < pairs.length; i += 2) paintBits(units, at + 1, pairs[i] ?? 0, pairs[i + 1] ?? 0, 1);
		} else {
			units[at] = (turns.count << 1) | turns.start;
			for (let i = 0; i < turns.count; i++) units[at + 1 + i] = turns.positions[i] ?? 0;
		}
		if (!inPlace) this.#publish(bucket, at);
	}

	/** A bitmap is changed where it is, or copied where others may be reading it. */
	#paint(bucket: number, old: number, from: number, to: number, ranges: Uint32Array, base: number): void {
		const at = this.#arena.isShared ? this.#arena.take(BITMAP_UNITS) : old;
		const units = this.#units;
		if (at !== old) units.copyWithin(at, old, old + BITMAP_UNITS);
		paintBits(units, at + 1, from, to, 0);
		let painted = 0;
		for (let i = 0; i + 1 < ranges.length; i += 2) {
			const first = Math.max(from, (ranges[i] ?? 0) - base);
			const last = Math.min(to, (ranges[i + 1] ?? 0) - base);
			if (first > to) break;
			if (first > last) continue;
			paintBits(units, at + 1, first, last, 1);
			painted += last - first + 1;
		}
		// Only what was removed, or was a large part, can have made the turns few.
		if (painted === to - from + 1 && painted < BUCKETS / 64) {
			if (at !== old) this.#publish(bucket, at);
			return;
		}
		if (countTurns(units, at + 1) < FEWEST_OF_BITMAP) {
			turns.begin();
			readBits(units, at + 1, 0, turns);
			if (at !== old) this.#arena.give(at, BITMAP_UNITS);
			this.#store(bucket);
		} else if (at !== old) this.#publish(bucket, at);
	}

	/** What readers follow is the last thing that is written. */
	#publish(bucket: number, at: number): void {
		if (this.#root === undefined) return;
		const old = this.#root[bucket] ?? 0;
		if (old === at) return;
		if (this.#journal) this.#journal.store(this.#root, bucket, at);
		else this.#root[bucket] = at;
		if (old > 1) this.#arena.give(old, this.#lengthOf(old));
	}

	/** Leaves no unused block between the others. */
	#pack(): void {
		const root = this.#root ?? new Int32Array(0);
		const from = this.#units;
		const arena = new Arena(new Uint16Array(this.#arena.used), (length) => new Uint16Array(length));
		for (let bucket = 0; bucket < root.length; bucket++) {
			const old = root[bucket] ?? 0;
			if (old < 2) continue;
			const length = this.#lengthOf(old);
			const at = arena.take(length);
			arena.units.set(from.subarray(old, old + length), at);
			root[bucket] = at;
		}
		this.#arena = arena;
	}

	#lengthOf(at: number): number {
		const header = this.#units[at] ?? 0;
		return header === BITMAP ? BITMAP_UNITS : (header >>> 1) + 1;
	}

	#readBucket(bucket: number, into: Turns): void {
		const at = this.#root?.[bucket] ?? 0;
		const base = bucket * BUCKETS;
		if (at < 2) {
			into.turn(base, at === 1 ? 1 : 0);
			return;
		}
		const header = this.#units[at] ?? 0;
		if (header === BITMAP) {
			readBits(this.#units, at + 1, base, into);
			return;
		}
		let state: 0 | 1 = (header & 1) === 1 ? 1 : 0;
		into.turn(base, state);
		for (let i = 0; i < header >>> 1; i++) {
			state = state === 0 ? 1 : 0;
			into.turn(base + (this.#units[at + 1 + i] ?? 0), state);
		}
	}
}

/** 1 if `a` is below `b`, of unsigned words, else 0: the bit that a subtraction would borrow, without a branch. */
function isBelow(a: number, b: number): number {
	return ((~a & b) | (~(a ^ b) & (a - b))) >>> 31;
}

/** The ranges between turns. */
function pairsOf({ positions, count, start }: Turns, largest: number): Uint32Array {
	const pairs = new Uint32Array(2 * ((count + start + 1) >> 1));
	let length = start;
	for (let i = 0; i < count; i++, length++) pairs[length] = (positions[i] ?? 0) - (length & 1);
	if ((length & 1) === 1) pairs[length] = largest;
	return pairs;
}

function paintBits(units: Uint16Array, at: number, first: number, last: number, bit: 0 | 1): void {
	const from = first >>> 4;
	const to = last >>> 4;
	for (let unit = from; unit <= to; unit++) {
		if (unit > from && unit < to) {
			units[at + unit] = bit === 1 ? 0xffff : 0;
			continue;
		}
		const low = unit === from ? first & 15 : 0;
		const high = unit === to ? last & 15 : 15;
		const mask = ((2 << high) - 1) & ~((1 << low) - 1);
		units[at + unit] = bit === 1 ? (units[at + unit] ?? 0) | mask : (units[at + unit] ?? 0) & ~mask;
	}
}

function countTurns(units: Uint16Array, at: number): number {
	let count = 0;
	let carry = (units[at] ?? 0) & 1;
	for (let unit = 0; unit < BUCKETS / 16; unit++) {
		const bits = units[at + unit] ?? 0;
		let changes = bits ^ (((bits << 1) | carry) & 0xffff);
		carry = bits >>> 15;
		// The ones in each pair, each four, each eight and all sixteen bits.
		changes -= (changes >>> 1) & 0x5555;
		changes = (changes & 0x3333) + ((changes >>> 2) & 0x3333);
		changes = (changes + (changes >>> 4)) & 0x0f0f;
		count += (changes + (changes >>> 8)) & 0x1f;
	}
	return count;
}

function readBits(units: Uint16Array, at: number, base: number, into: Turns): void {
	for (let unit = 0; unit < BUCKETS / 16; unit++) {
		const bits = units[at + unit] ?? 0;
		if (bits === 0 || bits === 0xffff) into.turn(base + 16 * unit, bits === 0 ? 0 : 1);
		else for (let bit = 0; bit < 16; bit++) into.turn(base + 16 * unit + bit, ((bits >>> bit) & 1) === 1 ? 1 : 0);
	}
}
