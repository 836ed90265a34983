/** Addresses as 128 bits: an IPv4 address stands at `::ffff:0:0/96`, where IPv6 maps it. */
import type { SocketAddress } from '@net/address';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '@net/ip';

/** An address, and the family it was given in, which `::ffff:1.2.3.4` and `1.2.3.4` differ in. */
export interface Address {
	family: 'ipv4' | 'ipv6';
	words: Uint32Array;
}

/** The first and last address that maps IPv4. */
export const MAPPED_FIRST: Uint32Array = Uint32Array.of(0, 0, 0xffff, 0);
export const MAPPED_LAST: Uint32Array = Uint32Array.of(0, 0, 0xffff, 0xffff_ffff);

export function fromSocketAddress({ family, address }: SocketAddress): Address {
	const words = Uint32Array.from(MAPPED_FIRST);
	if (family === 'ipv4') words[3] = parseIPv4(address);
	else parseIPv6(address, words);
	return { family, words };
}

export function sameAddress(a: Address, b: Address): boolean {
	return a.family === b.family && a.words.every((word, i) => word === b.words[i]);
}

/** The canonical text, in the family that the address was given in. */
export function formatAddress({ family, words }: Address): string {
	return family === 'ipv4' ? formatIPv4(words[3] ?? 0) : formatIPv6(words);
}
