/**
 * The part of an IPv6 set that shares its upper 32 bits: nothing (0), everything (1), or a block of words in an arena,
 * which is found at a number from 4 on.
 *
 * More than MOST_TURNS of a block (slice-block.ts) become a directory: its header has how many bits come next, by which it
 * is cut into parts, each as above. A part that is changed is written anew, its directory is not.
 */
import { maskIPv4 } from '@net/ip';
import type { Arena } from './arena.ts';
import { blockHas, blockLength, COUNT_SHIFT, DIRECTORY, readBlock, startOf, storeBlock } from './slice-block.ts';
import { isAfter, spliceWide, WideTurns } from './wide-turns.ts';

const MOST_TURNS = 128;
/** So few turns of a directory, or so few for each of its parts, are stored anew. */
const FEW_TURNS = 64;
const FEW_SHARE = 1 / 4;
/** A directory is cut by so many bits that this is left for each part, about; they never belong to two words. */
const TURNS_OF_PART = 8;
const LEAST_BITS = 4;
const MOST_BITS = 16;
/** More directories than there are one in another. */
const DEEPEST = 96 / LEAST_BITS + 3;

const old = new WideTurns();
const turns = new WideTurns();

/** Whether the lower 96 bits, signed, are in the block. */
export function sliceHas(units: Uint32Array, block: number, w1: number, w2: number, w3: number): boolean {
	let at = block;
	let header = units[at] ?? 0;
	let used = 0;
	for (let depth = 0; (header & DIRECTORY) !== 0 && depth < DEEPEST; depth++) {
		const bits = header >>> COUNT_SHIFT;
		const word = used < 32 ? w1 : used < 64 ? w2 : w3;
		at = units[at + 1 + partOf(word, used, bits)] ?? 0;
		if (at < 2) return at === 1;
		header = units[at] ?? 0;
		used += bits;
	}
	return blockHas(units, at, header, w1, w2, w3);
}

/**
 * From `first` to `last` the part becomes `ranges`.
 * @returns what stands for it now. The old block is not given back yet, except for what a directory let go.
 */
export function replaceSlice(
	arena: Arena<Uint32Array>,
	entry: number,
	first: Uint32Array,
	last: Uint32Array,
	ranges: Uint32Array,
): number {
	if (isDirectory(arena.units, entry)) return replaceInDirectory(arena, entry, 0, first, last, ranges);
	readSlice(arena.units, entry, old);
	spliceWide(turns, old, first, last, ranges);
	return storeTurns(arena, turns);
}

/** Writes turns as a block, unless there are none. */
export function storeTurns(arena: Arena<Uint32Array>, from: WideTurns): number {
	return storePart(arena, from, 0, from.count, from.start, 0, START);
}

/** Collects all turns. */
export function readSlice(units: Uint32Array, entry: number, into: WideTurns): void {
	into.begin();
	readPart(units, entry, 0, START, into);
}

/** Gives back a block with all that it leads to. */
export function giveSlice(arena: Arena<Uint32Array>, entry: number): void {
	if (entry < 2) return;
	const { units } = arena;
	const length = blockLength(units[entry] ?? 0);
	for (let i = 1; isDirectory(units, entry) && i < length; i++) giveSlice(arena, units[entry + i] ?? 0);
	arena.give(entry, length);
}

/** @returns where the copy is. */
export function copySlice(from: Uint32Array, entry: number, to: Arena<Uint32Array>): number {
	if (entry < 2) return entry;
	const length = blockLength(from[entry] ?? 0);
	const copy = to.take(length);
	to.units.set(from.subarray(entry, entry + length), copy);
	for (let i = 1; isDirectory(from, entry) && i < length; i++) {
		const part = copySlice(from, from[entry + i] ?? 0, to);
		to.units[copy + i] = part;
	}
	return copy;
}

/** The first address of a part. */
type Place = readonly [a: number, b: number, c: number];
const START: Place = [0, 0, 0];

/**
 * Only the parts that are touched are written again.
 * @param used - how many bits all addresses in the directory have in common.
 * @returns the directory, or what it has become.
 */
function replaceInDirectory(
	arena: Arena<Uint32Array>,
	directory: number,
	used: number,
	first: Uint32Array,
	last: Uint32Array,
	ranges: Uint32Array,
): number {
	const bits = (arena.units[directory] ?? 0) >>> COUNT_SHIFT;
	const word = 1 + (used >>> 5);
	const begin = partOf(first[word] ?? 0, used, bits);
	const end = partOf(last[word] ?? 0, used, bits);
	const place = frontOf([first[1] ?? 0, first[2] ?? 0, first[3] ?? 0], used);
	const only = arena.units[directory + 1 + begin] ?? 0;
	if (begin === end && isDirectory(arena.units, only)) {
		setPart(arena, directory, begin, replaceInDirectory(arena, only, used + bits, first, last, ranges));
	} else {
		old.begin();
		for (let part = begin; part <= end; part++) {
			const entry = arena.units[directory + 1 + part] ?? 0;
			readPart(arena.units, entry, used + bits, placeOf(place, used, bits, part), old);
		}
		spliceWide(turns, old, first, last, ranges);
		const entries = storeParts(arena, turns, 0, turns.count, turns.start, used, bits, place, begin, end);
		for (const [i, entry] of entries.entries()) setPart(arena, directory, begin + i, entry);
	}
	if (!hasFew(arena.units, directory)) return directory;
	turns.begin();
	readPart(arena.units, directory, used, place, turns);
	const begins = isAt(turns, 0, place);
	return storePart(arena, turns, begins ? 1 : 0, turns.count, begins ? 1 : turns.start, used, place);
}

