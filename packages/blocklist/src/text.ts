/** Addresses in texts, as `check` reads them. */
import { parseIPv6 } from '@net/ip';

const DOT = 0x2e;
const ZERO = 0x30;

/**
 * As `parseIPv4` of `@net/ip`, for a whole text, with the loop over the octets written out: reading the text is most of
 * what a check does.
 * @param words - gets the address as its last one; not returned, as a number above 2**31 may be an object.
 * @returns whether the text is one.
 */
export function readIPv4Text(text: string, words: Uint32Array): boolean {
	const { length } = text;
	if (length < 7 || length > 15) return false;
	let i = 0;
	let a = text.charCodeAt(i++) - ZERO;
	let b = text.charCodeAt(i++) - ZERO;
	if (a >>> 0 > 9) return false;
	if (b !== DOT - ZERO) {
		if (b >>> 0 > 9 || a === 0) return false;
		a = 10 * a + b;
		b = text.charCodeAt(i++) - ZERO;
		if (b !== DOT - ZERO) {
			if (b >>> 0 > 9) return false;
			a = 10 * a + b;
			if (a > 255 || text.charCodeAt(i++) !== DOT) return false;
		}
	}
	// At least three characters are left: of seven, a dot and three more were read at most when five are left.
	if (length - i < 5) return false;
	b = text.charCodeAt(i++) - ZERO;
	let c = text.charCodeAt(i++) - ZERO;
	if (b >>> 0 > 9) return false;
	if (c !== DOT - ZERO) {
		if (c >>> 0 > 9 || b === 0) return false;
		b = 10 * b + c;
		c = text.charCodeAt(i++) - ZERO;
		if (c !== DOT - ZERO) {
			if (c >>> 0 > 9) return false;
			b = 10 * b + c;
			if (b > 255 || text.charCodeAt(i++) !== DOT) return false;
		}
	}
	if (length - i < 3) return false;
	c = text.charCodeAt(i++) - ZERO;
	let d = text.charCodeAt(i++) - ZERO;
	if (c >>> 0 > 9) return false;
	if (d !== DOT - ZERO) {
		if (d >>> 0 > 9 || c === 0) return false;
		c = 10 * c + d;
		d = text.charCodeAt(i++) - ZERO;
		if (d !== DOT - ZERO) {
			if (d >>> 0 > 9 || i >= length) return false;
			c = 10 * c + d;
			if (c > 255 || text.charCodeAt(i++) !== DOT) return false;
		}
	}
	const rest = length - i;
	if (rest < 1 || rest > 3) return false;
	d = text.charCodeAt(i) - ZERO;
	if (d >>> 0 > 9) return false;
	if (rest > 1) {
		const e = text.charCodeAt(i + 1) - ZERO;
		if (e >>> 0 > 9 || d === 0) return false;
		d = 10 * d + e;
		if (rest > 2) {
			const f = text.charCodeAt(i + 2) - ZERO;
			if (f >>> 0 > 9) return false;
			d = 10 * d + f;
			if (d > 255) return false;
		}
	}
	words[3] = (a << 24) | (b << 16) | (c << 8) | d;
	return true;
}

/**
 * Reads an IPv6 address, with any zone id, which is dropped.
 * @returns whether the text is one; `words` is unchanged if it is none.
 */
export function readIPv6Text(text: string, words: Uint32Array): boolean {
	return parseIPv6(text, words) || readOddZone(text, words);
}

/** A zone may be spelled as none of `@net/ip`. */
function readOddZone(text: string, words: Uint32Array): boolean {
	const percent = text.indexOf('%');
	return percent >= 0 && parseIPv6(text, words, 0, percent);
}
