/** Lists as sets of addresses: their ranges, together or one without the other, and ranges as prefixes. */
import { compareIPv6, lastIPv6 } from '@net/ip';
import { RuleBatch } from './batch.ts';
import { mergeIPv4 } from './merge.ts';
import { mergeIPv6 } from './merge-wide.ts';
import { subtractPairs, subtractWide } from './subtract.ts';

/** Ranges of a list: two words each of IPv4, eight of IPv6; ascending, apart from each other. */
export interface Ranges {
	/** Two words a range: its first address and its last, as numbers (1.2.3.4 is 0x01020304). */
	ipv4: Uint32Array;
	/** Eight words a range: four of its first address, the front of the text first, and four of its last. */
	ipv6: Uint32Array;
}

/** @returns all ranges, as rules. */
export function aggregateLists(lists: readonly Ranges[]): RuleBatch {
	const all = new RuleBatch();
	for (const { ipv4, ipv6 } of lists) putRanges(all, ipv4, ipv6);
	if (lists.length < 2) return all;
	const merged = new RuleBatch();
	putRanges(merged, mergeIPv4(all), mergeIPv6(all));
	return merged;
}

/** @returns the ranges of the one without those of the other, as rules. */
export function subtractLists(from: Ranges, less: Ranges): RuleBatch {
	const rest = new RuleBatch();
	putRanges(rest, subtractPairs(from.ipv4, less.ipv4), subtractWide(from.ipv6, less.ipv6));
	return rest;
}

/** Calls `visit` with the fewest prefixes that are the addresses from `start` to `end`, ascending. */
export function splitIPv4(start: number, end: number, visit: (network: number, prefix: number) => void): void {
	for (let at = start; at <= end;) {
		// As wide as the address's zeros at the end allow, and as the end does.
		let bits = at === 0 ? 32 : 31 - Math.clz32(at & -at);
		while (at + 2 ** bits - 1 > end) bits--;
		visit(at, 32 - bits);
		at += 2 ** bits;
	}
}

/** As `splitIPv4`. @param visit - its `network` is written again by the next call. */
export function splitIPv6(
	start: Uint32Array,
	end: Uint32Array,
	visit: (network: Uint32Array, prefix: number) => void,
): void {
	const at = Uint32Array.from(start);
	const edge = new Uint32Array(4);
	for (;;) {
		// The widest prefix that begins here, and then narrower ones until it ends in time: few steps for most ranges.
		let prefix = 128 - trailingZeros(at);
		lastIPv6(at, prefix, edge);
		while (compareIPv6(edge, end) > 0) lastIPv6(at, ++prefix, edge);
		visit(at, prefix);
		if (compareIPv6(edge, end) >= 0) return;
		let i = 3;
		while (i >= 0 && edge[i] === 0xffff_ffff) edge[i--] = 0;
		if (i < 0) return;
		edge[i] = (edge[i] ?? 0) + 1;
		at.set(edge);
	}
}

/** How many of the 128 bits at the end are zero. */
function trailingZeros(words: Uint32Array): number {
	for (let i = 3; i >= 0; i--) {
		const word = words[i] ?? 0;
		if (word !== 0) return 32 * (3 - i) + 31 - Math.clz32(word & -word);
	}
	return 128;
}

function putRanges(batch: RuleBatch, ipv4: Uint32Array, ipv6: Uint32Array): void {
	for (let i = 0; i < ipv4.length; i += 2) batch.addIPv4Range(ipv4[i] ?? 0, ipv4[i + 1] ?? 0);
	for (let i = 0; i < ipv6.length; i += 8) batch.addIPv6Range(ipv6.subarray(i, i + 4), ipv6.subarray(i + 4, i + 8));
}
