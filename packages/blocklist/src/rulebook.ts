/** The state of a list: its rules, what they block, when they end, and how often each decided. */
import type { RuleBatch } from './batch.ts';
import { KIND } from './batch.ts';
import { Cover } from './cover.ts';
import { rowSpan } from './blocked.ts';
import { Coverage } from './coverage.ts';
import { Expiries } from './expiries.ts';
import { compareRank } from './resolve.ts';
import { RuleLog } from './rule-log.ts';
import type { SharedMemory } from './shared-memory.ts';

/** From this share of the rules on, all are taken together. */
const BULK_SHARE = 1 / 16;
const LEAST_BULK = 256;
/** So many entries of rules that are no more there may wait for their time. */
const SPARE = 1024;

export class Rulebook {
	readonly log: RuleLog = new RuleLog();
	coverage: Coverage = new Coverage(this.log);
	/** Milliseconds since 1970. */
	readonly now: () => number;
	readonly countsHits: boolean;
	/** When the next rule ends. */
	nextExpiry: number = Infinity;
	#memory: SharedMemory | undefined;
	readonly #expiries = new Expiries();
	#generation = this.log.generation;
	readonly #cover = new Cover();

	constructor(now: () => number, countsHits: boolean) {
		this.now = now;
		this.countsHits = countsHits;
	}

	/** How many rules and exceptions there are. */
	get count(): number {
		return this.log.size + this.log.exceptions;
	}

	/** @throws RangeError when others read the list and there is no more room; nothing has been changed then. */
	add(from: RuleBatch, row: number): void {
		this.#expireInPassing();
		if (this.#isFull(1) && !this.log.has(from, row)) throw full();
		const added = this.log.add(from, row);
		if (added.isNew) {
			try {
				this.#change(() => this.coverage.add(added.row));
			} catch (error) {
				this.log.remove(added.row);
				this.#settle();
				throw error;
			}
		}
		this.#note(added.row);
		this.nextExpiry = this.#expiries.next;
		this.#settle();
	}

	/** @throws as `add`. */
	addAll(batch: RuleBatch): void {
		if (this.#memory !== undefined || !this.#isBulk(batch.length)) {
			if (this.#isFull(batch.length) && this.#isFull(this.#countNew(batch))) throw full();
			for (let row = 0; row < batch.length; row++) if (batch.kind(row) !== KIND.none) this.add(batch, row);
			return;
		}
		this.log.addAll(batch);
		if (this.coverage.build()) this.log.dropDuplicates();
		this.#settle();
	}

	/** Takes back the newest rule that is given the same way. */
	remove(from: RuleBatch, row: number): void {
		this.#expireInPassing();
		const found = this.log.find(from, row);
		if (found >= 0) this.#removeRow(found);
	}

	clear(): void {
		this.#change(() => this.coverage.clear());
		this.log.clear();
		this.#settle();
	}

	/** Removes what has ended. @returns how many rules that were. */
	expire(now: number = this.now()): number {
		let count = 0;
		if (this.#isBulk(this.#expiries.count(now))) count = this.#removeEnded(now);
		while (this.#expiries.next <= now) {
			const { row, time } = this.#expiries.take();
			// It may have been removed since, or given another time.
			if (this.log.batch.kind(row) === KIND.none || this.log.batch.expiryOf(row) !== time) continue;
			try {
				this.#removeRow(row);
			} catch (error) {
				// It is still there, and so is its end.
				this.#expiries.add(row, time);
				throw error;
			}
			count++;
		}
		this.nextExpiry = this.#expiries.next;
		return count;
	}

	/** The rows that apply to an address, the one that decides first, of equals the newest. */
	matches(words: Uint32Array, isIPv4: boolean): number[] {
		const { log } = this;
		const rows: { row: number; span: Uint32Array; exception: boolean }[] = [];
		log.index.visitPrefixes(words, 0, 128, (row) => {
			this.#cover.read(log.batch, row);
			if (this.#cover.has(words, isIPv4)) {
				rows.push({ row, span: rowSpan(log, row), exception: log.batch.isException(row) });
			}
		});
		return rows.sort((a, b) => compareRank(a, b) || b.row - a.row).map(({ row }) => row);
	}

	/** Counts a check for the row that decides it. */
	countHit(words: Uint32Array, isIPv4: boolean): void {
		const [row] = this.matches(words, isIPv4);
		if (row === undefined) return;
		const hits = this.log.hits;
		if (hits === undefined || hits.length <= row) {
			this.log.hits = new Uint32Array(this.log.batch.values.length);
			if (hits) this.log.hits.set(hits);
		}
		if (this.log.hits) this.log.hits[row] = (this.log.hits[row] ?? 0) + 1;
	}

	/**
	 * Moves what checks ask to memory that other threads can read.
	 * @throws RangeError where there is too little room for the rules; nothing has been changed then.
	 */
	share(memory: SharedMemory): void {
		if (this.count > memory.handle.capacity) throw full();
		const coverage = new Coverage(this.log, memory.views);
		memory.journal.run(() => void coverage.build());
		this.#memory = memory;
		this.coverage = coverage;
	}

	/** What has ended goes with any change, so that other threads see it. */
	#expireInPassing(): void {
		if (this.nextExpiry !== Infinity && this.nextExpiry <= this.now()) this.expire();
	}

	#removeRow(row: number): void {
		// What is there twice covers the same afterwards.
		if (!this.log.index.hasTwin(row)) this.#change(() => this.coverage.remove(row));
		if (this.log.hits) this.log.hits[row] = 0;
		this.log.remove(row);
		this.#settle();
	}

	/** Removes all rules that have ended, at once. */
	#removeEnded(now: number): number {
		const { batch } = this.log;
		const rows: number[] = [];
		for (let row = 0; row < batch.length; row++) {
			if (batch.kind(row) !== KIND.none && batch.expiryOf(row) <= now) rows.push(row);
		}
		const restore = this.log.removeAll(rows);
		try {
			if (this.#memory) this.#change(() => this.coverage.refreshAll());
			else this.coverage.build();
		} catch (error) {
			restore();
			throw error;
		} finally {
			this.#settle();
		}
		return rows.length;
	}

	/** Whether so many rules are better taken together. */
	#isBulk(count: number): boolean {
		return count >= LEAST_BULK && count >= BULK_SHARE * this.count;
	}

