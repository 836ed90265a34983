/**
 * Text to numbers, in one pass over the char codes, allocating nothing (but for IPv6 in a part of a text).
 *
 * An IPv4 address is a number from 0 to 2**32-1. An IPv6 address is four such numbers in a `Uint32Array`, the first
 * being the front of the text. What passes is what Node's `net.isIP` lets pass: no leading zeros in IPv4, no spaces,
 * at most four hexadecimal digits a group, a `::` stands for at least one group.
 */

const PERCENT = 0x25;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

const NO_GAP = -1;
const NO_DIGIT = 0xff;

/** The value of a hexadecimal digit by its code. */
const HEX_DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (let digit = 0; digit < 16; digit++) {
	const text = digit.toString(16);
	HEX_DIGITS[text.charCodeAt(0)] = HEX_DIGITS[text.toUpperCase().charCodeAt(0)] = digit;
}

/** The groups of the address that is read. */
const groups = new Uint16Array(8);
/** Where `parseIPv6Front` has stopped. */
let frontEnd = 0;

/**
 * Reads `a.b.c.d` from `start` up to `end`.
 * @returns the address, or -1 if the text is none.
 */
export function parseIPv4(text: string, start = 0, end: number = text.length): number {
	// From 0.0.0.0 to 255.255.255.255.
	if (end - start < 7 || end - start > 15) return -1;
	let address = 0;
	let dots = 0;
	let octet = -1;
	for (let i = start; i < end; i++) {
		const code = text.charCodeAt(i);
		if (code === DOT) {
			if (octet < 0 || ++dots > 3) return -1;
			address = address * 256 + octet;
			octet = -1;
			continue;
		}
		const digit = code - ZERO;
		// An octet that is 0 already may not go on. The comparison is written so that NaN, past the end, fails too.
		if (!(digit >= 0 && digit <= 9) || octet === 0) return -1;
		octet = octet < 0 ? digit : octet * 10 + digit;
		if (octet > 255) return -1;
	}
	return dots === 3 && octet >= 0 ? address * 256 + octet : -1;
}

/**
 * Reads an IPv6 address, with a zone id or without (the zone is checked and dropped, see `zoneOf`).
 * @param words - gets the address in its first four elements; unchanged if the text is none.
 * @returns whether the text is one.
 */
export function parseIPv6(text: string, words: Uint32Array, start = 0, end: number = text.length): boolean {
	return start === 0 && end === text.length
		? parseFrom(text, words, 0, 0)
		: parseFrom(text.slice(start, end), words, 0, 0);
}

/**
 * Reads the first two groups of an IPv6 address, for who may not need the others.
 * @returns the upper 32 bits, signed; 0 where they are zero, or not written as two groups, or the text is no address,
 *   which is not said of all that are none.
 */
export function parseIPv6Front(text: string): number {
	let group = 0;
	let digits = 0;
	let count = 0;
	let seen = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		const digit = HEX_DIGITS[code & 0xff] ?? NO_DIGIT;
		if (digit !== NO_DIGIT) {
			group = (group << 4) | digit;
			seen |= code;
			if (++digits > 4) return 0;
			continue;
		}
		if (code !== COLON || digits === 0) return 0;
		groups[count++] = group;
		if (count === 2) {
			frontEnd = at + 1;
			return seen > 0xff ? 0 : ((groups[0] ?? 0) << 16) | group;
		}
		group = digits = 0;
	}
	return 0;
}

/**
 * Reads the whole of the address of which `parseIPv6Front` has just read the front, which was not 0.
 * @returns as `parseIPv6`.
 */
export function parseIPv6Rest(text: string, words: Uint32Array): boolean {
	return parseFrom(text, words, frontEnd, 2);
}

/** The zone id of an IPv6 address: what stands behind its `%`; undefined where there is none. */
export function zoneOf(address: string): string | undefined {
	const percent = address.indexOf('%');
	return percent < 0 ? undefined : address.slice(percent + 1);
}

/**
 * Reads a text to its end, which is not handed over, as it would be compared a second time for each character.
 * @param start - where the next group begins.
 * @param before - how many groups there were.
 */
