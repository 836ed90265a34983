/** What kind of address a text is. */
import { parseIPv4, scanIPv6 } from './parse.ts';

/**
 * 4 for dotted decimal without leading zeros, 6 for IPv6 (a zone id may follow), 0 for anything else.
 * What is not a string is made one first, as Node does: `['::1']` is 6.
 * @throws TypeError for what has no string form (a symbol, `Object.create(null)`). Node: net.isIP (v0.3.0).
 */
export function isIP(input: unknown): 0 | 4 | 6 {
	const text = typeof input === 'string' ? input : `${input}`;
	if (parseIPv4(text) >= 0) return 4;
	return scanIPv6(text, 0, text.length) >= 0 ? 6 : 0;
}

/** Whether `isIP` is 4. Node: net.isIPv4 (v0.3.0). */
export function isIPv4(input: unknown): boolean {
	return parseIPv4(typeof input === 'string' ? input : `${input}`) >= 0;
}

/** Whether `isIP` is 6. Node: net.isIPv6 (v0.3.0). */
export function isIPv6(input: unknown): boolean {
	const text = typeof input === 'string' ? input : `${input}`;
	return scanIPv6(text, 0, text.length) >= 0;
}
