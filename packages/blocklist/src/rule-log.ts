/** The rules as they were given. */
import { mappedIPv4 } from '@net/ip';
import { KIND, RuleBatch } from './batch.ts';
import { sortPairs } from './merge.ts';
import { RuleIndex } from './rule-index.ts';

/** So much may be unused in any list. */
const SPARE = 1024;

const seed = Math.floor(Math.random() * 2 ** 32);
const address = new Uint32Array(4);

export class RuleLog {
	batch: RuleBatch = new RuleBatch();
	/** How many rules are there, and how many exceptions. */
	size = 0;
	exceptions = 0;
	/** Counts how often rows got other numbers. */
	generation = 0;
	/** How often each row decided, where that is counted. */
	hits: Uint32Array | undefined;

	#index: RuleIndex | undefined;
	#exceptionRows: Set<number> | undefined;

	/** Appends a rule, or renews the one about the same address. @returns the row, and whether there was one. */
	add(from: RuleBatch, row: number): { row: number; isNew: boolean } {
		if (from.kind(row) === KIND.address) {
			const known = this.find(from, row);
			if (known >= 0) {
				this.batch.renew(known, from, row);
				if (!this.#isMostlyUnused()) return { row: known, isNew: false };
				this.#compact();
				return { row: this.find(from, row), isNew: false };
			}
		}
		const added = this.batch.append(from, row);
		this.#count(added, 1);
		this.#index?.add(added);
		return { row: added, isNew: true };
	}

	/** Appends all; those about the same address become one. */
	addAll(from: RuleBatch): void {
		this.batch.appendAll(from);
		this.#forget();
	}

	/** The newest row that was given as `row` of `from` was; -1 if there is none. */
	find(from: RuleBatch, row: number): number {
		return this.index.find(from, row);
	}

	/** Whether adding the row would renew a rule, and make no new one. */
	has(from: RuleBatch, row: number): boolean {
		return from.kind(row) === KIND.address && this.find(from, row) >= 0;
	}

	remove(row: number): void {
		this.index.remove(row);
		this.#count(row, -1);
		this.batch.remove(row);
		if (this.#isMostlyUnused()) this.#compact();
	}

	/** Removes many rows, which keep their numbers. @returns what takes that back. */
	removeAll(rows: readonly number[]): () => void {
		const { batch, hits } = this;
		const metas = rows.map((row) => batch.metas[row] ?? 0);
		const counts = rows.map((row) => hits?.[row] ?? 0);
		const { unusedWords } = batch;
		for (const row of rows) {
			batch.remove(row);
			if (hits) hits[row] = 0;
		}
		this.#forget();
		return () => {
			for (const [i, row] of rows.entries()) {
				batch.metas[row] = metas[i] ?? 0;
				if (hits) hits[row] = counts[i] ?? 0;
			}
			batch.unusedWords = unusedWords;
			this.#forget();
		};
	}

	/** The rules that are there, oldest first. */
	copy(): RuleBatch {
		const copy = new RuleBatch(this.size + this.exceptions);
		const isFull = this.batch.length === this.size + this.exceptions;
		if (isFull) copy.appendAll(this.batch);
		for (let row = 0; !isFull && row < this.batch.length; row++) {
			if (this.batch.kind(row) !== KIND.none) copy.append(this.batch, row);
		}
		return copy;
	}

	clear(): void {
		this.batch = new RuleBatch();
		this.hits = undefined;
		this.size = this.exceptions = 0;
		this.#forget();
	}

	/** The rows of exceptions; found when they are first needed. */
	get exceptionRows(): ReadonlySet<number> {
		if (this.#exceptionRows === undefined) {
			this.#exceptionRows = new Set();
			for (let row = 0; this.exceptions > 0 && row < this.batch.length; row++) {
				if (this.batch.isException(row)) this.#exceptionRows.add(row);
			}
		}
		return this.#exceptionRows;
	}

	/** What finds rules; made when it is first needed. */
	get index(): RuleIndex {
		return (this.#index ??= new RuleIndex(this.batch));
	}

	/** Bytes of the rules, and of what finds them. */
	get byteLength(): number {
		return this.batch.byteLength + (this.#index?.byteLength ?? 0) + (this.hits?.byteLength ?? 0);
	}

	/** Of rows about the same address the first stays, with the family and all that goes with it of the last one. */
	dropDuplicates(): void {
		const { batch } = this;
		const rows = new Uint32Array(batch.length);
		const keys = new Uint32Array(batch.length);
		let count = 0;
		for (let row = 0; row < batch.length; row++) {
			if (batch.kind(row) !== KIND.address) continue;
			if (batch.isIPv4(row)) keys[count] = batch.values[row] ?? 0;
			else {
				batch.readAddress(row, address);
				keys[count] = mappedIPv4(address) >= 0 ? (address[3] ?? 0) : hash(address);
			}
			rows[count++] = row;
		}
		sortPairs(keys, rows, count);
		for (let begin = 0, end = 0; begin < count; begin = end) {
			while (end < count && keys[end] === keys[begin]) end++;
			// Mostly one; different addresses with the same key are rare.
			for (let i = begin; i < end - 1; i++) this.#dropEqual(rows, i, end);
		}
		this.#forget();
	}

	#dropEqual(rows: Uint32Array, begin: number, end: number): void {
		const { batch } = this;
		const kept = rows[begin] ?? 0;
		if (batch.kind(kept) === KIND.none) return;
		let newest = kept;
		for (let i = begin + 1; i < end; i++) {
			const row = rows[i] ?? 0;
			if (batch.kind(row) === KIND.none || !batch.isSame(kept, batch, row)) continue;
			if (newest !== kept) batch.remove(newest);
			newest = row;
		}
		if (newest === kept) return;
		batch.renew(kept, batch, newest);
		batch.remove(newest);
	}

	#count(row: number, by: 1 | -1): void {
		if (!this.batch.isException(row)) this.size += by;
		else {
			this.exceptions += by;
			if (by === 1) this.#exceptionRows?.add(row);
			else this.#exceptionRows?.delete(row);
		}
	}

	/** Rows have changed under the tables, and under the counts. */
	#forget(): void {
		this.generation++;
		this.#index = this.#exceptionRows = undefined;
		this.size = this.exceptions = 0;
		for (let row = 0; row < this.batch.length; row++) if (this.batch.kind(row) !== KIND.none) this.#count(row, 1);
	}

	/** Whether removed rows, or labels and words of rules that were renewed or removed, are more than what is there. */
	#isMostlyUnused(): boolean {
		const { batch } = this;
		const most = 2 * (this.size + this.exceptions) + SPARE;
		return (
			batch.length > most || batch.labelNames.length > most || 2 * batch.unusedWords > batch.wideLength + 8 * SPARE
		);
	}

	/** Leaves no removed row between the others. */
	#compact(): void {
		const batch = new RuleBatch(this.size + this.exceptions);
		const hits = this.hits && new Uint32Array(this.batch.length);
		for (let row = 0; row < this.batch.length; row++) {
			if (this.batch.kind(row) === KIND.none) continue;
			const moved = batch.append(this.batch, row);
			if (hits) hits[moved] = this.hits?.[row] ?? 0;
		}
		this.batch = batch;
		this.hits = hits;
		this.#forget();
	}
}

/** Nobody can choose addresses of which many have the same. */
function hash(words: Uint32Array): number {
	return words.reduce((mixed, word) => {
		const product = Math.imul(mixed ^ word, 0x85ebca6b);
		return product ^ (product >>> 15);
	}, seed);
}
