/**
 * A set of 32-bit numbers, IPv4 addresses for instance, asked in a time that does not depend on what is in it: a table of
 * buckets, or, where belonging turns only a few times, one list.
 */
import { Arena } from './arena.ts';
import { BITMAP_UNITS, countTurns, paintBits } from './bitmap.ts';
import {
	blockLength,
	bucketOf,
	bucketsHave,
	entryOf,
	isBitmap,
	lengthOf,
	moved,
	placeOf,
	readBucket,
	SIZE,
	stateOf,
	turnsOf,
	writeBucket,
} from './bucket.ts';
import { FewWords, MOST_FEW } from './few-words.ts';
import type { Journal } from './journal.ts';
import { splice, Turns } from './turns.ts';

/** How many entries `root` has, which thus takes 512 KB. */
export const BUCKETS = 131_072;

const LAST_LOW = SIZE - 1;
const WORD_MAX = 0xffff_ffff;
/** Fewer turns than this make a list of a bitmap again. */
const FEWEST_OF_BITMAP = 512;

const turns = new Turns();

/** What a reader in another thread needs. */
export interface WordSetMemory {
	/** Of BUCKETS entries. */
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
	/** The set, while there is no root. */
	#few: FewWords = new FewWords();

	constructor(memory?: WordSetMemory) {
		this.#root = memory?.root;
		this.#journal = memory?.journal;
		this.#arena = memory ? new Arena(memory.units, undefined, memory.journal) : privateArena(0);
		this.#units = this.#arena.units;
	}

