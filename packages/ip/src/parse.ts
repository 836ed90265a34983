/**
 * Text to numbers, in one pass over the char codes, allocating nothing.
 *
 * An IPv4 address is a number from 0 to 2**32-1. An IPv6 address is four such numbers in a `Uint32Array`, the first
 * being the front of the text. What passes is what Node's `net.isIP` lets pass: no leading zeros in IPv4, no spaces,
 * at most four hexadecimal digits a group, a `::` stands for at least one group.
 */

const PERCENT = 0x25;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

/** The groups that were written in the address that was scanned last; `::` is not among them. */
const groups = new Uint16Array(8);

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
	const shape = scanIPv6(text, start, end);
	if (shape < 0) return false;
	for (let i = 0; i < 4; i++) words[i] = (groupAt(2 * i, shape) << 16) | groupAt(2 * i + 1, shape);
	return true;
}

/** The zone id of an IPv6 address: what stands behind its `%`; undefined where there is none. */
export function zoneOf(address: string): string | undefined {
	const percent = address.indexOf('%');
	return percent < 0 ? undefined : address.slice(percent + 1);
}

/**
 * Reads an IPv6 address into `groups`; of use inside this package only.
 * @returns how many groups were written (upper bits) and before which of them `::` stands (lower four); -1 for no address.
 */
export function scanIPv6(text: string, start: number, end: number): number {
	if (end - start < 2) return -1;
	let i = start;
	let count = 0;
	let gap = -1;
	if (text.charCodeAt(i) === COLON) {
		if (text.charCodeAt(i + 1) !== COLON) return -1;
		gap = 0;
		i += 2;
	}
	let value = 0;
	let digits = 0;
	for (; i < end; i++) {
		const code = text.charCodeAt(i);
		const digit = hexDigit(code);
		if (digit >= 0) {
			if (++digits > 4) return -1;
			value = value * 16 + digit;
		} else if (code === COLON) {
			if (digits > 0) {
				if (count === 7) return -1;
				groups[count++] = value;
				value = digits = 0;
			} else {
				// The second colon of `::`. A third one, or a second `::`, finds the gap taken.
				if (gap >= 0 || count === 0) return -1;
				gap = count;
			}
		} else if (code === DOT) {
			const percent = text.indexOf('%', i);
			const stop = percent < 0 || percent > end ? end : percent;
			const tail = parseIPv4(text, i - digits, stop);
			if (tail < 0 || digits === 0 || count > 6) return -1;
			groups[count++] = tail >>> 16;
			value = tail & 0xffff;
			// It is the last group, of which at least a digit was seen.
			i = stop - 1;
		} else if (code === PERCENT) {
			if (!isZone(text, i + 1, end)) return -1;
			break;
		} else {
			return -1;
		}
	}
	if (digits > 0) groups[count++] = value;
	else if (gap !== count) return -1;
	if (gap >= 0 ? count > 7 : count !== 8) return -1;
	return (count << 4) | (gap < 0 ? 8 : gap);
}

/** One of the eight groups of the address that was scanned last. */
function groupAt(index: number, shape: number): number {
	const gap = shape & 15;
	if (index < gap) return groups[index] ?? 0;
	const hidden = 8 - (shape >> 4);
	return index < gap + hidden ? 0 : (groups[index - hidden] ?? 0);
}

function hexDigit(code: number): number {
	if (code <= 0x39) return code >= ZERO ? code - ZERO : -1;
	// Upper to lower case; nothing else becomes a letter from a to f.
	const lower = code | 0x20;
	return lower >= 0x61 && lower <= 0x66 && code < 0x80 ? lower - 0x57 : -1;
}

/** Letters, digits, `-`, `.` and `:`, at least one. */
function isZone(text: string, start: number, end: number): boolean {
	if (start >= end) return false;
	for (let i = start; i < end; i++) {
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
