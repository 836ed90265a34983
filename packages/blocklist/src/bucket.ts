/**
 * The numbers of a set that share their upper 17 bits: an entry, and the block that it leads to.
 *
 * The entry says whether the bucket begins inside the set (bit 0), how often belonging turns in it (five bits), and where
 * its block is (the others, in steps of the arena's rounding). The block has the lower 15 bits of the places of these
 * turns, sorted; where there are more than MOST_SHORT, their number before them; above MOST_TURNS a bit for each number
 * instead. So 0 is the entry for none, and 1 for all.
 */
import { BITMAP_UNITS, paintBits, readBits } from './bitmap.ts';
import type { Turns } from './turns.ts';

const LOW_BITS = 15;
/** How many numbers there are in a bucket. */
export const SIZE: number = 2 ** LOW_BITS;

const LAST_LOW = SIZE - 1;
const MOST_TURNS = 1024;

/** What stands for the number of turns in an entry: up to MOST_SHORT it is the number. */
const MOST_SHORT = 29;
const LONG = 30;
const BITMAP = 31;
const FORM_MASK = 31;

const PLACE_SHIFT = 6;
/** An arena's blocks begin at multiples of four. */
const ROUNDING_SHIFT = 2;

/** Which bucket a number belongs to. */
export function bucketOf(word: number): number {
	return word >>> LOW_BITS;
}

/**
 * Whether a number is in its bucket. No branch depends on what is compared: a wrong guess costs more than all of the
 * search. And there is no loop, as what the engine looks at between two rounds costs as much as a round.
 * @param root - the entries of all buckets.
 */
export function bucketsHave(root: Int32Array, units: Uint16Array, word: number): boolean {
	const entry = root[word >>> LOW_BITS] ?? 0;
	let count = (entry >>> 1) & FORM_MASK;
	if (count > MOST_SHORT) return longHas(units, entry, word & LAST_LOW);
	const behind = (word & LAST_LOW) + 1;
	const before = ((entry >>> PLACE_SHIFT) << ROUNDING_SHIFT) - 1;
	let base = before;
	if (count > 1) {
		base = narrow(units, base, count >>> 1, behind);
		count -= count >>> 1;
		base = narrow(units, base, count >>> 1, behind);
		count -= count >>> 1;
		if (count > 1) {
			base = narrow(units, base, count >>> 1, behind);
			count -= count >>> 1;
			base = narrow(units, base, count >>> 1, behind);
			count -= count >>> 1;
			base = narrow(units, base, count >>> 1, behind);
			count = 1;
		}
	}
	const rank = base - before + ((((units[base + 1] ?? 0) - behind) >>> 31) & count);
	return ((rank + entry) & 1) === 1;
}

/** @param count - of turns, at least one. */
export function entryOf(place: number, count: number, state: 0 | 1): number {
	const form = count > MOST_TURNS ? BITMAP : count > MOST_SHORT ? LONG : count;
	return moved((form << 1) | state, place);
}

/** The entry of a block that is at another place. */
export function moved(entry: number, place: number): number {
	return ((place >>> ROUNDING_SHIFT) << PLACE_SHIFT) | (entry & (2 ** PLACE_SHIFT - 1));
}

/** Where the block of an entry is in the arena. */
export function placeOf(entry: number): number {
	return (entry >>> PLACE_SHIFT) << ROUNDING_SHIFT;
}

/** Whether the first number of a bucket belongs to the set; of a bitmap that is not said. */
export function stateOf(entry: number): 0 | 1 {
	return (entry & 1) === 1 ? 1 : 0;
}

export function isBitmap(entry: number): boolean {
	return formOf(entry) === BITMAP;
}

/** How many turns there are, and where; not of a bitmap. */
export function turnsOf(units: Uint16Array, entry: number): { at: number; count: number } {
	const at = placeOf(entry);
	return formOf(entry) === LONG ? { at: at + 1, count: units[at] ?? 0 } : { at, count: formOf(entry) };
}

/** How many units a block of so many turns takes. */
export function blockLength(count: number): number {
	return count > MOST_TURNS ? BITMAP_UNITS : count > MOST_SHORT ? count + 1 : count;
}

/** How many units the block of an entry takes; 0 if it has none. */
export function lengthOf(units: Uint16Array, entry: number): number {
	return isBitmap(entry) ? BITMAP_UNITS : blockLength(turnsOf(units, entry).count);
}

/** Writes the block of an entry. */
export function writeBucket(units: Uint16Array, entry: number, turns: Turns): void {
	const place = placeOf(entry);
	if (isBitmap(entry)) {
		units.fill(0, place, place + BITMAP_UNITS);
		const pairs = turns.pairs(LAST_LOW);
		for (let i = 0; i + 1 < pairs.length; i += 2) paintBits(units, place, pairs[i] ?? 0, pairs[i + 1] ?? 0, 1);
		return;
	}
	if (formOf(entry) === LONG) units[place] = turns.count;
	const { at } = turnsOf(units, entry);
	for (let i = 0; i < turns.count; i++) units[at + i] = turns.positions[i] ?? 0;
}

/** Collects the turns of a bucket. @param base - its first number, or what is to stand for it. */
export function readBucket(units: Uint16Array, entry: number, base: number, into: Turns): void {
	if (isBitmap(entry)) {
		readBits(units, placeOf(entry), base, into);
		return;
	}
	let state = stateOf(entry);
	into.turn(base, state);
	const { at, count } = turnsOf(units, entry);
	for (let i = 0; i < count; i++) {
		state = state === 0 ? 1 : 0;
		into.turn(base + (units[at + i] ?? 0), state);
	}
}

/** How many turns an entry has, or LONG, or BITMAP. */
function formOf(entry: number): number {
	return (entry >>> 1) & FORM_MASK;
}

/**
 * Moves the place `base` by `half`, if the turn there is before `behind`. A constant, and so short, as the engine then
 * puts it in the place of any call of it; hence also no `?? 0`, for a place that is within the block.
 */
const narrow = (units: Uint16Array, base: number, half: number, behind: number): number =>
	base + (((units[base + half]! - behind) >> 31) & half);

/** As `bucketsHave`, of an entry of more than a few turns. */
function longHas(units: Uint16Array, entry: number, low: number): boolean {
	const place = placeOf(entry);
	if (isBitmap(entry)) return (((units[place + (low >>> 4)] ?? 0) >>> (low & 15)) & 1) === 1;
	let base = place;
	let count = units[place] ?? 0;
	while (count > 1) {
		base = narrow(units, base, count >>> 1, low + 1);
		count -= count >>> 1;
	}
	const rank = base - place + (((units[base + 1] ?? 0) - low - 1) >>> 31);
	return ((rank + entry) & 1) === 1;
}
