/**
 * The rules as they were given, and how to find them again: by what they are, and by the addresses they are about.
 *
 * Each rule hangs at the longest prefix that holds all of its addresses, its node: whatever applies to an address hangs at
 * one of the 129 prefixes of it. And what lies within one bucket of the index (an IPv4 /16, an IPv6 /32) hangs at that
 * one too, so that the bucket can be made again. Both are chains in hash tables, made when they are first needed.
 */
import { mappedIPv4, maskIPv6 } from '@net/ip';
import { KIND, RuleBatch } from './batch.ts';
import { sortPairs } from './merge.ts';

const LEVELS = 129;
/** Prefixes of IPv6 that are an IPv4 /16, or an IPv6 /32. */
export const IPV4_BUCKET_LEVEL = 112;
export const IPV6_BUCKET_LEVEL = 32;
const MAPPED_LEVEL = 96;
/** Rules a bucket's chain has for each of its heads, about. */
const BUCKET_SHARE = 8;
const LEAST_HEADS = 16;

const first = new Uint32Array(4);
const last = new Uint32Array(4);

export class RuleLog {
	batch: RuleBatch = new RuleBatch();
	/** How many rules are there, and how many exceptions. */
	size = 0;
	exceptions = 0;
	/** Counts how often rows got other numbers. */
	generation = 0;
	/** How often each row decided, where that is counted. */
	hits: Uint32Array | undefined;

	/** Heads and links are rows plus one. */
	#nodeHeads: Int32Array | undefined;
	#nodeLinks = new Int32Array(0);
	#bucketHeads = new Int32Array(0);
	#bucketLinks = new Int32Array(0);
	/** How many rules hang at prefixes of each length. */
	readonly #levels = new Int32Array(LEVELS);
	readonly #seed = Math.floor(Math.random() * 2 ** 32);

