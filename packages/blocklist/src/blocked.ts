/** What the rules of a log block: in a part of the addresses, or in all. */
import { compareIPv6 } from '@net/ip';
import { KIND } from './batch.ts';
import { Cover } from './cover.ts';
import { collectIPv4, joinPairs, sortPairs } from './merge.ts';
import { mergeWide } from './merge-wide.ts';
import type { Segment } from './resolve.ts';
import { resolve, spanOf } from './resolve.ts';
import type { RuleLog } from './rule-log.ts';

const NO_ROW = -1;

export class Blocked {
	readonly #log: RuleLog;
	readonly #cover = new Cover();
	/** A rule that is passed over, as it is going to leave the log. */
	leaving: number = NO_ROW;

	constructor(log: RuleLog) {
		this.#log = log;
	}

	/** @returns pairs of ends, ascending, apart from each other. @param last - shares its upper 16 bits with `first`. */
	inIPv4(first: number, last: number): Uint32Array {
		let rows: number[] = [];
		const cover = this.#cover;
		this.#log.index.visitPart(Uint32Array.of(0, 0, 0xffff, first), Uint32Array.of(0, 0, 0xffff, last), (row) => {
			cover.read(this.#log.batch, row);
			if (!cover.inIPv4 || cover.firstIPv4 > last || cover.lastIPv4 < first) return false;
			// Without exceptions, one that covers all says all.
			const isEnough = this.#isDecisive(row) && cover.firstIPv4 <= first && cover.lastIPv4 >= last;
			if (isEnough) rows = [row];
			else rows.push(row);
			return isEnough;
		});
		return this.#resolveIPv4(rows, first, last);
	}

	/** As `inIPv4`, of all addresses, without asking for those of a part. */
	allIPv4(): Uint32Array {
		const { batch, exceptions } = this.#log;
		if (exceptions === 0) return collectIPv4(batch, this.leaving).ranges;
		const rows: number[] = [];
		for (let row = 0; row < batch.length; row++) {
			this.#cover.read(batch, row);
			if (batch.kind(row) !== KIND.none && this.#cover.inIPv4) rows.push(row);
		}
		return this.#resolveIPv4(rows, 0, 0xffff_ffff);
	}

	/** @returns eight words a range, ascending, apart from each other. @param last - shares its first word with `first`. */
	inIPv6(first: Uint32Array, last: Uint32Array): Uint32Array {
		let rows: number[] = [];
		const cover = this.#cover;
		this.#log.index.visitPart(first, last, (row) => {
			cover.read(this.#log.batch, row);
			const isAround = cover.inIPv6 && compareIPv6(cover.first, first) <= 0 && compareIPv6(cover.last, last) >= 0;
			const isEnough = isAround && this.#isDecisive(row);
			if (isEnough) rows = [row];
			else rows.push(row);
			return isEnough;
		});
		return this.ofRows(rows, first, last);
	}

	/** As `inIPv6`, of some rules. */
	ofRows(rows: readonly number[], first: Uint32Array, last: Uint32Array): Uint32Array {
		const { batch } = this.#log;
		const withExceptions = this.#hasException(rows);
		const cover = this.#cover;
		const words: number[] = [];
		const segments: Segment[] = [];
		for (const row of rows) {
			if (row === this.leaving) continue;
			cover.read(batch, row);
			if (!cover.inIPv6 || compareIPv6(cover.first, last) > 0 || compareIPv6(cover.last, first) < 0) continue;
			const start = compareIPv6(cover.first, first) > 0 ? cover.first : first;
			const end = compareIPv6(cover.last, last) < 0 ? cover.last : last;
			if (withExceptions) segments.push(this.#segment(row, Uint32Array.from(start), Uint32Array.from(end)));
			else words.push(...start, ...end);
		}
		return withExceptions ? resolve(segments) : mergeWide(Uint32Array.from(words));
	}

	#resolveIPv4(rows: readonly number[], from: number, to: number): Uint32Array {
		const { batch } = this.#log;
		const withExceptions = this.#hasException(rows);
		const starts = new Uint32Array(rows.length);
		const ends = new Uint32Array(rows.length);
		const segments: Segment[] = [];
		let count = 0;
		for (const row of rows) {
			if (row === this.leaving) continue;
			this.#cover.read(batch, row);
			starts[count] = Math.max(from, this.#cover.firstIPv4);
			ends[count] = Math.min(to, this.#cover.lastIPv4);
			if (withExceptions) {
				const [start = 0, end = 0] = [starts[count], ends[count]];
				segments.push(this.#segment(row, Uint32Array.of(0, 0, 0, start), Uint32Array.of(0, 0, 0, end)));
			}
			count++;
		}
		if (withExceptions) return lastWords(resolve(segments));
		sortPairs(starts, ends, count);
		return joinPairs(starts, ends, count).ranges;
	}

	#isDecisive(row: number): boolean {
		return this.#log.exceptions === 0 && row !== this.leaving;
	}

	#hasException(rows: readonly number[]): boolean {
		return this.#log.exceptions > 0 && rows.some((row) => this.#log.batch.isException(row));
	}

	#segment(row: number, first: Uint32Array, last: Uint32Array): Segment {
		return { first, last, span: rowSpan(this.#log, row), exception: this.#log.batch.isException(row) };
	}
}

/** How wide a whole rule is, by which the narrowest is found. */
export function rowSpan({ batch }: RuleLog, row: number): Uint32Array {
	const first = new Uint32Array(4);
	const last = new Uint32Array(4);
	batch.readFirst(row, first);
	batch.readLast(row, last);
	return spanOf(first, last);
}

function lastWords(words: Uint32Array): Uint32Array {
	return Uint32Array.from({ length: words.length / 4 }, (_, i) => words[4 * i + 3] ?? 0);
}
