/** Addresses in texts, as `check` reads them. */
import { parseIPv6 } from '@net/ip';

const DOT = 0x2e;
const ZERO = 0x30;
const PERCENT = 0x25;
const COLON = 0x3a;
const NO_DIGIT = 255;

/** What a character is as a digit. */
const HEX_DIGITS: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, code) => {
	const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
	return digit < 0 ? NO_DIGIT : digit;
});

/** The groups of the address that is read. */
const groups = new Uint16Array(8);

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
 * Reads an IPv6 address, with any zone id, which is dropped. The plain ones are read here in one pass; those that end in
 * an IPv4 address or have a zone go to `parseIPv6`.
 * @returns whether the text is one; `words` is changed even if it is none.
 */
export function readIPv6Text(text: string, words: Uint32Array): boolean {
	const { length } = text;
	// From :: to eight groups of four digits; all else has something more.
	if (length < 2 || length > 39) return readRareText(text, words);
	let group = 0;
	let digits = 0;
	let count = 0;
	let gap = -1;
	let i = 0;
	if (text.charCodeAt(0) === COLON) {
		if (text.charCodeAt(1) !== COLON) return false;
		gap = 0;
		i = 2;
	}
	for (; i < length; i++) {
		const code = text.charCodeAt(i);
		if (code === COLON) {
			if (digits === 0) {
				// The second colon of `::`; after a third one, or in a second `::`, there is a gap already.
				if (gap >= 0 || count === 0) return false;
				gap = count;
				continue;
			}
			if (count === 7) return false;
			groups[count++] = group;
			group = digits = 0;
			continue;
		}
		const value = code < 0x80 ? (HEX_DIGITS[code] ?? NO_DIGIT) : NO_DIGIT;
		if (value === NO_DIGIT) return code === DOT || code === PERCENT ? readRareText(text, words) : false;
		if (++digits > 4) return false;
		group = (group << 4) | value;
	}
	if (digits > 0) groups[count++] = group;
	else if (gap !== count) return false;
	if (gap < 0) {
		if (count !== 8) return false;
	} else {
		if (count > 7) return false;
		// What stands behind the gap goes to the end, and zeros to its place.
		for (let k = 1; k <= count - gap; k++) groups[8 - k] = groups[count - k] ?? 0;
		for (let k = gap; k < 8 - count + gap; k++) groups[k] = 0;
	}
	words[0] = ((groups[0] ?? 0) << 16) | (groups[1] ?? 0);
	words[1] = ((groups[2] ?? 0) << 16) | (groups[3] ?? 0);
	words[2] = ((groups[4] ?? 0) << 16) | (groups[5] ?? 0);
	words[3] = ((groups[6] ?? 0) << 16) | (groups[7] ?? 0);
	return true;
}

function readRareText(text: string, words: Uint32Array): boolean {
	const percent = text.indexOf('%');
	return parseIPv6(text, words, 0, percent < 0 ? text.length : percent);
}
