/** What the rules of a log block, ready to be asked: made of all of them at once, or changed with each of them. */
import { compareIPv6 } from '@net/ip';
import { KIND } from './batch.ts';
import { Blocked } from './blocked.ts';
import { Cover } from './cover.ts';
import { collectIPv4 } from './merge.ts';
import { collectIPv6 } from './merge-wide.ts';
import type { RuleLog } from './rule-log.ts';
import type { WideSetMemory } from './wide-set.ts';
import { WideSet } from './wide-set.ts';
import type { WordSetMemory } from './word-set.ts';
import { WordSet } from './word-set.ts';

const WORD_MAX = 0xffff_ffff;
/** More exceptions are not looked at one by one. */
const FEW_EXCEPTIONS = 64;
const NO_ROW = -1;
const NOTHING = new Uint32Array(0);
/** As many rules are looked at in the time in which what lies in an IPv4 /16 or an IPv6 /32 is found. */
const BUCKET_COST = 256;
/** So many of them at most are made again one by one, as all of them are of other rules. */
const MOST_BUCKETS = 256;

export class Coverage {
	ipv4: WordSet;
	ipv6: WideSet;
	readonly #log: RuleLog;
	readonly #cover = new Cover();
	readonly #blocked: Blocked;

	constructor(log: RuleLog, memory?: { ipv4: WordSetMemory; ipv6: WideSetMemory }) {
		this.#log = log;
		this.#blocked = new Blocked(log);
		this.ipv4 = new WordSet(memory?.ipv4);
		this.ipv6 = new WideSet(memory?.ipv6);
	}

	/** A rule has come to the log. */
	add(row: number): void {
		const { batch } = this.#log;
		const cover = this.#cover;
		cover.read(batch, row);
		if (batch.isException(row) || this.#meetsException(cover)) {
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
		this.#blocked.leaving = row;
		try {
			this.#refreshRow(row);
		} finally {
			this.#blocked.leaving = NO_ROW;
		}
	}

	/** Makes everything anew, one place after the other: who reads meanwhile finds each as it was, or as it will be. */
	refreshAll(): void {
		this.#refreshIPv4(0, WORD_MAX);
		this.#refreshWhole(0, WORD_MAX);
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

	/** Whether an exception is, or may be, about some of the same addresses. */
	#meetsException(cover: Cover): boolean {
		const { batch, exceptions, exceptionRows } = this.#log;
		if (exceptions > FEW_EXCEPTIONS) return true;
		const other = new Cover();
		for (const row of exceptionRows) {
			other.read(batch, row);
			if (cover.meets(other)) return true;
		}
		return false;
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
		if (!this.#isWorthAll(to - from + 1)) {
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
		const buckets = (last >>> 16) - (first >>> 16) + 1;
		if (buckets > 1 && this.#isWorthAll(buckets)) {
			this.ipv4.replace(first, last, this.#blocked.allIPv4());
			return;
		}
		for (let bucket = first >>> 16; bucket <= last >>> 16; bucket++) {
			const from = Math.max(first, bucket * 65_536);
			const to = Math.min(last, bucket * 65_536 + 65_535);
			this.ipv4.replace(from, to, this.#blocked.inIPv4(from, to));
		}
	}

	/** Whether to look at all rules once is quicker than to look for those of so many buckets. */
	#isWorthAll(buckets: number): boolean {
		return buckets > MOST_BUCKETS || buckets * BUCKET_COST > this.#log.batch.length;
	}

	/** @param first - shares its first word with `last`. */
	#refreshKey(first: Uint32Array, last: Uint32Array): void {
		this.ipv6.replace(first, last, this.#blocked.inIPv6(first, last));
	}

	/** First what is wider than a key, then the keys within which something lies. */
	#refreshWhole(from: number, to: number): void {
		const { batch } = this.#log;
		const cover = new Cover();
		const wide: number[] = [];
		const keys = new Set<number>();
		for (let row = 0; row < batch.length; row++) {
			if (batch.kind(row) === KIND.none || batch.isIPv4(row) || row === this.#blocked.leaving) continue;
			cover.read(batch, row);
			if (!cover.inIPv6) continue;
			const ends = [cover.first[0] ?? 0, cover.last[0] ?? 0];
			for (const key of ends) if (key >= from && key <= to) keys.add(key);
			if (ends[0] !== ends[1]) wide.push(row);
		}
		const pairs: number[] = [];
		const words = this.#blocked.ofRows(wide, lowest(from), highest(to));
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
		for (const key of keys) parts.set(key, this.#blocked.inIPv6(lowest(key), highest(key)));
		this.ipv6.replaceWhole(from, to, wholes, parts);
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

/** The words that all of the addresses of a cover of several first words have. */
function wholeKeys({ first, last }: Cover): [from: number, to: number] {
	const [from, to] = [first[0] ?? 0, last[0] ?? 0];
	if (from === to) return [1, 0];
	const start = compareIPv6(first, lowest(from)) === 0 ? from : from + 1;
	return [start, compareIPv6(last, highest(to)) === 0 ? to : to - 1];
}

function lowest(key: number): Uint32Array {
	return Uint32Array.of(key, 0, 0, 0);
}

function highest(key: number): Uint32Array {
	return Uint32Array.of(key, WORD_MAX, WORD_MAX, WORD_MAX);
}
