/** What the rules of a log block, ready to be asked: made of all of them at once, or changed with each of them. */
import { compareIPv6 } from '@net/ip';
import { KIND } from './batch.ts';
import { Cover } from './cover.ts';
import { collectIPv4, collectIPv6 } from './merge.ts';
import type { Segment } from './resolve.ts';
import { resolve, spanOf } from './resolve.ts';
import type { RuleLog } from './rule-log.ts';
import { commonLength, IPV4_BUCKET_LEVEL, IPV6_BUCKET_LEVEL } from './rule-log.ts';
import type { WideSetMemory } from './wide-set.ts';
import { WideSet } from './wide-set.ts';
import type { WordSetMemory } from './word-set.ts';
import { WordSet } from './word-set.ts';

const WORD_MAX = 0xffff_ffff;
const NO_ROW = -1;
const NOTHING = new Uint32Array(0);
/** From so many IPv4 /16 on all rules are looked at once, not once for each. */
const MANY_BUCKETS = 256;
/** So many IPv6 /32 are made again one by one; if there are more, what is wider than one is collected first. */
const FEW_KEYS = 256;

export class Coverage {
	ipv4: WordSet;
	ipv6: WideSet;
	readonly #log: RuleLog;
	readonly #cover = new Cover();
	readonly #other = new Cover();
	/** A rule that is passed over. */
	#leaving = NO_ROW;

	constructor(log: RuleLog, memory?: { ipv4: WordSetMemory; ipv6: WideSetMemory }) {
		this.#log = log;
		this.ipv4 = new WordSet(memory?.ipv4);
		this.ipv6 = new WideSet(memory?.ipv6);
	}

	/** A rule has come to the log. */
	add(row: number): void {
		const { batch, exceptions } = this.#log;
		const cover = this.#cover;
		cover.read(batch, row);
		if (exceptions > 0) {
			this.#refresh(cover);
			return;
		}
		if (cover.inIPv4) this.ipv4.add(cover.firstIPv4, cover.lastIPv4);
		if (cover.inIPv6) {
			this.#eachKey(cover, (first, last) => this.ipv6.replace(first, last, Uint32Array.of(...first, ...last)));
			const [from, to] = wholeKeys(cover);
			if (from <= to) this.ipv6.replaceWhole(from, to, Uint32Array.of(from, to));
		}
	}

	/** A rule is going to leave the log: makes what it covers anew, of the others. */
	remove(row: number): void {
		this.#leaving = row;
		try {
			this.#refreshRow(row);
		} finally {
			this.#leaving = NO_ROW;
		}
	}

	clear(): void {
		this.ipv4.replace(0, WORD_MAX, NOTHING);
		this.ipv6.replaceWhole(0, WORD_MAX, NOTHING);
	}

	/** Makes both sets anew of all rules. @returns whether any two of them overlap. */
	build(): boolean {
		const { batch, exceptions } = this.#log;
		const ipv4 = collectIPv4(batch);
		this.ipv4.build(ipv4.ranges);
		const ipv6 = collectIPv6(batch);
		this.ipv6.build(ipv6.ranges);
		for (let row = 0; exceptions > 0 && row < batch.length; row++) {
			if (!batch.isException(row)) continue;
			this.#refreshRow(row);
		}
		return ipv4.overlaps || ipv6.overlaps;
	}

	get byteLength(): number {
		return this.ipv4.byteLength + this.ipv6.byteLength;
	}

