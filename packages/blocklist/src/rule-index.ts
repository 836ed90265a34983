/**
 * How to find rules of a batch: by what they are, and by the addresses that they are about.
 *
 * Each rule hangs at the longest prefix that holds all of its addresses, its node: whatever applies to an address hangs at
 * one of the 129 prefixes of it. And what lies within one cell (an IPv4 /24, an IPv6 /40), or at least within one bucket
 * (an IPv4 /16, an IPv6 /32), hangs there too, so that all that lies within a part can be visited. Both are chains in hash
 * tables.
 */
import { mappedIPv4, maskIPv4, maskIPv6 } from '@net/ip';
import type { RuleBatch } from './batch.ts';
import { KIND } from './batch.ts';

const LEVELS = 129;
const MAPPED_LEVEL = 96;
/** Prefixes of which the rules within are known: of IPv4, and of IPv6. */
const IPV4 = { bucket: 112, cell: 120, shift: 8 } as const;
const IPV6 = { bucket: 32, cell: 40, shift: 24 } as const;

/** Rules a chain has, about. */
const NODE_SHARE = 2;
const PLACE_SHARE = 2;
const LEAST_HEADS = 16;
const GROWTH = 1.125;

const first = new Uint32Array(4);
const last = new Uint32Array(4);

type Visit = (row: number) => boolean | void;

export class RuleIndex {
	readonly #batch: RuleBatch;
	/** Heads and links are rows plus one. */
	#nodeHeads = new Int32Array(0);
	#nodeLinks = new Int32Array(0);
	#placeHeads = new Int32Array(0);
	#placeLinks = new Int32Array(0);
	/** How many rows hang at prefixes of each length. */
	readonly #levels = new Int32Array(LEVELS);
	readonly #seed = Math.floor(Math.random() * 2 ** 32);

	/** Of all rows that are there. */
	constructor(batch: RuleBatch) {
		this.#batch = batch;
		this.#hangAll();
	}

	/** A row has come to the batch. */
	add(row: number): void {
		if (this.#batch.length > 2 * NODE_SHARE * this.#nodeHeads.length) {
			this.#hangAll();
			return;
		}
		if (row >= this.#nodeLinks.length) {
			const length = Math.ceil(GROWTH * (row + LEAST_HEADS));
			this.#nodeLinks = longer(this.#nodeLinks, length);
			this.#placeLinks = longer(this.#placeLinks, length);
		}
		this.#hang(row);
	}