function parseFrom(text: string, words: Uint32Array, start: number, before: number): boolean {
	const end = text.length;
	if (end < 2) return false;
	let at = start;
	let count = before;
	let gap = NO_GAP;
	if (at === 0 && text.charCodeAt(0) === COLON) {
		if (text.charCodeAt(1) !== COLON) return false;
		gap = 0;
		at = 2;
	}
	// Digits are looked up by their lower eight bits; whether they had others is seen at the end.
	let seen = 0;
	while (at < end) {
		const first = at;
		let code = text.charCodeAt(at++);
		let group = HEX_DIGITS[code & 0xff] ?? NO_DIGIT;
		seen |= code;
		if (group === NO_DIGIT) {
			if (code !== COLON) {
				return code === PERCENT && gap === count && isZone(text, at) && put(words, count, gap, seen);
			}
			// The second colon of `::`. A third one, or a second `::`, finds the gap taken.
			if (gap >= 0 || count === 0) return false;
			gap = count;
			continue;
		}
		if (count === 8) return false;
		// The other three digits, without a loop: reading a text is most of what it costs to look up an address.
		if (at === end) return putLast(words, count, gap, seen, group);
		code = text.charCodeAt(at++);
		let digit = HEX_DIGITS[code & 0xff] ?? NO_DIGIT;
		if (digit !== NO_DIGIT) {
			group = (group << 4) | digit;
			seen |= code;
			if (at === end) return putLast(words, count, gap, seen, group);
			code = text.charCodeAt(at++);
			digit = HEX_DIGITS[code & 0xff] ?? NO_DIGIT;
			if (digit !== NO_DIGIT) {
				group = (group << 4) | digit;
				seen |= code;
				if (at === end) return putLast(words, count, gap, seen, group);
				code = text.charCodeAt(at++);
				digit = HEX_DIGITS[code & 0xff] ?? NO_DIGIT;
				if (digit !== NO_DIGIT) {
					group = (group << 4) | digit;
					seen |= code;
					if (at === end) return putLast(words, count, gap, seen, group);
					code = text.charCodeAt(at++);
				}
			}
		}
		if (code === DOT) return putDotted(text, words, first, count, gap, seen);
		if (code === PERCENT) return isZone(text, at) && putLast(words, count, gap, seen, group);
		if (code !== COLON) return false;
		groups[count++] = group;
	}
	// A colon stood at the end, which may only be the second one of `::`.
	return gap === count && put(words, count, gap, seen);
}

/** Puts an address whose last 32 bits are written as IPv4 and begin at `first`. */
function putDotted(text: string, words: Uint32Array, first: number, count: number, gap: number, seen: number): boolean {
	const percent = text.indexOf('%', first);
	const tail = parseIPv4(text, first, percent < 0 ? text.length : percent);
	if (tail < 0 || count > 6 || (percent >= 0 && !isZone(text, percent + 1))) return false;
	groups[count] = tail >>> 16;
	return putLast(words, count + 1, gap, seen, tail & 0xffff);
}

function putLast(words: Uint32Array, count: number, gap: number, seen: number, group: number): boolean {
	groups[count] = group;
	return put(words, count + 1, gap, seen);
}

/** Makes words of the groups that were written, and of zeros before the group where `::` stands. */
function put(words: Uint32Array, count: number, gap: number, seen: number): boolean {
	if (seen > 0xff || (gap < 0 ? count !== 8 : count > 7)) return false;
	if (gap >= 0) {
		for (let back = 1; back <= count - gap; back++) groups[8 - back] = groups[count - back] ?? 0;
		for (let zero = gap; zero < gap + 8 - count; zero++) groups[zero] = 0;
	}
	words[0] = ((groups[0] ?? 0) << 16) | (groups[1] ?? 0);
	words[1] = ((groups[2] ?? 0) << 16) | (groups[3] ?? 0);
	words[2] = ((groups[4] ?? 0) << 16) | (groups[5] ?? 0);
	words[3] = ((groups[6] ?? 0) << 16) | (groups[7] ?? 0);
	return true;
}

/** Letters, digits, `-`, `.` and `:`, at least one. */
function isZone(text: string, start: number): boolean {
	if (start >= text.length) return false;
	for (let i = start; i < text.length; i++) {
		const code = text.charCodeAt(i);
		const lower = code | 0x20;
		const good =
			(code >= ZERO && code <= COLON) ||
			code === 0x2d ||
			code === DOT ||
			(lower >= 0x61 && lower <= 0x7a && code < 0x80);
		if (!good) return false;
	}
	return true;
}