	/** Appends a rule, or renews the one about the same address. @returns the row, and whether there was one. */
	add(from: RuleBatch, row: number): { row: number; isNew: boolean } {
		if (from.kind(row) === KIND.address) {
			const known = this.find(from, row);
			if (known >= 0) {
				this.batch.renew(known, from, row);
				return { row: known, isNew: false };
			}
		}
		const added = this.batch.append(from, row);
		this.#count(added, 1);
		if (this.#nodeHeads) {
			if (this.batch.length > this.#nodeHeads.length) this.#hangAll();
			else this.#hang(added);
		}
		return { row: added, isNew: true };
	}

	/** Appends all; those about the same address become one. */
	addAll(from: RuleBatch): void {
		this.batch.appendAll(from);
		this.#forget();
	}

	/** The newest row that was given as `row` of `from` was; -1 if there is none. */
	find(from: RuleBatch, row: number): number {
		const heads = this.#heads();
		const level = nodeLevel(from, row);
		let found = heads[hashNode(first, level, this.#seed) & (heads.length - 1)] ?? 0;
		while (found > 0 && !this.batch.isSame(found - 1, from, row)) found = this.#nodeLinks[found - 1] ?? 0;
		return found - 1;
	}

	/** Whether adding the row would renew a rule, and make no new one. */
	has(from: RuleBatch, row: number): boolean {
		return from.kind(row) === KIND.address && this.find(from, row) >= 0;
	}

	remove(row: number): void {
		const heads = this.#heads();
		const level = nodeLevel(this.batch, row);
		this.#levels[level] = (this.#levels[level] ?? 0) - 1;
		unhang(heads, this.#nodeLinks, hashNode(first, level, this.#seed) & (heads.length - 1), row + 1);
		this.#count(row, -1);
		// The chain of its bucket drops it when it is next walked.
		this.batch.remove(row);
		if (this.batch.length > 2 * (this.size + this.exceptions) + 1024) this.#compact();
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

	/** Calls `visit` with rows that may apply to an address; of each prefix of it the newest first. */
	visitPrefixes(address: Uint32Array, from: number, to: number, visit: (row: number) => void): void {
		const heads = this.#heads();
		for (let level = from; level <= to; level++) {
			if (this.#levels[level] === 0) continue;
			for (let i = 0; i < 4; i++) first[i] = (address[i] ?? 0) & maskIPv6(level, i);
			let row = heads[hashNode(first, level, this.#seed) & (heads.length - 1)] ?? 0;
			while (row > 0) {
				// What visit does may use `first`; the chain is walked by its links alone.
				const next = this.#nodeLinks[row - 1] ?? 0;
				if (nodeLevel(this.batch, row - 1) === level) visit(row - 1);
				row = next;
			}
		}
	}

	/** Whether any rule hangs at a prefix that is longer. */
	hasBelow(level: number): boolean {
		this.#heads();
		for (let below = level + 1; below < LEVELS; below++) if (this.#levels[below] !== 0) return true;
		return false;
	}

	/** Calls `visit` with rows that lie within a bucket, and maybe with some that do not. */
	visitBucket(level: number, key: number, visit: (row: number) => void): void {
		this.#heads();
		const head = hashBucket(level, key, this.#seed) & (this.#bucketHeads.length - 1);
		let before = 0;
		for (let row = this.#bucketHeads[head] ?? 0; row > 0;) {
			const next = this.#bucketLinks[row - 1] ?? 0;
			if (this.batch.kind(row - 1) === KIND.none) {
				if (before === 0) this.#bucketHeads[head] = next;
				else this.#bucketLinks[before - 1] = next;
			} else {
				visit(row - 1);
				before = row;
			}
			row = next;
		}
	}

	/** Bytes of the rules, and of what finds them. */
	get byteLength(): number {
		const tables = [this.#nodeHeads, this.#nodeLinks, this.#bucketHeads, this.#bucketLinks, this.hits];
		return this.batch.byteLength + tables.reduce((sum, table) => sum + (table?.byteLength ?? 0), 0);
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
				batch.readAddress(row, first);
				keys[count] = mappedIPv4(first) >= 0 ? (first[3] ?? 0) : hashNode(first, 128, 0);
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
		if (this.batch.isException(row)) this.exceptions += by;
		else this.size += by;
	}

	/** Rows have changed under the tables, and under the counts. */
	#forget(): void {
		this.generation++;
		this.#nodeHeads = undefined;
		this.#nodeLinks = this.#bucketHeads = this.#bucketLinks = new Int32Array(0);
		this.size = this.exceptions = 0;
		for (let row = 0; row < this.batch.length; row++) if (this.batch.kind(row) !== KIND.none) this.#count(row, 1);
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

	#heads(): Int32Array {
		if (this.#nodeHeads === undefined) this.#hangAll();
		return this.#nodeHeads ?? new Int32Array(1);
	}

	#hangAll(): void {
		let heads = LEAST_HEADS;
		while (heads < this.batch.length + 1) heads *= 2;
		this.#nodeHeads = new Int32Array(heads);
		this.#bucketHeads = new Int32Array(Math.max(LEAST_HEADS, heads / BUCKET_SHARE));
		this.#nodeLinks = new Int32Array(heads);
		this.#bucketLinks = new Int32Array(heads);
		this.#levels.fill(0);
		for (let row = 0; row < this.batch.length; row++) if (this.batch.kind(row) !== KIND.none) this.#hang(row);
	}

	#hang(row: number): void {
		const heads = this.#nodeHeads;
		if (heads === undefined) return;
		const level = nodeLevel(this.batch, row);
		this.#levels[level] = (this.#levels[level] ?? 0) + 1;
		hang(heads, this.#nodeLinks, hashNode(first, level, this.#seed) & (heads.length - 1), row + 1);
		const bucket = bucketLevel(first, level);
		if (bucket < 0) return;
		const key = bucket === IPV4_BUCKET_LEVEL ? (first[3] ?? 0) >>> 16 : (first[0] ?? 0);
		const place = hashBucket(bucket, key, this.#seed) & (this.#bucketHeads.length - 1);
		hang(this.#bucketHeads, this.#bucketLinks, place, row + 1);
	}
}

/** In which kind of bucket a node lies; -1: it is too wide for one. */
function bucketLevel(node: Uint32Array, level: number): number {
	if (level >= MAPPED_LEVEL && mappedIPv4(node) >= 0) return level >= IPV4_BUCKET_LEVEL ? IPV4_BUCKET_LEVEL : -1;
	return level >= IPV6_BUCKET_LEVEL ? IPV6_BUCKET_LEVEL : -1;
}

/** How long the prefix is that two addresses share. */
export function commonLength(a: Uint32Array, b: Uint32Array): number {
	let length = 0;
	for (let i = 0; i < 4; i++) {
		const common = Math.clz32((a[i] ?? 0) ^ (b[i] ?? 0));
		length += common;
		if (common < 32) break;
	}
	return length;
}

/** How long the prefix of a row's node is; the node itself is then in `first`. */
function nodeLevel(batch: RuleBatch, row: number): number {
	batch.readFirst(row, first);
	batch.readLast(row, last);
	const level = commonLength(first, last);
	for (let i = 0; i < 4; i++) first[i] = (first[i] ?? 0) & maskIPv6(level, i);
	return level;
}

function hashNode(node: Uint32Array, level: number, seed: number): number {
	let hash = seed ^ Math.imul(level, 0x9e3779b1);
	for (let i = 0; i < 4; i++) {
		hash = Math.imul(hash ^ (node[i] ?? 0), 0x85ebca6b);
		hash ^= hash >>> 15;
	}
	hash = Math.imul(hash, 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}

function hashBucket(level: number, key: number, seed: number): number {
	const hash = Math.imul(key ^ seed ^ level, 0x9e3779b1);
	return hash ^ (hash >>> 15);
}

function hang(heads: Int32Array, links: Int32Array, place: number, row: number): void {
	links[row - 1] = heads[place] ?? 0;
	heads[place] = row;
}

function unhang(heads: Int32Array, links: Int32Array, place: number, row: number): void {
	const next = links[row - 1] ?? 0;
	if (heads[place] === row) {
		heads[place] = next;
		return;
	}
	let before = heads[place] ?? 0;
	while (before > 0 && links[before - 1] !== row) before = links[before - 1] ?? 0;
	if (before > 0) links[before - 1] = next;
}
