/** Which addresses one list blocks and another one does not. */
import type { Blocks } from '../formats/blocks.ts';

type Range = readonly [first: bigint, last: bigint];

/** @returns what is in `a` and not in `b`. */
export function difference(a: Blocks, b: Blocks): Blocks {
	return {
		ipv4: wordsOf(subtract(rangesOf(a.ipv4, 1), rangesOf(b.ipv4, 1)), 1),
		ipv6: wordsOf(subtract(rangesOf(a.ipv6, 4), rangesOf(b.ipv6, 4)), 4),
	};
}

/** Both ascend, and their ranges lie apart. */
function* subtract(from: Iterable<Range>, what: Iterable<Range>): Generator<Range, void, undefined> {
	const holes = what[Symbol.iterator]();
	let hole = holes.next();
	for (const [first, last] of from) {
		let start = first;
		while (!hole.done && hole.value[1] < start) hole = holes.next();
		// A hole that goes on beyond the range is looked at again for the next one.
		while (!hole.done && hole.value[0] <= last) {
			if (hole.value[0] > start) yield [start, hole.value[0] - 1n];
			start = hole.value[1] + 1n;
			if (start > last) break;
			hole = holes.next();
		}
		if (start <= last) yield [start, last];
	}
}

/** @param size - words an address. */
function* rangesOf(words: Uint32Array, size: number): Generator<Range, void, undefined> {
	for (let at = 0; at < words.length; at += 2 * size) {
		yield [addressAt(words, at, size), addressAt(words, at + size, size)];
	}
}

function addressAt(words: Uint32Array, at: number, size: number): bigint {
	let address = 0n;
	for (let i = 0; i < size; i++) address = (address << 32n) + BigInt(words[at + i] ?? 0);
	return address;
}

function wordsOf(ranges: Iterable<Range>, size: number): Uint32Array {
	const words: number[] = [];
	for (const range of ranges) {
		for (const address of range) {
			for (let i = size - 1; i >= 0; i--) words.push(Number((address >> BigInt(32 * i)) & 0xffff_ffffn));
		}
	}
	return Uint32Array.from(words);
}
