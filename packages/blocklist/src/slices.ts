/**
 * The part of an IPv6 set that shares its upper 32 bits, as a block of words in an arena.
 *
 * The header's lowest bit says whether the block begins inside, the next two its form, the others how many entries follow:
 * turns of one word, where all of them end in 64 zero bits, as those of prefixes up to /64 do; turns of three words; or,
 * above MOST_TURNS, a directory of blocks of both kinds, each with the three words from which on it counts, so that a
 * change copies no more than one of them.
 */
import type { Arena } from './arena.ts';
import { spliceWide, WideTurns } from './wide-turns.ts';

const FORM = { one: 0, three: 2, directory: 4 } as const;
const FORM_BITS = 6;
const COUNT_SHIFT = 3;
const WORDS = { [FORM.one]: 1, [FORM.three]: 3 } as const;

const MOST_TURNS = 512;
/** Of the parts that a long block is cut into. */
const PART_TURNS = 256;

const old = new WideTurns();
const turns = new WideTurns();

/** Whether the lower 96 bits, signed or not, are in the block. */
export function sliceHas(units: Uint32Array, at: number, w1: number, w2: number, w3: number): boolean {
	const a = w1 >>> 0;
	const b = w2 >>> 0;
	const c = w3 >>> 0;
	let header = units[at] ?? 0;
	let base = at + 1;
	let count = header >>> COUNT_SHIFT;
	if ((header & FORM_BITS) === FORM.directory) {
		// The last entry that begins at or before the address; the first one begins at zero.
		while (count > 1) {
			const half = count >>> 1;
			if (isFrom(units, base + 4 * half, a, b, c)) base += 4 * half;
			count -= half;
		}
		const part = units[base + 3] ?? 0;
		header = units[part] ?? 0;
		base = part + 1;
		count = header >>> COUNT_SHIFT;
	}
	let rank = 0;
	if ((header & FORM_BITS) === FORM.one) {
		while (count > 0) {
			const half = (count + 1) >>> 1;
			if ((units[base + rank + half - 1] ?? 0) <= a) rank += half;
			count -= half;
		}
	} else {
		while (count > 0) {
			const half = (count + 1) >>> 1;
			if (isFrom(units, base + 3 * (rank + half - 1), a, b, c)) rank += half;
			count -= half;
		}
	}
	return ((rank + header) & 1) === 1;
}

/** Whether the address is at or after the place that stands at `at`. */
function isFrom(units: Uint32Array, at: number, a: number, b: number, c: number): boolean {
	const first = units[at] ?? 0;
	if (first !== a) return first < a;
	const second = units[at + 1] ?? 0;
	return second === b ? (units[at + 2] ?? 0) <= c : second < b;
}

/** What a block was replaced by: all of them (1), none (0), or the block at `at`. */
export type Replaced = { at: number } | 0 | 1;

/**
 * From `first` to `last` the block becomes `ranges`.
 * @param from - where the block is, or 0 or 1 for none and all addresses.
 * @returns where the new one is. The old one is not given back yet, except for what a directory let go.
 */
export function replaceSlice(
	arena: Arena<Uint32Array>,
	from: number,
	first: Uint32Array,
	last: Uint32Array,
	ranges: Uint32Array,
): Replaced {
	if (from > 1 && ((arena.units[from] ?? 0) & FORM_BITS) === FORM.directory) {
		return replaceInDirectory(arena, from, first, last, ranges);
	}
	readSlice(arena.units, from, old);
	spliceWide(turns, old, first, last, ranges);
	return storeTurns(arena, turns);
}

/** Writes turns as a block. */
export function storeTurns(arena: Arena<Uint32Array>, from: WideTurns): Replaced {
	if (from.count === 0) return from.start;
	const entries = writeParts(arena, from, 0, 0, 0);
	return { at: entries.length === 4 ? (entries[3] ?? 0) : writeDirectory(arena, entries) };
}

/** Collects all turns of a block, or of none (0) or all (1). */
export function readSlice(units: Uint32Array, from: number, into: WideTurns): void {
	if (from < 2) {
		into.begin(from === 1 ? 1 : 0);
		return;
	}
	const header = units[from] ?? 0;
	into.begin();
	if ((header & FORM_BITS) !== FORM.directory) readPart(units, from, 0, 0, 0, into);
	else for (let i = 0; i < header >>> COUNT_SHIFT; i++) readEntry(units, from + 1 + 4 * i, into);
}

/** Gives back a block with all that it leads to. */
export function giveSlice(arena: Arena<Uint32Array>, at: number): void {
	const { units } = arena;
	const header = units[at] ?? 0;
	if ((header & FORM_BITS) === FORM.directory) {
		for (let i = 0; i < header >>> COUNT_SHIFT; i++) giveBlock(arena, units[at + 4 + 4 * i] ?? 0);
	}
	giveBlock(arena, at);
}

/** @returns where the copy is. */
export function copySlice(from: Uint32Array, at: number, to: Arena<Uint32Array>): number {
	const length = lengthOf(from, at);
	const copy = to.take(length);
	to.units.set(from.subarray(at, at + length), copy);
	const header = from[at] ?? 0;
	if ((header & FORM_BITS) === FORM.directory) {
		for (let i = 0; i < header >>> COUNT_SHIFT; i++) {
			const part = copySlice(from, from[at + 4 + 4 * i] ?? 0, to);
			to.units[copy + 4 + 4 * i] = part;
		}
	}
	return copy;
}

