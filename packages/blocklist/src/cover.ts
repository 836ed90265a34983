/** Which addresses a rule is about, in Node's sense of IPv4 and IPv6. */
import { compareIPv6, mappedIPv4 } from '@net/ip';
import type { RuleBatch } from './batch.ts';
import { KIND } from './batch.ts';

/** The first and last address that maps IPv4. */
export const MAPPED_FIRST: Uint32Array = Uint32Array.of(0, 0, 0xffff, 0);
export const MAPPED_LAST: Uint32Array = Uint32Array.of(0, 0, 0xffff, 0xffff_ffff);

const IPV4_MAX = 0xffff_ffff;

/**
 * The addresses of one row. An IPv4 address is looked for among those of IPv4 only; an IPv6 address among those of IPv6,
 * and, if it is mapped, among those of IPv4 too. What is all of IPv4 is therefore no part of `inIPv6`.
 */
export class Cover {
	inIPv4 = false;
	firstIPv4 = 0;
	lastIPv4 = 0;
	inIPv6 = false;
	readonly first: Uint32Array = new Uint32Array(4);
	readonly last: Uint32Array = new Uint32Array(4);

	read(batch: RuleBatch, row: number): void {
		const { first, last } = this;
		batch.readFirst(row, first);
		batch.readLast(row, last);
		this.inIPv4 = mappedIPv4(first) >= 0 && mappedIPv4(last) >= 0;
		this.inIPv6 = false;
		if (this.inIPv4) {
			this.firstIPv4 = first[3] ?? 0;
			this.lastIPv4 = last[3] ?? 0;
			return;
		}
		if (batch.kind(row) === KIND.range) {
			// An end of IPv4 can only be compared with what is mapped. A range that is not all mapped covers no IPv4.
			if (!batch.startIsIPv6(row) || !batch.endIsIPv6(row)) {
				if (compareIPv6(first, MAPPED_FIRST) < 0) first.set(MAPPED_FIRST);
				if (compareIPv6(last, MAPPED_LAST) > 0) last.set(MAPPED_LAST);
			}
			this.inIPv6 = compareIPv6(first, last) <= 0;
			return;
		}
		this.inIPv6 = true;
		this.inIPv4 = compareIPv6(first, MAPPED_FIRST) <= 0 && compareIPv6(last, MAPPED_LAST) >= 0;
		this.firstIPv4 = 0;
		this.lastIPv4 = IPV4_MAX;
	}

	/** Whether an address is among them. @param isIPv4 - it was not given as IPv6. */
	has(words: Uint32Array, isIPv4: boolean): boolean {
		const mapped = mappedIPv4(words);
		if (this.inIPv4 && mapped >= 0 && mapped >= this.firstIPv4 && mapped <= this.lastIPv4) return true;
		return !isIPv4 && this.inIPv6 && compareIPv6(this.first, words) <= 0 && compareIPv6(this.last, words) >= 0;
	}

	/** Whether an address is in both. */
	meets(other: Cover): boolean {
		const inIPv4 = this.inIPv4 && other.inIPv4;
		if (inIPv4 && this.firstIPv4 <= other.lastIPv4 && other.firstIPv4 <= this.lastIPv4) return true;
		const inIPv6 = this.inIPv6 && other.inIPv6;
		return inIPv6 && compareIPv6(this.first, other.last) <= 0 && compareIPv6(other.first, this.last) <= 0;
	}
}