	/** Where others read, a change is made as a whole or not at all. */
	#change(change: () => void): void {
		if (this.#memory) this.#memory.journal.run(change);
		else change();
	}

	/** Whether others read the list, and there is no room for so many more rules. */
	#isFull(more: number): boolean {
		return this.#memory !== undefined && this.count + more > this.#memory.handle.capacity;
	}

	#countNew(batch: RuleBatch): number {
		let count = 0;
		for (let row = 0; row < batch.length; row++) {
			if (batch.kind(row) !== KIND.none && !this.log.has(batch, row)) count++;
		}
		return count;
	}

	/** Rows have new numbers: what is known by number is found anew. */
	#settle(): void {
		// Rules that were renewed or removed have left entries behind.
		const stale = this.#expiries.length > 2 * this.count + SPARE;
		if (this.#generation === this.log.generation && !stale) return;
		this.#generation = this.log.generation;
		this.#expiries.clear();
		const { batch } = this.log;
		for (let row = 0; batch.expiries && row < batch.length; row++) if (batch.kind(row) !== KIND.none) this.#note(row);
		this.nextExpiry = this.#expiries.next;
	}

	/** Notes when a rule ends, if it does. */
	#note(row: number): void {
		const time = this.log.batch.expiryOf(row);
		if (time < Infinity) this.#expiries.add(row, time);
	}
}

function full(): RangeError {
	return new RangeError('The shared list is full: share a list with a larger capacity');
}
