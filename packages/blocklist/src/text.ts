/** Addresses in texts, as `check` reads them. */
import { parseIPv6, parseIPv6Rest } from '@net/ip';

const DOT = 0x2e;
const ZERO = 0x30;

/**
 * As `parseIPv4` of `@net/ip`, for a whole text.
 * @param words - gets the address as its last one; not returned, as a number above 2**31 may be an object.
 * @returns whether the text is one.
 */
export function readIPv4Text(text: string, words: Uint32Array): boolean {
	const front = readIPv4Front(text);
	const back = front < 0 ? -1 : readIPv4Back(text, front & 15);
	words[3] = ((front >>> 4) << 16) | back;
	return back >= 0;
}

/**
 * Reads the first half of an IPv4 address: two octets, and the dots behind them. The loop over the octets is written out
 * here and below, as reading the text is most of what a check does.
 * @returns the upper 16 bits, above four bits that say where the rest begins; -1 if the text is no address, which is
 *   not said of all that are none.
 */
export function readIPv4Front(text: string): number {
	const { length } = text;
	if (length < 7 || length > 15) return -1;
	let i = 2;
	let a = text.charCodeAt(0) - ZERO;
	let b = text.charCodeAt(1) - ZERO;
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
	// As many as three octets and two dots are at least, and as are looked at from here on.
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
	return (((a << 8) | b) << 4) | i;
}

/**
 * Reads the second half of an IPv4 address.
 * @param i - where it begins.
 * @returns the lower 16 bits, or -1.
 */
export function readIPv4Back(text: string, i: number): number {
	const { length } = text;
	if (length - i < 3) return -1;
	let c = text.charCodeAt(i++) - ZERO;
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
	return (c << 8) | d;
}

/**
 * Reads an IPv6 address, with any zone id, which is dropped.
 * @param front - what `parseIPv6Front` has just said of it.
 * @returns whether the text is one; `words` is unchanged if it is none.
 */
export function readIPv6Text(text: string, words: Uint32Array, front = 0): boolean {
	return (front === 0 ? parseIPv6(text, words) : parseIPv6Rest(text, words)) || readOddZone(text, words);
}

/** A zone may be spelled as none of `@net/ip`. */
function readOddZone(text: string, words: Uint32Array): boolean {
	const percent = text.indexOf('%');
	return percent >= 0 && parseIPv6(text, words, 0, percent);
}
