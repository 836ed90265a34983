/** Addresses of tests, as numbers and as texts. */
import type { Random } from '@tooling/test';

/** `1.2.3.4` of 0x01020304. */
export function dotted(word: number): string {
	return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Eight groups, none of them left out. */
export function grouped(address: bigint): string {
	const digits = address.toString(16).padStart(32, '0');
	return (digits.match(/..../g) ?? []).join(':');
}

export function words(address: bigint): Uint32Array {
	return Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((address >> shift) & 0xffff_ffffn));
}

/** An address whose bits are not all equally likely, so that rules meet in every part of it. */
export function someIPv6(random: Random): bigint {
	const parts = [
		random.pick([0, 0x2001_0db8, 0x2001_0db9, 0xffff_ffff, 0x2a00_0000 + random.below(64)]),
		random.pick([0, 1, random.below(8) << 16, 0xffff_ffff]),
		random.pick([0, 0, 0xffff, random.below(4), 0xffff_ffff]),
		random.pick([0, random.below(16), random.below(2 ** 32), 0xffff_ffff]),
	];
	return parts.reduce((address, part) => (address << 32n) | BigInt(part), 0n);
}
