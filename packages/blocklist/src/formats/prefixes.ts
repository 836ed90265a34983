/** Ranges to the fewest prefixes. */
import { maskIPv6 } from '@net/ip';

/** Calls `visit` with the prefixes from `start` to `end`, ascending. */
export function splitIPv4(start: number, end: number, visit: (network: number, prefix: number) => void): void {
	let at = start;
	while (at <= end) {
		// As many bits as the network's place allows, and as many as there is room for.
		const aligned = at === 0 ? 32 : 31 - Math.clz32(at & -at);
		const room = Math.floor(Math.log2(end - at + 1));
		const bits = Math.min(aligned, room);
		visit(at, 32 - bits);
		at += 2 ** bits;
	}
}

/**
 * As `splitIPv4`.
 * @param range - four words of the start and four of the end, from `offset` on.
 * @param visit - gets the same array each time.
 */
export function splitIPv6(
	range: Uint32Array,
	offset: number,
	visit: (network: Uint32Array<ArrayBuffer>, prefix: number) => void,
): void {
	const network = new Uint32Array(4);
	const last = new Uint32Array(4);
	for (let i = 0; i < 4; i++) network[i] = range[offset + i] ?? 0;
	for (;;) {
		// The shortest prefix that begins here and does not go beyond the end: the bits behind it are zero in the network.
		let prefix = 128 - trailingZeros(network);
		for (; prefix < 128; prefix++) {
			for (let i = 0; i < 4; i++) last[i] = (network[i] ?? 0) | ~maskIPv6(prefix, i);
			if (!isAfter(last, range, offset + 4)) break;
		}
		for (let i = 0; i < 4; i++) last[i] = (network[i] ?? 0) | ~maskIPv6(prefix, i);
		visit(network, prefix);
		if (!isAfter(range, last, 0, offset + 4)) return;
		// The end is behind `last`, which is therefore not the last address of all.
		network.set(last);
		for (let i = 3; i >= 0; i--) {
			network[i] = (network[i] ?? 0) + 1;
			if (network[i] !== 0) break;
		}
	}
}

function trailingZeros(words: Uint32Array): number {
	for (let i = 3; i >= 0; i--) {
		const word = words[i] ?? 0;
		if (word !== 0) return 32 * (3 - i) + 31 - Math.clz32(word & -word);
	}
	return 128;
}

/** Whether the four words of `a` are above those of `b`. */
function isAfter(a: Uint32Array, b: Uint32Array, atB: number, atA = 0): boolean {
	for (let i = 0; i < 4; i++) {
		const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
		if (difference !== 0) return difference > 0;
	}
	return false;
}
