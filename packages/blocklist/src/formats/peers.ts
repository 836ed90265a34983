/** Where the range of a p2p line (`name:start-end`) begins; the name may hold colons, dashes and addresses. */

const TAB = 0x09;
const SPACE = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

/**
 * Looks at the shape only: digits and dots, a dash, digits and dots, and a colon before them.
 * @returns the place behind the colon; -1 where the line has another shape. IPv6 has another one, since no colon of it
 *   would tell where the name ends.
 */
export function rangeOfPeers(bytes: Uint8Array, start: number, end: number): number {
	let at = skipDotted(bytes, start, end);
	if (at === end) return -1;
	at = skipSpacesBack(bytes, start, at);
	if (at === start || bytes[at - 1] !== DASH) return -1;
	at = skipSpacesBack(bytes, start, at - 1);
	const first = skipDotted(bytes, start, at);
	if (first === at || first === start || bytes[first - 1] !== COLON) return -1;
	// `::1.2.3.4-1.2.3.9` has no name, but is IPv6 gone wrong.
	return bytes.subarray(start, first).every(isOfIPv6) && countColons(bytes, start, first) > 1 ? -1 : first;
}

/** The front of three dots and their digits that end at `end`; `end` where there are not three. */
function skipDotted(bytes: Uint8Array, start: number, end: number): number {
	let at = end;
	let dots = 0;
	for (; at > start; at--) {
		const code = bytes[at - 1] ?? 0;
		if (code === DOT) dots++;
		else if (code < ZERO || code > 0x39) break;
	}
	return dots === 3 ? at : end;
}

function skipSpacesBack(bytes: Uint8Array, start: number, end: number): number {
	let at = end;
	while (at > start && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--;
	return at;
}

function isOfIPv6(code: number): boolean {
	const lower = code | 0x20;
	return (code >= ZERO && code <= COLON) || (lower >= 0x61 && lower <= 0x66);
}

function countColons(bytes: Uint8Array, start: number, end: number): number {
	let count = 0;
	for (let i = start; i < end; i++) if (bytes[i] === COLON) count++;
	return count;
}
