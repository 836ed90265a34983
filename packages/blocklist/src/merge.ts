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

/** @returns the IPv6 addresses, of which those of `mergeIPv4` are no part: eight words a range. */
export function mergeIPv6(batch: RuleBatch): Uint32Array {
	return collectIPv6(batch).ranges;
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
		if (!batch.isBlocking(row) || row === without) continue;
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

export function collectIPv6(batch: RuleBatch): Merged {
	const cover = new Cover();
	let words = new Uint32Array(0);
	let length = 0;
	for (let row = 0; row < batch.length; row++) {
		if (batch.isIPv4(row) || !batch.isBlocking(row)) continue;
		cover.read(batch, row);
		if (!cover.inIPv6) continue;
		if (length === words.length) {
			const larger = new Uint32Array(Math.max(1024, 2 * length));
			larger.set(words);
			words = larger;
		}
		words.set(cover.first, length);
		words.set(cover.last, length + 4);
		length += 8;
	}
	return joinWide(words, orderWide(words, length / 8, 8));
}

/** As `mergeIPv6`, of ranges in any order. */
export function mergeWide(words: Uint32Array): Uint32Array {
	return joinWide(words, orderWide(words, words.length / 8, 8)).ranges;
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

/**
 * In which order addresses of four words ascend.
 * @param stride - words from one to the next.
 */
export function orderWide(words: Uint32Array, count: number, stride: number): Uint32Array {
	let order = new Uint32Array(count);
	for (let i = 0; i < count; i++) order[i] = i;
	if (isWideSorted(words, count, stride)) return order;
	if (count <= SMALL) {
		return order.sort((a, b) => {
			for (let i = 0; i < 4; i++) {
				const difference = (words[stride * a + i] ?? 0) - (words[stride * b + i] ?? 0);
				if (difference !== 0) return difference;
			}
			return a - b;
		});
	}
	let other = new Uint32Array(count);
	const places = new Uint32Array(DIGIT + 2);
	for (let digits = 7; digits >= 0; digits--) {
		const at = digits >> 1;
		const shift = (digits & 1) === 1 ? 0 : 16;
		places.fill(0);
		for (let i = 0; i < count; i++) {
			const digit = ((words[stride * i + at] ?? 0) >>> shift) & DIGIT;
			places[digit + 1] = (places[digit + 1] ?? 0) + 1;
		}
		// A digit that all have in common changes no order.
		if (places[(((words[at] ?? 0) >>> shift) & DIGIT) + 1] === count) continue;
		for (let digit = 1; digit <= DIGIT; digit++) places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0);
		for (let i = 0; i < count; i++) {
			const one = order[i] ?? 0;
			const digit = ((words[stride * one + at] ?? 0) >>> shift) & DIGIT;
			const place = places[digit] ?? 0;
			places[digit] = place + 1;
			other[place] = one;
		}
		[order, other] = [other, order];
	}
	return order;
}

function isWideSorted(words: Uint32Array, count: number, stride: number): boolean {
	for (let i = 1; i < count; i++) if (isAfter(words, stride * (i - 1), words, stride * i)) return false;
	return true;
}

function joinWide(words: Uint32Array, order: Uint32Array): Merged {
	const ranges = new Uint32Array(8 * order.length);
	let overlaps = false;
	let length = 0;
	for (const one of order) {
		const from = 8 * one;
		const relation = length === 0 ? 1 : compareToEnd(words, from, ranges, length - 4);
		if (relation > 0) {
			for (let i = 0; i < 8; i++) ranges[length + i] = words[from + i] ?? 0;
			length += 8;
			continue;
		}
		if (relation < 0) overlaps = true;
		if (isAfter(words, from + 4, ranges, length - 4)) {
			for (let i = 0; i < 4; i++) ranges[length - 4 + i] = words[from + 4 + i] ?? 0;
		}
	}
	return { ranges: ranges.slice(0, length), overlaps };
}

/** Below 0 if the start is not behind the end, 0 if it is right behind it, else above. */
function compareToEnd(starts: Uint32Array, start: number, ends: Uint32Array, end: number): number {
	if (!isAfter(starts, start, ends, end)) return -1;
	// Right behind it: the words below the one that is one more have gone from all ones to zero.
	for (let i = 3; i >= 0; i--) {
		const [a, b] = [starts[start + i] ?? 0, ends[end + i] ?? 0];
		if (a === 0 && b === 0xffff_ffff) continue;
		if (a !== b + 1) return 1;
		for (let k = 0; k < i; k++) if (starts[start + k] !== ends[end + k]) return 1;
		return 0;
	}
	return 1;
}

function isAfter(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
	for (let i = 0; i < 4; i++) {
		const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
		if (difference !== 0) return difference > 0;
	}
	return false;
}
