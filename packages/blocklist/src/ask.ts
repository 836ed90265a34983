/** Addresses as texts and bytes, asked of what knows them as numbers. */
import { SocketAddress } from '@net/address';
import { ERR_OUT_OF_RANGE, validateString } from '@net/errors';
import { parseIPv6Front } from '@net/ip';
import { readIPv4Back, readIPv4Front, readIPv6Text } from './text.ts';
import type { WideSet } from './wide-set.ts';
import type { WordSet } from './word-set.ts';

/** `'ipv4'` or `'ipv6'`, in any case of letters. */
export type Family = 'ipv4' | 'ipv6' | 'IPv4' | 'IPv6';

export interface NumericCheck {
	checkIPv4(word: number): boolean;
	checkIPv6(words: ArrayLike<number>): boolean;
}

/** The address that is being checked. */
const words = new Uint32Array(4);

/** What the checks ask, where they do nothing else. */
export interface Sets {
	ipv4: WordSet;
	ipv6: WideSet;
}

export function askText(
	list: NumericCheck,
	sets: Sets | undefined,
	address: string | SocketAddress,
	family: Family,
): boolean {
	if (typeof address !== 'string') {
		if (SocketAddress.isSocketAddress(address)) return ask(list, sets, address.address, address.family);
		validateString(address, 'address');
	}
	if (family === 'ipv4' || family === 'ipv6') return ask(list, sets, address, family);
	validateString(family, 'family');
	return ask(list, sets, address, family.toLowerCase());
}

/** @throws ERR_OUT_OF_RANGE for a length that is neither 4 nor 16, or where there are fewer bytes. */
export function askBytes(list: NumericCheck, bytes: Uint8Array, offset: number, length: number): boolean {
	if (length !== 4 && length !== 16) throw new ERR_OUT_OF_RANGE('length', '4 or 16', length);
	if (!(offset >= 0 && offset + length <= bytes.length)) {
		throw new ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${bytes.length - length}`, offset);
	}
	if (length === 4) return list.checkIPv4(wordAt(bytes, offset));
	for (let i = 0; i < 4; i++) words[i] = wordAt(bytes, offset + 4 * i);
	return list.checkIPv6(words);
}

/** Signed, which is never an object. */
function wordAt(bytes: Uint8Array, at: number): number {
	return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function ask(list: NumericCheck, sets: Sets | undefined, address: string, family: string): boolean {
	if (family === 'ipv4') return askIPv4(list, sets, address);
	return family === 'ipv6' && askIPv6(list, sets, address);
}

function askIPv4(list: NumericCheck, sets: Sets | undefined, address: string): boolean {
	const front = readIPv4Front(address);
	// Most addresses are not blocked, which mostly their first half tells: the other one is then not even read. If it is
	// none of an address the answer is the same.
	if (front < 0 || (sets !== undefined && !sets.ipv4.mayHave(front >>> 4))) return false;
	const back = readIPv4Back(address, front & 15);
	return back >= 0 && list.checkIPv4(((front >>> 4) << 16) | back);
}

function askIPv6(list: NumericCheck, sets: Sets | undefined, address: string): boolean {
	// As of IPv4, but mapped addresses are no part of the set: they have no such front.
	const front = sets === undefined ? 0 : parseIPv6Front(address);
	if (front !== 0 && sets !== undefined && !sets.ipv6.mayHave(front)) return false;
	return readIPv6Text(address, words, front) && list.checkIPv6(words);
}