function setPart(arena: Arena<Uint32Array>, directory: number, part: number, entry: number): void {
	const before = arena.units[directory + 1 + part] ?? 0;
	if (before === entry) return;
	arena.publish(directory + 1 + part, entry);
	giveSlice(arena, before);
}

/** Writes turns from one to another, which are those of the part that begins at `place`. */
function storePart(
	arena: Arena<Uint32Array>,
	list: WideTurns,
	from: number,
	to: number,
	state: 0 | 1,
	used: number,
	place: Place,
): number {
	if (from === to) return state;
	if (to - from <= MOST_TURNS) return storeBlock(arena, list, from, to, state);
	const wanted = Math.min(MOST_BITS, Math.max(LEAST_BITS, 31 - Math.clz32((to - from) / TURNS_OF_PART)));
	const bits = Math.min(wanted, 32 - (used & 31));
	const entries = storeParts(arena, list, from, to, state, used, bits, place, 0, 2 ** bits - 1);
	const at = arena.take(1 + entries.length);
	arena.units[at] = (bits << COUNT_SHIFT) | DIRECTORY;
	arena.units.set(entries, at + 1);
	return at;
}

/** Writes turns as some parts of a directory. What lies outside of these parts is left out. */
function storeParts(
	arena: Arena<Uint32Array>,
	list: WideTurns,
	from: number,
	to: number,
	start: 0 | 1,
	used: number,
	bits: number,
	place: Place,
	firstPart: number,
	lastPart: number,
): number[] {
	const { positions } = list;
	const rest = [0, 1, 2].map((word) => ~maskOf(used + bits, word));
	const entries: number[] = [];
	let state = start;
	let i = from;
	for (let part = firstPart; part <= lastPart; part++) {
		const first = placeOf(place, used, bits, part);
		if (i < to && isAt(list, i, first)) {
			state = state === 0 ? 1 : 0;
			i++;
		}
		const begin = i;
		const [a = 0, b = 0, c = 0] = first.map((word, k) => (word | (rest[k] ?? 0)) >>> 0);
		for (; i < to; i++) {
			if (isAfter(positions[3 * i] ?? 0, positions[3 * i + 1] ?? 0, positions[3 * i + 2] ?? 0, a, b, c)) break;
		}
		entries.push(storePart(arena, list, begin, i, state, used + bits, first));
		if (((i - begin) & 1) === 1) state = state === 0 ? 1 : 0;
	}
	return entries;
}

/** Collects the turns of a part. */
function readPart(units: Uint32Array, entry: number, used: number, place: Place, into: WideTurns): void {
	if (isDirectory(units, entry)) {
		const bits = (units[entry] ?? 0) >>> COUNT_SHIFT;
		for (let part = 0; part < 2 ** bits; part++) {
			readPart(units, units[entry + 1 + part] ?? 0, used + bits, placeOf(place, used, bits, part), into);
		}
		return;
	}
	into.turn(...place, entry < 2 ? (entry === 1 ? 1 : 0) : startOf(units, entry));
	if (entry > 1) readBlock(units, entry, into);
}

/** Whether a directory has fewer turns than are worth its parts. */
function hasFew(units: Uint32Array, directory: number): boolean {
	const end = directory + blockLength(units[directory] ?? 0);
	const few = Math.max(FEW_TURNS, FEW_SHARE * (end - directory));
	let count = 0;
	let before = 0;
	for (let at = directory + 1; at < end; at++) {
		const entry = units[at] ?? 0;
		if (isDirectory(units, entry)) return false;
		// There may be a turn where one part ends and another begins.
		if (entry !== before) count++;
		if (entry > 1) count += (units[entry] ?? 0) >>> COUNT_SHIFT;
		if (count > few) return false;
		before = entry;
	}
	return true;
}

function isDirectory(units: Uint32Array, entry: number): boolean {
	return entry > 1 && ((units[entry] ?? 0) & DIRECTORY) !== 0;
}

/** Which part of a directory an address belongs to. @param word - the one with the bits behind those that are used. */
function partOf(word: number, used: number, bits: number): number {
	return (word << (used & 31)) >>> (32 - bits);
}

/** The bits of one of three words that belong to the first so many. */
function maskOf(used: number, word: number): number {
	return maskIPv4(Math.min(32, Math.max(0, used - 32 * word)));
}

function frontOf([a, b, c]: Place, used: number): Place {
	return [(a & maskOf(used, 0)) >>> 0, (b & maskOf(used, 1)) >>> 0, (c & maskOf(used, 2)) >>> 0];
}

/** Where a part of the directory that begins at `place` begins. */
function placeOf([a, b, c]: Place, used: number, bits: number, part: number): Place {
	const set = (part << (32 - (used & 31) - bits)) >>> 0;
	return used < 32 ? [a + set, b, c] : used < 64 ? [a, b + set, c] : [a, b, c + set];
}

function isAt({ positions, count }: WideTurns, index: number, place: Place): boolean {
	return index < count && place.every((word, i) => positions[3 * index + i] === word);
}
