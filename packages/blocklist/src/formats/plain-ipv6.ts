/** Lines that are an IPv6 address or CIDR and nothing else, as most lines of large lists are. */
import type { RuleBatch } from '../batch.ts';
import { HEX } from './scan.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SLASH = 0x2f;
const ZERO = 0x30;
const COLON = 0x3a;

const groups = new Uint16Array(8);
const words = new Uint32Array(4);

/**
 * Adds the rule of such a line. A line feed must follow somewhere: it ends the loops.
 * @returns the place behind the line; -1 for any other line, also one with a dotted end.
 */
export function readPlainIPv6(bytes: Uint8Array, start: number, batch: RuleBatch): number {
	let at = start;
	let count = 0;
	let gap = -1;
	if (bytes[at] === COLON) {
		if (bytes[at + 1] !== COLON) return -1;
		gap = 0;
		at += 2;
	}
	let group = 0;
	let digits = 0;
	let code = 0;
	for (;;) {
		code = bytes[at++] ?? 0;
		const digit = HEX[code] ?? -1;
		if (digit >= 0) {
			if (++digits > 4) return -1;
			group = (group << 4) | digit;
			continue;
		}
		if (code !== COLON) break;
		if (digits > 0) {
			if (count === 7) return -1;
			groups[count++] = group;
			group = digits = 0;
		} else {
			// The second colon of `::`. A third one, or a second `::`, finds the gap taken.
			if (gap >= 0 || count === 0) return -1;
			gap = count;
		}
	}
	if (digits > 0) groups[count++] = group;
	else if (gap !== count) return -1;
	if (gap >= 0 ? count > 7 : count !== 8) return -1;
	let prefix = -1;
	if (code === SLASH) {
		const first = at;
		prefix = 0;
		for (;;) {
			code = bytes[at++] ?? 0;
			const digit = code - ZERO;
			if (digit < 0 || digit > 9) break;
			prefix = prefix * 10 + digit;
			// Zero is not followed by anything, and no more than three digits are.
			if (prefix > 128 || (prefix === 0 && at - first > 1)) return -1;
		}
		if (at - first === 1 || (bytes[first] === ZERO && prefix > 0)) return -1;
	}
	if (code === RETURN) code = bytes[at++] ?? 0;
	if (code !== NEWLINE) return -1;
	putWords(count, gap);
	batch.label = 0;
	if (prefix < 0) batch.addIPv6Address(words);
	else batch.addIPv6Subnet(words, prefix);
	return at;
}

/** Makes words of the groups that were written, and of zeros where `::` stands. */
function putWords(count: number, gap: number): void {
	if (gap >= 0) {
		for (let back = 1; back <= count - gap; back++) groups[8 - back] = groups[count - back] ?? 0;
		for (let zero = gap; zero < gap + 8 - count; zero++) groups[zero] = 0;
	}
	for (let i = 0; i < 4; i++) words[i] = ((groups[2 * i] ?? 0) << 16) | (groups[2 * i + 1] ?? 0);
}
