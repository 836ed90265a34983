/** Addresses in texts, as `check` reads them. */
import { parseIPv6 } from '@net/ip';

const DOT = 0x2e;
const ZERO = 0x30;

/**
 * As `parseIPv4` of `@net/ip`, for a whole text, with the loop over the octets written out: reading the text is most of
 * what a check does.
 * @returns the address, or -1 if the text is none.
 */
export function readIPv4Text(text: string): number {
	const { length } = text;
	if (length < 7 || length > 15) return -1;
	let i = 0;
	let a = text.charCodeAt(i++) - ZERO;
	let b = text.charCodeAt(i++) - ZERO;
	if (a >>> 0 > 9) return -1;
	if (b !== DOT - ZERO) {
		if (b >>> 0 > 9 || a === 0) return -1;
		a = 10 * a + b;
		b = text.charCodeAt(i++) - ZERO;
		if (b !== DOT - ZERO) {
			if (b >>> 0 > 9) return -1;
			a = 10 * a + b;
			if (a > 255 || text.charCodeAt(i++) !== DOT) return -1;
		}
	}
	// At least three characters are left: of seven, a dot and three more were read at most when five are left.
	if (length - i < 5) return -1;
	b = text.charCodeAt(i++) - ZERO;
	let c = text.charCodeAt(i++) - ZERO;
	if (b >>> 0 > 9) return -1;
	if (c !== DOT - ZERO) {
		if (c >>> 0 > 9 || b === 0) return -1;
		b = 10 * b + c;
		c = text.charCodeAt(i++) - ZERO;
		if (c !== DOT - ZERO) {
			if (c >>> 0 > 9) return -1;
			b = 10 * b + c;
			if (b > 255 || text.charCodeAt(i++) !== DOT) return -1;
		}
	}
	if (length - i < 3) return -1;
	c = text.charCodeAt(i++) - ZERO;
	let d = text.charCodeAt(i++) - ZERO;
	if (c >>> 0 > 9) return -1;
	if (d !== DOT - ZERO) {
		if (d >>> 0 > 9 || c === 0) return -1;
		c = 10 * c + d;
		d = text.charCodeAt(i++) - ZERO;
		if (d !== DOT - ZERO) {
			if (d >>> 0 > 9 || i >= length) return -1;
			c = 10 * c + d;
			if (c > 255 || text.charCodeAt(i++) !== DOT) return -1;
		}
	}
	const rest = length - i;
	if (rest < 1 || rest > 3) return -1;
	d = text.charCodeAt(i) - ZERO;
	if (d >>> 0 > 9) return -1;
	if (rest > 1) {
		const e = text.charCodeAt(i + 1) - ZERO;
		if (e >>> 0 > 9 || d === 0) return -1;
		d = 10 * d + e;
		if (rest > 2) {
			const f = text.charCodeAt(i + 2) - ZERO;
			if (f >>> 0 > 9) return -1;
			d = 10 * d + f;
			if (d > 255) return -1;
		}
	}
	return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** Reads an IPv6 address, with any zone id, which is dropped. @returns whether the text is one. */
export function readIPv6Text(text: string, words: Uint32Array): boolean {
	const percent = text.indexOf('%');
	return parseIPv6(text, words, 0, percent < 0 ? text.length : percent);
}
