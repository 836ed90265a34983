/** A bit for each number from 0 to 32,767, in a block of units: whether it belongs to a set. Cold paths. */
import type { Turns } from './turns.ts';

export const BITMAP_UNITS = 2048;

/** Makes all bits from `first` to `last` the same. */
export function paintBits(units: Uint16Array, at: number, first: number, last: number, bit: 0 | 1): void {
	const from = first >>> 4;
	const to = last >>> 4;
	for (let unit = from; unit <= to; unit++) {
		if (unit > from && unit < to) {
			units[at + unit] = bit === 1 ? 0xffff : 0;
			continue;
		}
		const low = unit === from ? first & 15 : 0;
		const high = unit === to ? last & 15 : 15;
		const mask = ((2 << high) - 1) & ~((1 << low) - 1);
		units[at + unit] = bit === 1 ? (units[at + unit] ?? 0) | mask : (units[at + unit] ?? 0) & ~mask;
	}
}

export function countTurns(units: Uint16Array, at: number): number {
	let count = 0;
	let carry = (units[at] ?? 0) & 1;
	for (let unit = 0; unit < BITMAP_UNITS; unit++) {
		const bits = units[at + unit] ?? 0;
		let changes = bits ^ (((bits << 1) | carry) & 0xffff);
		carry = bits >>> 15;
		// The ones in each pair, each four, each eight and all sixteen bits.
		changes -= (changes >>> 1) & 0x5555;
		changes = (changes & 0x3333) + ((changes >>> 2) & 0x3333);
		changes = (changes + (changes >>> 4)) & 0x0f0f;
		count += (changes + (changes >>> 8)) & 0x1f;
	}
	return count;
}

/** @param base - the number that the first bit is about. */
export function readBits(units: Uint16Array, at: number, base: number, into: Turns): void {
	for (let unit = 0; unit < BITMAP_UNITS; unit++) {
		const bits = units[at + unit] ?? 0;
		if (bits === 0 || bits === 0xffff) into.turn(base + 16 * unit, bits === 0 ? 0 : 1);
		else for (let bit = 0; bit < 16; bit++) into.turn(base + 16 * unit + bit, ((bits >>> bit) & 1) === 1 ? 1 : 0);
	}
}
