/** What kind of address a text is. */
import { parseIPv4, parseIPv6 } from './parse.ts';

/** Addresses of which only matters that they are some. */
const words = new Uint32Array(4);

/**
 * 4 for dotted decimal without leading zeros, 6 for IPv6 (a zone id may follow), 0 for anything else.
 * What is not a string is made one first, as Node does: `['::1']` is 6.
 * @throws TypeError for what has no string form (a symbol, `Object.create(null)`). Node: net.isIP (v0.3.0).
 */
export function isIP(input: unknown): 0 | 4 | 6 {
	const text = typeof input === 'string' ? input : `${input}`;
	if (parseIPv4(text) >= 0) return 4;
	return parseIPv6(text, words) ? 6 : 0;
}

/** Whether `isIP` is 4. Node: net.isIPv4 (v0.3.0). */
export function isIPv4(input: unknown): boolean {
	return parseIPv4(typeof input === 'string' ? input : `${input}`) >= 0;
}

/** Whether `isIP` is 6. Node: net.isIPv6 (v0.3.0). */
export function isIPv6(input: unknown): boolean {
	const text = typeof input === 'string' ? input : `${input}`;
	return parseIPv6(text, words);
}
