/** Many ranges to few: sorts them and joins those that overlap or meet. In typed arrays, for millions of them. */
import { maskIPv4 } from '@net/ip';
import type { RuleBatch } from './batch.ts';
import { KIND } from './batch.ts';
import { Cover } from './cover.ts';

/** Below this a sort by comparison is quicker than filling tables of 65,536 counts. */
const SMALL = 4096;
const DIGIT = 0xffff;

/** @returns the IPv4 addresses of all rules but exceptions: pairs of ends, ascending, apart from each other. */
export function mergeIPv4(batch: RuleBatch): Uint32Array {
	return collectIPv4(batch).ranges;
}

/** What was merged, and whether any of it overlapped, without which no rule can be there twice. */
export interface Merged {
	ranges: Uint32Array;
	overlaps: boolean;
}

/** @param without - a row that is passed over. */
export function collectIPv4(batch: RuleBatch, without = -1): Merged {
	const cover = new Cover();
	const starts = new Uint32Array(batch.length);
	const ends = new Uint32Array(batch.length);
	let count = 0;
	for (let row = 0; row < batch.length; row++) {
		if (!batch.isBlocking(row) || row === without || batch.isFarFromMapped(row)) continue;
		if (batch.isIPv4(row) && batch.kind(row) !== KIND.range) {
			const mask = maskIPv4(batch.prefix(row));
			const address = batch.values[row] ?? 0;
			starts[count] = address & mask;
			ends[count++] = address | ~mask;
			continue;
		}
		cover.read(batch, row);
		if (!cover.inIPv4) continue;
		starts[count] = cover.firstIPv4;
		ends[count++] = cover.lastIPv4;
	}
	sortPairs(starts, ends, count);
	return joinPairs(starts, ends, count);
}

/** Sorts by `keys`, in place; what is equal keeps its order. */
export function sortPairs(keys: Uint32Array, values: Uint32Array, count: number): void {
	if (isSorted(keys, count)) return;
	if (count <= SMALL) {
		const order = new Float64Array(count);
		for (let i = 0; i < count; i++) order[i] = (keys[i] ?? 0) * SMALL + i;
		order.sort();
		const [oldKeys, oldValues] = [keys.slice(0, count), values.slice(0, count)];
		for (let i = 0; i < count; i++) {
			const from = (order[i] ?? 0) % SMALL;
			keys[i] = oldKeys[from] ?? 0;
			values[i] = oldValues[from] ?? 0;
		}
		return;
	}
	const otherKeys = new Uint32Array(count);
	const otherValues = new Uint32Array(count);
	sortByDigit(keys, values, otherKeys, otherValues, count, 0);
	sortByDigit(otherKeys, otherValues, keys, values, count, 16);
}

function sortByDigit(
	keys: Uint32Array,
	values: Uint32Array,
	toKeys: Uint32Array,
	toValues: Uint32Array,
	count: number,
	shift: number,
): void {
	const places = new Uint32Array(DIGIT + 2);
	for (let i = 0; i < count; i++) {
		const digit = ((keys[i] ?? 0) >>> shift) & DIGIT;
		places[digit + 1] = (places[digit + 1] ?? 0) + 1;
	}
	for (let digit = 1; digit <= DIGIT; digit++) places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0);
	for (let i = 0; i < count; i++) {
		const key = keys[i] ?? 0;
		const digit = (key >>> shift) & DIGIT;
		const place = places[digit] ?? 0;
		places[digit] = place + 1;
		toKeys[place] = key;
		toValues[place] = values[i] ?? 0;
	}
}

function isSorted(keys: Uint32Array, count: number): boolean {
	for (let i = 1; i < count; i++) if ((keys[i - 1] ?? 0) > (keys[i] ?? 0)) return false;
	return true;
}

/** @param starts - ascending. */
export function joinPairs(starts: Uint32Array, ends: Uint32Array, count: number): Merged {
	const ranges = new Uint32Array(2 * count);
	let overlaps = false;
	let length = 0;
	let top = -2;
	for (let i = 0; i < count; i++) {
		const start = starts[i] ?? 0;
		const end = ends[i] ?? 0;
		if (length > 0 && start <= top + 1) {
			if (start <= top) overlaps = true;
			if (end > top) ranges[length - 1] = top = end;
			continue;
		}
		ranges[length] = start;
		ranges[length + 1] = top = end;
		length += 2;
	}
	return { ranges: ranges.slice(0, length), overlaps };
}