	has(word: number): boolean {
		const root = this.#root;
		if (root === undefined) return this.#few.has(word);
		return bucketsHave(root, this.#units, word);
	}

	/** False if no number with these upper 16 bits is in the set. */
	mayHave(front: number): boolean {
		const root = this.#root;
		if (root === undefined) return this.#few.hasTop(front >>> 8);
		return ((root[2 * front] ?? 0) | (root[2 * front + 1] ?? 0)) !== 0;
	}

	/** From `first` to `last` the set becomes `ranges`: pairs of ends, ascending, apart from each other. */
	replace(first: number, last: number, ranges: Uint32Array): void {
		if (this.#root === undefined) {
			this.#few.splice(turns, first, last, ranges);
			if (turns.count <= MOST_FEW) this.#few.keep(turns);
			else this.#spread();
			return;
		}
		const end = bucketOf(last);
		let next = 0;
		for (let bucket = bucketOf(first); bucket <= end; bucket++) {
			while ((ranges[next + 1] ?? Infinity) < bucket * SIZE) next += 2;
			const from = bucket === bucketOf(first) ? first & LAST_LOW : 0;
			const to = bucket === end ? last & LAST_LOW : LAST_LOW;
			this.#replaceInBucket(bucket, from, to, next === 0 ? ranges : ranges.subarray(next));
		}
	}

	add(first: number, last: number): void {
		this.replace(first, last, Uint32Array.of(first, last));
	}

	/** Makes the set anew of all its ranges: pairs of ends, ascending, apart from each other. */
	build(ranges: Uint32Array): void {
		if (this.#root === undefined && ranges.length <= MOST_FEW) {
			this.replace(0, WORD_MAX, ranges);
			return;
		}
		if (!this.#arena.isShared) {
			this.#root = new Int32Array(BUCKETS);
			// A turn for each end, and what rounding adds to most blocks.
			this.#arena = privateArena(ranges.length + 2 * Math.min(BUCKETS, ranges.length));
		}
		this.#fill(ranges);
		this.#arena.trim();
		this.#units = this.#arena.units;
	}

	/** All ranges: pairs of ends, ascending, apart from each other. */
	ranges(): Uint32Array {
		const all = new Turns();
		all.begin();
		if (this.#root === undefined) this.#few.read(all);
		else
			for (let bucket = 0; bucket < BUCKETS; bucket++)
				readBucket(this.#units, this.#root[bucket] ?? 0, bucket * SIZE, all);
		return all.pairs(WORD_MAX);
	}

	get byteLength(): number {
		return this.#root === undefined ? this.#few.byteLength : this.#root.byteLength + this.#units.byteLength;
	}

	/** The list of turns has become too long to be one. */
	#spread(): void {
		const ranges = turns.pairs(WORD_MAX);
		this.#root = new Int32Array(BUCKETS);
		this.#fill(ranges);
		this.#few = new FewWords();
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
			if (bucketOf(start) !== bucket) finish(bucketOf(start));
			turns.turn(start & LAST_LOW, 1);
			if (bucketOf(end) !== bucket) {
				finish(bucket + 1);
				while (bucket < bucketOf(end)) this.#publish(bucket++, 1);
				turns.turn(0, 1);
			}
			if ((end & LAST_LOW) < LAST_LOW) turns.turn((end & LAST_LOW) + 1, 0);
		}
		finish(BUCKETS);
	}

	#replaceInBucket(bucket: number, from: number, to: number, ranges: Uint32Array): void {
		const entry = this.#root?.[bucket] ?? 0;
		if (isBitmap(entry)) {
			this.#paint(bucket, entry, from, to, ranges);
			return;
		}
		const { at, count } = turnsOf(this.#units, entry);
		splice(turns, this.#units, at, count, stateOf(entry), from, to, SIZE, ranges, bucket * SIZE);
		this.#store(bucket);
	}

	/** Puts `turns` in the place of a bucket. */
	#store(bucket: number): void {
		if (turns.count === 0) {
			this.#publish(bucket, turns.start);
			return;
		}
		const length = blockLength(turns.count);
		const old = this.#root?.[bucket] ?? 0;
		const oldLength = lengthOf(this.#units, old);
		const inPlace = oldLength > 0 && !this.#arena.isShared && this.#arena.sameSize(length, oldLength);
		// All of the root is looked through for it, so not for less than that.
		if (!inPlace && this.#arena.used > BUCKETS && this.#arena.isWorthPacking(length)) this.#pack();
		const entry = entryOf(inPlace ? placeOf(old) : this.#arena.take(length), turns.count, turns.start);
		this.#units = this.#arena.units;
		writeBucket(this.#units, entry, turns);
		if (inPlace && this.#root) this.#root[bucket] = entry;
		else this.#publish(bucket, entry);
	}

	/** A bitmap is changed where it is, or copied where others may be reading it. */
	#paint(bucket: number, old: number, from: number, to: number, ranges: Uint32Array): void {
		const before = placeOf(old);
		const at = this.#arena.isShared ? this.#arena.take(BITMAP_UNITS) : before;
		const units = this.#units;
		if (at !== before) units.copyWithin(at, before, before + BITMAP_UNITS);
		paintBits(units, at, from, to, 0);
		let painted = 0;
		for (let i = 0; i + 1 < ranges.length; i += 2) {
			const first = Math.max(from, (ranges[i] ?? 0) - bucket * SIZE);
			const last = Math.min(to, (ranges[i + 1] ?? 0) - bucket * SIZE);
			if (first > to) break;
			if (first > last) continue;
			paintBits(units, at, first, last, 1);
			painted += last - first + 1;
		}
		// Only what was removed, or was a large part, can have made the turns few.
		const mayBeFew = painted < to - from + 1 || painted >= SIZE / 64;
		if (mayBeFew && countTurns(units, at) < FEWEST_OF_BITMAP) {
			turns.begin();
			readBucket(units, moved(old, at), 0, turns);
			if (at !== before) this.#arena.give(at, BITMAP_UNITS);
			this.#store(bucket);
		} else {
			this.#publish(bucket, moved(old, at));
		}
	}

	/** What readers follow is the last thing that is written. */
	#publish(bucket: number, entry: number): void {
		if (this.#root === undefined) return;
		const old = this.#root[bucket] ?? 0;
		if (old === entry) return;
		if (this.#journal) this.#journal.store(this.#root, bucket, entry);
		else this.#root[bucket] = entry;
		const length = lengthOf(this.#units, old);
		if (length > 0) this.#arena.give(placeOf(old), length);
	}

	/** Leaves no unused block between the others. */
	#pack(): void {
		const root = this.#root ?? new Int32Array(0);
		const from = this.#units;
		const arena = privateArena(this.#arena.used);
		for (let bucket = 0; bucket < root.length; bucket++) {
			const old = root[bucket] ?? 0;
			if (placeOf(old) === 0) continue;
			const length = lengthOf(from, old);
			const at = arena.take(length);
			arena.units.set(from.subarray(placeOf(old), placeOf(old) + length), at);
			root[bucket] = moved(old, at);
		}
		this.#arena = arena;
	}
}

function privateArena(length: number): Arena<Uint16Array> {
	return new Arena<Uint16Array>(new Uint16Array(length + 4), (grown) => new Uint16Array(grown));
}