/** Only the parts that are touched are written again. */
function replaceInDirectory(
	arena: Arena<Uint32Array>,
	directory: number,
	first: Uint32Array,
	last: Uint32Array,
	ranges: Uint32Array,
): Replaced {
	const before = arena.units;
	const count = (before[directory] ?? 0) >>> COUNT_SHIFT;
	const begin = entryOf(before, directory, count, first);
	const end = entryOf(before, directory, count, last);
	const entry = directory + 1 + 4 * begin;
	const next = directory + 5 + 4 * end;
	const stale: number[] = [];
	old.begin(stateOf(before, before[entry + 3] ?? 0));
	for (let at = entry; at < next; at += 4) {
		readEntry(before, at, old);
		stale.push(before[at + 3] ?? 0);
	}
	spliceWide(turns, old, first, last, ranges);
	// The next part says by itself what it begins with, and so do these.
	if (end < count - 1 && isAt(turns, turns.count - 1, before, next)) turns.count--;
	if (begin > 0 && isAt(turns, 0, before, entry)) turns.dropFirst();
	const entries = writeParts(arena, turns, before[entry] ?? 0, before[entry + 1] ?? 0, before[entry + 2] ?? 0);
	// The arena may have grown.
	const { units } = arena;
	let at = directory;
	if (entries.length === 4 && begin === end) {
		arena.publish(entry + 3, entries[3] ?? 0);
	} else {
		const head = units.subarray(directory + 1, entry);
		const tail = units.subarray(next, directory + 1 + 4 * count);
		const all = new Uint32Array(head.length + entries.length + tail.length);
		all.set(head);
		all.set(entries, head.length);
		all.set(tail, head.length + entries.length);
		at = writeDirectory(arena, all);
	}
	for (const part of stale) giveBlock(arena, part);
	return { at };
}

/** Which entry of a directory is about an address. */
function entryOf(units: Uint32Array, directory: number, count: number, [, a = 0, b = 0, c = 0]: Uint32Array): number {
	let entry = 0;
	let rest = count;
	while (rest > 1) {
		const half = rest >>> 1;
		if (isFrom(units, directory + 1 + 4 * (entry + half), a, b, c)) entry += half;
		rest -= half;
	}
	return entry;
}

/**
 * Writes turns as one block, or as many, if they are too many for one.
 * @returns entries of a directory; the first begins at the place given.
 */
function writeParts(arena: Arena<Uint32Array>, from: WideTurns, a: number, b: number, c: number): Uint32Array {
	const { count, positions } = from;
	if (count <= MOST_TURNS) return Uint32Array.of(a, b, c, writePart(arena, from, 0, count));
	const entries = [a, b, c, writePart(arena, from, 0, PART_TURNS)];
	for (let i = PART_TURNS; i < count; i += PART_TURNS) {
		// The turn at which the part begins is what it begins with.
		const part = writePart(arena, from, i + 1, Math.min(count, i + PART_TURNS));
		entries.push(positions[3 * i] ?? 0, positions[3 * i + 1] ?? 0, positions[3 * i + 2] ?? 0, part);
	}
	return Uint32Array.from(entries);
}

function writePart(arena: Arena<Uint32Array>, { positions, start }: WideTurns, from: number, to: number): number {
	let form: 0 | 2 = FORM.one;
	for (let i = from; i < to; i++) {
		if (((positions[3 * i + 1] ?? 0) | (positions[3 * i + 2] ?? 0)) !== 0) {
			form = FORM.three;
			break;
		}
	}
	const at = arena.take(1 + (to - from) * WORDS[form]);
	const { units } = arena;
	units[at] = ((to - from) << COUNT_SHIFT) | form | ((start ^ from) & 1);
	let end = at + 1;
	for (let i = from; i < to; i++) {
		units[end++] = positions[3 * i] ?? 0;
		if (form === FORM.one) continue;
		units[end++] = positions[3 * i + 1] ?? 0;
		units[end++] = positions[3 * i + 2] ?? 0;
	}
	return at;
}

function writeDirectory(arena: Arena<Uint32Array>, entries: Uint32Array): number {
	const at = arena.take(1 + entries.length);
	arena.units[at] = ((entries.length / 4) << COUNT_SHIFT) | FORM.directory;
	arena.units.set(entries, at + 1);
	return at;
}

function readEntry(units: Uint32Array, entry: number, into: WideTurns): void {
	readPart(units, units[entry + 3] ?? 0, units[entry] ?? 0, units[entry + 1] ?? 0, units[entry + 2] ?? 0, into);
}

/** Collects the turns of a block that holds from a place on. */
function readPart(units: Uint32Array, at: number, a: number, b: number, c: number, into: WideTurns): void {
	const header = units[at] ?? 0;
	let state = stateOf(units, at);
	into.turn(a, b, c, state);
	const isOne = (header & FORM_BITS) === FORM.one;
	for (let i = 0; i < header >>> COUNT_SHIFT; i++) {
		state = state === 0 ? 1 : 0;
		if (isOne) into.turn(units[at + 1 + i] ?? 0, 0, 0, state);
		else into.turn(units[at + 1 + 3 * i] ?? 0, units[at + 2 + 3 * i] ?? 0, units[at + 3 + 3 * i] ?? 0, state);
	}
}

function stateOf(units: Uint32Array, at: number): 0 | 1 {
	return ((units[at] ?? 0) & 1) === 1 ? 1 : 0;
}

function isAt({ positions, count }: WideTurns, index: number, units: Uint32Array, place: number): boolean {
	if (index < 0 || index >= count) return false;
	for (let i = 0; i < 3; i++) if (positions[3 * index + i] !== units[place + i]) return false;
	return true;
}

function lengthOf(units: Uint32Array, at: number): number {
	const header = units[at] ?? 0;
	const form = header & FORM_BITS;
	return 1 + (header >>> COUNT_SHIFT) * (form === FORM.one ? 1 : form === FORM.three ? 3 : 4);
}

function giveBlock(arena: Arena<Uint32Array>, at: number): void {
	arena.give(at, lengthOf(arena.units, at));
}