	#refreshRow(row: number): void {
		this.#cover.read(this.#log.batch, row);
		this.#refresh(this.#cover);
	}

	#refresh(cover: Cover): void {
		if (cover.inIPv4) this.#refreshIPv4(cover.firstIPv4, cover.lastIPv4);
		if (!cover.inIPv6) return;
		this.#eachKey(cover, (first, last) => this.#refreshKey(first, last));
		const [from, to] = wholeKeys(cover);
		if (from > to) return;
		if (to - from < FEW_KEYS) {
			this.#replaceKeys(
				from,
				to,
				NOTHING,
				Array.from({ length: to - from + 1 }, (_, i) => from + i),
			);
		} else {
			this.#refreshWhole(from, to);
		}
	}

	#refreshIPv4(first: number, last: number): void {
		if ((last >>> 16) - (first >>> 16) >= MANY_BUCKETS) {
			this.ipv4.replace(first, last, this.#allIPv4());
			return;
		}
		const address = Uint32Array.of(0, 0, 0xffff, 0);
		for (let bucket = first >>> 16; bucket <= last >>> 16; bucket++) {
			const from = Math.max(first, bucket * 65_536);
			const to = Math.min(last, bucket * 65_536 + 65_535);
			const segments: Segment[] = [];
			const visit = (row: number): void => {
				if (row === this.#leaving) return;
				const other = this.#other;
				other.read(this.#log.batch, row);
				if (!other.inIPv4 || other.firstIPv4 > to || other.lastIPv4 < from) return;
				const start = Uint32Array.of(0, 0, 0, Math.max(from, other.firstIPv4));
				segments.push(this.#segment(row, start, Uint32Array.of(0, 0, 0, Math.min(to, other.lastIPv4))));
			};
			address[3] = from;
			this.#visit(address, Uint32Array.of(0, 0, 0xffff, to), IPV4_BUCKET_LEVEL, bucket, visit);
			this.ipv4.replace(from, to, lastWords(resolve(segments)));
		}
	}

	/** All that is blocked of IPv4, without asking the index. */
	#allIPv4(): Uint32Array {
		const { batch, exceptions } = this.#log;
		if (exceptions === 0) return collectIPv4(batch, this.#leaving).ranges;
		const segments: Segment[] = [];
		for (let row = 0; row < batch.length; row++) {
			const other = this.#other;
			other.read(batch, row);
			if (batch.kind(row) === KIND.none || !other.inIPv4 || row === this.#leaving) continue;
			const [first, last] = [Uint32Array.of(0, 0, 0, other.firstIPv4), Uint32Array.of(0, 0, 0, other.lastIPv4)];
			segments.push(this.#segment(row, first, last));
		}
		return lastWords(resolve(segments));
	}

	/** @param first - shares its first word with `last`. */
	#refreshKey(first: Uint32Array, last: Uint32Array): void {
		this.ipv6.replace(first, last, this.#partsOf(first, last));
	}

	/** What is blocked from `first` to `last`. */
	#partsOf(first: Uint32Array, last: Uint32Array): Uint32Array {
		const segments: Segment[] = [];
		const visit = (row: number): void => this.#collect(row, first, last, segments);
		this.#visit(first, last, IPV6_BUCKET_LEVEL, first[0] ?? 0, visit);
		return resolve(segments);
	}

	/** Calls `visit` with all rules that may apply to a part of a bucket. */
	#visit(first: Uint32Array, last: Uint32Array, level: number, key: number, visit: (row: number) => void): void {
		const common = commonLength(first, last);
		// Rules within the part hang at longer prefixes; mostly there are none.
		if (!this.#log.hasBelow(common)) {
			this.#log.visitPrefixes(first, 0, common, visit);
			return;
		}
		this.#log.visitPrefixes(first, 0, level - 1, visit);
		this.#log.visitBucket(level, key, visit);
	}

	/** First what is wider than a key, then the keys within which something lies. */
	#refreshWhole(from: number, to: number): void {
		const { batch } = this.#log;
		const wide: Segment[] = [];
		const keys = new Set<number>();
		for (let row = 0; row < batch.length; row++) {
			if (batch.kind(row) === KIND.none || batch.isIPv4(row) || row === this.#leaving) continue;
			this.#other.read(batch, row);
			if (!this.#other.inIPv6) continue;
			const { first, last } = this.#other;
			const ends = [first[0] ?? 0, last[0] ?? 0];
			for (const key of ends) if (key >= from && key <= to) keys.add(key);
			if (ends[0] !== ends[1]) this.#collect(row, lowest(from), highest(to), wide);
		}
		const pairs: number[] = [];
		const words = resolve(wide);
		for (let i = 0; i < words.length; i += 8) {
			// A key of which only a part is covered has an end of a rule in it, so it is among `keys`.
			const first = words.subarray(i, i + 4);
			const last = words.subarray(i + 4, i + 8);
			const start = (first[0] ?? 0) + (compareIPv6(first, lowest(first[0] ?? 0)) === 0 ? 0 : 1);
			const end = (last[0] ?? 0) - (compareIPv6(last, highest(last[0] ?? 0)) === 0 ? 0 : 1);
			if (start <= end) pairs.push(start, end);
		}
		this.#replaceKeys(from, to, Uint32Array.from(pairs), keys);
	}

	/** Makes keys anew of the rules that are there, and those from one to another that are not among them of `wholes`. */
	#replaceKeys(from: number, to: number, wholes: Uint32Array, keys: Iterable<number>): void {
		const parts = new Map<number, Uint32Array>();
		for (const key of keys) parts.set(key, this.#partsOf(lowest(key), highest(key)));
		this.ipv6.replaceWhole(from, to, wholes, parts);
	}

	/** Adds the part of a rule that lies from `first` to `last`. */
	#collect(row: number, first: Uint32Array, last: Uint32Array, segments: Segment[]): void {
		if (row === this.#leaving) return;
		const other = this.#other;
		other.read(this.#log.batch, row);
		if (!other.inIPv6 || compareIPv6(other.first, last) > 0 || compareIPv6(other.last, first) < 0) return;
		const start = compareIPv6(other.first, first) > 0 ? Uint32Array.from(other.first) : first;
		segments.push(this.#segment(row, start, compareIPv6(other.last, last) < 0 ? Uint32Array.from(other.last) : last));
	}

	#segment(row: number, first: Uint32Array, last: Uint32Array): Segment {
		return { first, last, span: rowSpan(this.#log, row), exception: this.#log.batch.isException(row) };
	}

	/** Calls `change` with those parts of a cover that are not all of the addresses with one first word. */
	#eachKey({ first, last }: Cover, change: (first: Uint32Array, last: Uint32Array) => void): void {
		const [from, to] = [first[0] ?? 0, last[0] ?? 0];
		if (from === to) {
			change(Uint32Array.from(first), Uint32Array.from(last));
			return;
		}
		if (compareIPv6(first, lowest(from)) !== 0) change(Uint32Array.from(first), highest(from));
		if (compareIPv6(last, highest(to)) !== 0) change(lowest(to), Uint32Array.from(last));
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

/** The words that all of the addresses of a cover of several first words have. */
function wholeKeys({ first, last }: Cover): [from: number, to: number] {
	const [from, to] = [first[0] ?? 0, last[0] ?? 0];
	if (from === to) return [1, 0];
	const start = compareIPv6(first, lowest(from)) === 0 ? from : from + 1;
	return [start, compareIPv6(last, highest(to)) === 0 ? to : to - 1];
}

function lastWords(words: Uint32Array): Uint32Array {
	return Uint32Array.from({ length: words.length / 4 }, (_, i) => words[4 * i + 3] ?? 0);
}

function lowest(key: number): Uint32Array {
	return Uint32Array.of(key, 0, 0, 0);
}

function highest(key: number): Uint32Array {
	return Uint32Array.of(key, WORD_MAX, WORD_MAX, WORD_MAX);
}
