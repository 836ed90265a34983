/** As merge.ts, for IPv6: eight words a range, of its first and its last address. */
import type { RuleBatch } from './batch.ts';
import { Cover } from './cover.ts';
import type { Merged } from './merge.ts';
import { sortPairs } from './merge.ts';

/** @returns the IPv6 addresses of all rules but exceptions, of which those of `mergeIPv4` are no part. */
export function mergeIPv6(batch: RuleBatch): Uint32Array {
	return collectIPv6(batch).ranges;
}

export function collectIPv6(batch: RuleBatch): Merged {
	const cover = new Cover();
	const words = new Uint32Array(8 * countIPv6(batch));
	let length = 0;
	for (let row = 0; row < batch.length; row++) {
		if (batch.isIPv4(row) || !batch.isBlocking(row)) continue;
		if (batch.isFarFromMapped(row)) {
			batch.putEnds(row, words, length);
		} else {
			cover.read(batch, row);
			if (!cover.inIPv6) continue;
			words.set(cover.first, length);
			words.set(cover.last, length + 4);
		}
		length += 8;
	}
	return joinWide(words.subarray(0, length));
}

/** As `mergeIPv6`, of ranges in any order. */
export function mergeWide(words: Uint32Array): Uint32Array {
	return joinWide(words).ranges;
}

function countIPv6(batch: RuleBatch): number {
	let count = 0;
	for (let row = 0; row < batch.length; row++) if (!batch.isIPv4(row)) count++;
	return count;
}

/** In which order the first addresses ascend. */
function orderOf(words: Uint32Array): Uint32Array {
	const count = words.length / 8;
	const order = new Uint32Array(count);
	for (let i = 0; i < count; i++) order[i] = i;
	const keys = new Uint32Array(count);
	// Equal keys keep their order, so that of the lower words stays. Mostly these are all zeros.
	for (let word = hasLower(words) ? 3 : 1; word >= 0; word--) {
		for (let i = 0; i < count; i++) keys[i] = words[8 * (order[i] ?? 0) + word] ?? 0;
		sortPairs(keys, order, count);
	}
	return order;
}

/** Whether the lower 64 bits of any first address are not zero. */
function hasLower(words: Uint32Array): boolean {
	for (let i = 0; i < words.length; i += 8) if (((words[i + 2] ?? 0) | (words[i + 3] ?? 0)) !== 0) return true;
	return false;
}

function joinWide(words: Uint32Array): Merged {
	const order = orderOf(words);
	const ranges = new Uint32Array(words.length);
	let overlaps = false;
	let length = 0;
	for (let i = 0; i < order.length; i++) {
		const from = 8 * (order[i] ?? 0);
		const end = length - 4;
		const relation = length === 0 ? 1 : compare(words, from, ranges, end);
		if (relation > 0 && (length === 0 || !isRightBehind(words, from, ranges, end))) {
			copy(words, from, ranges, length);
			copy(words, from + 4, ranges, length + 4);
			length += 8;
			continue;
		}
		if (relation <= 0) overlaps = true;
		if (compare(words, from + 4, ranges, end) > 0) copy(words, from + 4, ranges, end);
	}
	return { ranges: ranges.subarray(0, length), overlaps };
}

function isRightBehind(starts: Uint32Array, start: number, ends: Uint32Array, end: number): boolean {
	// The words below the one that is one more have gone from all ones to zero.
	for (let i = 3; i >= 0; i--) {
		const a = starts[start + i] ?? 0;
		const b = ends[end + i] ?? 0;
		if (a === 0 && b === 0xffff_ffff) continue;
		if (a !== b + 1) return false;
		for (let k = 0; k < i; k++) if (starts[start + k] !== ends[end + k]) return false;
		return true;
	}
	return false;
}

/** Below 0, 0 or above 0, as the address at one place comes before, is, or comes after the one at another. */
function compare(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
	for (let i = 0; i < 4; i++) {
		const one = a[atA + i] ?? 0;
		const other = b[atB + i] ?? 0;
		if (one !== other) return one > other ? 1 : -1;
	}
	return 0;
}

function copy(from: Uint32Array, at: number, to: Uint32Array, place: number): void {
	to[place] = from[at] ?? 0;
	to[place + 1] = from[at + 1] ?? 0;
	to[place + 2] = from[at + 2] ?? 0;
	to[place + 3] = from[at + 3] ?? 0;
}
