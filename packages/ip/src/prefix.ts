/** Prefixes (`10.0.0.0/8`): reading them, their first and last address, and who belongs to them. */
import { parseIPv4, parseIPv6 } from './parse.ts';

/** An address and the count of its leading bits that matter. The other bits are kept as they were written. */
export type Prefix =
	{ family: 4; address: number; length: number } | { family: 6; address: Uint32Array; length: number };

/**
 * Reads `address/length`. The length is decimal without leading zeros, 0–32 or 0–128.
 * @returns undefined if the text is no prefix; an address alone is none.
 */
export function parsePrefix(text: string): Prefix | undefined {
	const slash = text.indexOf('/');
	if (slash < 0) return undefined;
	const length = parseLength(text, slash + 1);
	if (length < 0) return undefined;
	const address = parseIPv4(text, 0, slash);
	if (address >= 0) return length <= 32 ? { family: 4, address, length } : undefined;
	const words = new Uint32Array(4);
	return parseIPv6(text, words, 0, slash) ? { family: 6, address: words, length } : undefined;
}

/** The bits that matter: 0xff000000 for 8. */
export function maskIPv4(length: number): number {
	return length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
}

/** The prefix's first address. */
export function firstIPv4(address: number, length: number): number {
	return (address & maskIPv4(length)) >>> 0;
}

/** The prefix's last address. */
export function lastIPv4(address: number, length: number): number {
	return (address | ~maskIPv4(length)) >>> 0;
}

/** Whether `address` lies in `network/length`. */
export function containsIPv4(network: number, length: number, address: number): boolean {
	return ((network ^ address) & maskIPv4(length)) === 0;
}

/** The bits of one of the four words that matter. */
export function maskIPv6(length: number, word: number): number {
	return MASKS[4 * length + word] ?? 0;
}

/** The prefix's first address. @param first - gets it; may be `address` itself. */
export function firstIPv6(address: Uint32Array, length: number, first: Uint32Array): void {
	for (let i = 0; i < 4; i++) first[i] = (address[i] ?? 0) & maskIPv6(length, i);
}

/** The prefix's last address. @param last - gets it; may be `address` itself. */
export function lastIPv6(address: Uint32Array, length: number, last: Uint32Array): void {
	for (let i = 0; i < 4; i++) last[i] = (address[i] ?? 0) | ~maskIPv6(length, i);
}

/** Whether `address` lies in `network/length`. */
export function containsIPv6(network: Uint32Array, length: number, address: Uint32Array): boolean {
	for (let i = 0; i < 4; i++) {
		if ((((network[i] ?? 0) ^ (address[i] ?? 0)) & maskIPv6(length, i)) !== 0) return false;
	}
	return true;
}

/** Below 0, 0 or above 0 as `a` comes before, is, or comes after `b`. */
export function compareIPv6(a: Uint32Array, b: Uint32Array): number {
	for (let i = 0; i < 4; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** The IPv4 address inside of `::ffff:a.b.c.d`; -1 where the address is not mapped. */
export function mappedIPv4(words: Uint32Array): number {
	return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? (words[3] ?? 0) : -1;
}

/** Four words for each length. */
const MASKS: Uint32Array = Uint32Array.from({ length: 4 * 129 }, (_, i) =>
	maskIPv4(Math.min(32, Math.max(0, (i >>> 2) - 32 * (i & 3)))),
);

function parseLength(text: string, start: number): number {
	const digits = text.length - start;
	if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(start) === 0x30)) return -1;
	let length = 0;
	for (let i = start; i < text.length; i++) {
		const digit = text.charCodeAt(i) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		length = length * 10 + digit;
	}
	return length <= 128 ? length : -1;
}