	/** A row is going to leave the batch. The chain of its cell drops it when it is next walked. */
	remove(row: number): void {
		const level = nodeLevel(this.#batch, row);
		this.#levels[level] = (this.#levels[level] ?? 0) - 1;
		unhang(this.#nodeHeads, this.#nodeLinks, this.#nodePlace(first, level), row + 1);
	}

	/** The newest row that was given as `row` of `from` was; -1 if there is none. */
	find(from: RuleBatch, row: number): number {
		const level = nodeLevel(from, row);
		let found = this.#nodeHeads[this.#nodePlace(first, level)] ?? 0;
		while (found > 0 && !this.#batch.isSame(found - 1, from, row)) found = this.#nodeLinks[found - 1] ?? 0;
		return found - 1;
	}

	/** Whether another row was given as this one was. */
	hasTwin(row: number): boolean {
		const level = nodeLevel(this.#batch, row);
		let other = this.#nodeHeads[this.#nodePlace(first, level)] ?? 0;
		while (other > 0 && (other === row + 1 || !this.#batch.isSame(other - 1, this.#batch, row))) {
			other = this.#nodeLinks[other - 1] ?? 0;
		}
		return other > 0;
	}

	/**
	 * Calls `visit` with rows that may apply to an address; of each prefix of it the newest first.
	 * @param visit - says true where it has seen enough.
	 * @returns whether it said so.
	 */
	visitPrefixes(address: Uint32Array, from: number, to: number, visit: Visit): boolean {
		for (let level = from; level <= to; level++) {
			if (this.#levels[level] === 0) continue;
			for (let i = 0; i < 4; i++) first[i] = (address[i] ?? 0) & maskIPv6(level, i);
			let row = this.#nodeHeads[this.#nodePlace(first, level)] ?? 0;
			while (row > 0) {
				// What visit does may use `first`; the chain is walked by its links alone.
				const next = this.#nodeLinks[row - 1] ?? 0;
				if (nodeLevel(this.#batch, row - 1) === level && visit(row - 1) === true) return true;
				row = next;
			}
		}
		return false;
	}

	/**
	 * Calls `visit` with rows that may be about addresses from one to another, and maybe with some that are not.
	 * @param to - is in the bucket of `from`.
	 * @param visit - may say true where it has seen enough; it may still be called.
	 */
	visitPart(from: Uint32Array, to: Uint32Array, visit: Visit): void {
		const common = commonLength(from, to);
		// Rules within the part hang at longer prefixes; mostly there are none.
		if (!this.#hasBelow(common)) {
			this.visitPrefixes(from, 0, common, visit);
			return;
		}
		const isIPv4 = mappedIPv4(from) >= 0 && mappedIPv4(to) >= 0;
		const { bucket, cell, shift } = isIPv4 ? IPV4 : IPV6;
		const [key, most] = isIPv4 ? [from[3] ?? 0, to[3] ?? 0] : [from[1] ?? 0, to[1] ?? 0];
		const cells = (most >>> shift) - (key >>> shift) + 1;
		if (cells > this.#batch.length) {
			for (let row = 0; row < this.#batch.length; row++) if (this.#batch.kind(row) !== KIND.none) visit(row);
			return;
		}
		if (this.visitPrefixes(from, 0, (common < cell ? bucket : cell) - 1, visit)) return;
		if (common < cell) this.#visitPlace(bucketKey(from, isIPv4), from, isIPv4, visit);
		for (let at = key >>> shift; at <= most >>> shift; at++) {
			this.#visitPlace(cellKey(from[0] ?? 0, at, isIPv4), from, isIPv4, visit);
		}
	}

	get byteLength(): number {
		const tables = [this.#nodeHeads, this.#nodeLinks, this.#placeHeads, this.#placeLinks];
		return tables.reduce((sum, table) => sum + table.byteLength, 0);
	}

	/** Whether any rule hangs at a prefix that is longer. */
	#hasBelow(level: number): boolean {
		for (let below = level + 1; below < LEVELS; below++) if (this.#levels[below] !== 0) return true;
		return false;
	}

	#visitPlace(key: number, from: Uint32Array, isIPv4: boolean, visit: Visit): void {
		const place = this.#place(key);
		let before = 0;
		for (let row = this.#placeHeads[place] ?? 0; row > 0;) {
			const next = this.#placeLinks[row - 1] ?? 0;
			if (this.#batch.kind(row - 1) === KIND.none) {
				if (before === 0) this.#placeHeads[place] = next;
				else this.#placeLinks[before - 1] = next;
			} else {
				if (this.#isNear(row - 1, from, isIPv4)) visit(row - 1);
				before = row;
			}
			row = next;
		}
	}

	/** Whether a row of a chain may lie in the bucket of an address, and not in another one of the same place. */
	#isNear(row: number, address: Uint32Array, isIPv4: boolean): boolean {
		const batch = this.#batch;
		const value = batch.values[row] ?? 0;
		if (!batch.isIPv4(row)) return isIPv4 || batch.wide[value] === address[0];
		return isIPv4 && (batch.kind(row) === KIND.range || value >>> 16 === (address[3] ?? 0) >>> 16);
	}

	#hangAll(): void {
		const batch = this.#batch;
		let heads = LEAST_HEADS;
		while (NODE_SHARE * heads < batch.length) heads *= 2;
		this.#nodeHeads = new Int32Array(heads);
		this.#placeHeads = new Int32Array(Math.max(LEAST_HEADS, (NODE_SHARE * heads) / PLACE_SHARE));
		this.#nodeLinks = new Int32Array(batch.length + LEAST_HEADS);
		this.#placeLinks = new Int32Array(batch.length + LEAST_HEADS);
		this.#levels.fill(0);
		for (let row = 0; row < batch.length; row++) if (batch.kind(row) !== KIND.none) this.#hang(row);
	}

	#hang(row: number): void {
		const batch = this.#batch;
		const isIPv4 = batch.isIPv4(row);
		let level = MAPPED_LEVEL + batch.prefix(row);
		if (isIPv4 && batch.kind(row) !== KIND.range) {
			// Most rows are of this kind.
			first[0] = first[1] = 0;
			first[2] = 0xffff;
			first[3] = (batch.values[row] ?? 0) & maskIPv4(level - MAPPED_LEVEL);
		} else level = nodeLevel(batch, row);
		this.#levels[level] = (this.#levels[level] ?? 0) + 1;
		hang(this.#nodeHeads, this.#nodeLinks, this.#nodePlace(first, level), row + 1);
		const isMapped = isIPv4 || (level >= MAPPED_LEVEL && mappedIPv4(first) >= 0);
		const { bucket, cell, shift } = isMapped ? IPV4 : IPV6;
		if (level < bucket) return;
		const [top = 0, second = 0, , low = 0] = first;
		const key = level < cell ? bucketKey(first, isMapped) : cellKey(top, (isMapped ? low : second) >>> shift, isMapped);
		hang(this.#placeHeads, this.#placeLinks, this.#place(key), row + 1);
	}

	/** Which chain is that of a prefix. */
	#nodePlace(node: Uint32Array, level: number): number {
		let hash = this.#seed ^ Math.imul(level, 0x9e3779b1);
		for (let i = 0; i < 4; i++) {
			hash = Math.imul(hash ^ (node[i] ?? 0), 0x85ebca6b);
			hash ^= hash >>> 15;
		}
		hash = Math.imul(hash, 0xc2b2ae35);
		return (hash ^ (hash >>> 16)) & (this.#nodeHeads.length - 1);
	}

	/** Which chain is that of a bucket or cell. Where keys are the same, more is visited than need be. */
	#place(key: number): number {
		const hash = Math.imul(key ^ this.#seed, 0x9e3779b1);
		return (hash ^ (hash >>> 15)) & (this.#placeHeads.length - 1);
	}
}

/** How long the prefix is that two addresses share. */
function commonLength(a: Uint32Array, b: Uint32Array): number {
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

function bucketKey(node: Uint32Array, isIPv4: boolean): number {
	return isIPv4 ? ~((node[3] ?? 0) >>> 16) : Math.imul(node[0] ?? 0, 0x2c1b3c6d);
}

function cellKey(top: number, cell: number, isIPv4: boolean): number {
	return isIPv4 ? cell : Math.imul(top, 0x2c1b3c6d) ^ Math.imul(cell + 1, 0x297a2d39);
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

function longer(links: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
	const longerLinks = new Int32Array(length);
	longerLinks.set(links);
	return longerLinks;
}
