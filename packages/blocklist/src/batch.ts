/**
 * Rules in columns: what the readers of formats fill without making texts, and what a list keeps of its rules.
 *
 * A row takes six bytes, and in `wide` eight more if it is a range, sixteen if it is of IPv6, thirty-two if both; a half
 * of that where the lower 64 bits say nothing. What goes with it is in `RuleNotes`.
 */
import { compareIPv6, firstIPv6, lastIPv6, maskIPv6 } from '@net/ip';
import { FIRST_CAPACITY, grown, resized } from './columns.ts';
import type { Kind } from './row-meta.ts';
import * as meta from './row-meta.ts';
import { KIND, META } from './row-meta.ts';
import { RuleNotes } from './rule-notes.ts';

export { KIND } from './row-meta.ts';
export type { Kind } from './row-meta.ts';

const WORD_MAX = 0xffff_ffff;

const ours = new Uint32Array(4);
const others = new Uint32Array(4);

/** Rules on their way from a list to a BlockList or into a file, in typed arrays: a row a rule, no object. */
export class RuleBatch extends RuleNotes {
	/** How many rows there are, removed ones among them. */
	length = 0;
	/** The IPv4 address, or where in `wide` the row's words are. */
	values: Uint32Array<ArrayBuffer>;
	/** What each row is, in bits that are this package's own: `kind`, `prefix` and their like read them. */
	metas: Uint16Array<ArrayBuffer>;
	/** The words of rows that need more than one: ends of ranges, and IPv6. */
	wide: Uint32Array<ArrayBuffer> = new Uint32Array(0);
	/** How many words of `wide` are in use, unused ones among them. */
	wideLength = 0;
	/** How many words of `wide` belong to no row any more. */
	unusedWords = 0;
	/** The next rows let pass what others block. */
	exception = false;

	constructor(capacity: number = FIRST_CAPACITY) {
		super();
		this.values = new Uint32Array(capacity);
		this.metas = new Uint16Array(capacity);
	}

	/** Each `add…` returns the row. Nothing is checked: ends are in order, prefixes fit. */
	addIPv4Address(address: number): number {
		return this.#add(address, META.ipv4Address);
	}

	/** A prefix of 0–32 bits; host bits are kept as they are. */
	addIPv4Subnet(network: number, prefix: number): number {
		return this.#add(network, META.ipv4Subnet | prefix);
	}

	/** Both ends are in the range; the end is not below the start. */
	addIPv4Range(start: number, end: number): number {
		const at = this.#reserve(2);
		this.wide[at] = start;
		this.wide[at + 1] = end;
		return this.#add(at, META.ipv4Range);
	}

	/** The four words are copied from `offset` on. */
	addIPv6Address(words: Uint32Array, offset = 0): number {
		return this.#addWide(META.ipv6Address, words, offset);
	}

	/** As `addIPv6Address`, with a prefix of 0–128 bits; host bits are kept as they are. */
	addIPv6Subnet(words: Uint32Array, prefix: number, offset = 0): number {
		return this.#addWide(META.ipv6Subnet | prefix, words, offset);
	}

	/** An end may be IPv4: it stands as `::ffff:a.b.c.d`, and a flag says so. */
	addIPv6Range(start: Uint32Array, end: Uint32Array, startIPv6 = true, endIPv6 = true): number {
		const isHalf = start[2] === 0 && start[3] === 0 && end[2] === WORD_MAX && end[3] === WORD_MAX;
		const words = isHalf ? 2 : 4;
		const at = this.#reserve(2 * words);
		for (let i = 0; i < words; i++) {
			this.wide[at + i] = start[i] ?? 0;
			this.wide[at + words + i] = end[i] ?? 0;
		}
		return this.#add(at, meta.rangeMeta(startIPv6, endIPv6) | (isHalf ? META.half : 0));
	}

	/** `KIND.none`: the row was removed, or there is none. */
	kind(row: number): Kind {
		return meta.kindOf(this.metas[row] ?? 0);
	}

	/** 0–32 or 0–128; of an address all its bits, of a range 0. */
	prefix(row: number): number {
		return meta.prefixOf(this.metas[row] ?? 0);
	}

	/** Of a row that is no range, its family. */
	startIsIPv6(row: number): boolean {
		return meta.startIsIPv6(this.metas[row] ?? 0);
	}

	/** As `startIsIPv6`. */
	endIsIPv6(row: number): boolean {
		return meta.endIsIPv6(this.metas[row] ?? 0);
	}

	/** Whether all of the row is IPv4, so that `value` and 32 bits say everything. */
	isIPv4(row: number): boolean {
		return meta.isIPv4(this.metas[row] ?? 0);
	}

	/** Whether the row lets pass what wider ones block. */
	isException(row: number): boolean {
		return meta.isException(this.metas[row] ?? 0);
	}

	/** Whether the row is there, and no exception. */
	isBlocking(row: number): boolean {
		return meta.isBlocking(this.metas[row] ?? 0);
	}

	/** Whether the row is of IPv6 and surely holds no mapped address; ranges are not looked at. */
	isFarFromMapped(row: number): boolean {
		const own = this.metas[row] ?? 0;
		if (meta.isIPv4(own) || meta.kindOf(own) === KIND.range) return false;
		return ((this.wide[this.values[row] ?? 0] ?? 0) & maskIPv6(meta.prefixOf(own), 0)) !== 0;
	}

	/** Puts the first and the last address of a row of IPv6 that is no range at a place: `readFirst` and `readLast` in one. */
	putEnds(row: number, words: Uint32Array, at: number): void {
		const own = this.metas[row] ?? 0;
		const value = this.values[row] ?? 0;
		const isHalf = meta.isHalf(own);
		const prefix = meta.prefixOf(own);
		for (let i = 0; i < 4; i++) {
			const word = isHalf && i > 1 ? 0 : (this.wide[value + i] ?? 0);
			const mask = maskIPv6(prefix, i);
			words[at + i] = word & mask;
			words[at + 4 + i] = word | ~mask;
		}
	}

	/** Takes the row away; its number is not used again. */
	remove(row: number): void {
		this.unusedWords += meta.wordsOf(this.metas[row] ?? 0);
		this.metas[row] = 0;
	}

	/** Whether both rows were given the same way. Of addresses the 128 bits count, of no rule what goes with it. */
	isSame(row: number, other: RuleBatch, otherRow: number): boolean {
		const [own = 0, theirs = 0] = [this.metas[row], other.metas[otherRow]];
		if (meta.kindOf(own) === KIND.address && meta.kindOf(theirs) === KIND.address) {
			if (meta.isException(own) !== meta.isException(theirs)) return false;
		} else if (own !== theirs) return false;
		this.readAddress(row, ours);
		other.readAddress(otherRow, others);
		if (compareIPv6(ours, others) !== 0) return false;
		this.readLast(row, ours);
		other.readLast(otherRow, others);
		return compareIPv6(ours, others) === 0;
	}

	/** Copies a row of another batch, with what goes with it. @returns the new row. */
	append(from: RuleBatch, row: number): number {
		this.#follow(from, row);
		return this.#add(this.#copyValue(from, row), from.metas[row] ?? 0);
	}

	/** Copies all rows. */
	appendAll(from: RuleBatch): void {
		const ids = this.idsOf(from);
		const base = this.length;
		// Just as much as is needed: a list that is made at once may stay as it is.
		const needed = this.wideLength + from.wideLength;
		if (needed > this.wide.length) this.wide = resized(this.wide, new Uint32Array(needed));
		const wideBase = this.#reserve(from.wideLength);
		this.wide.set(from.wide.subarray(0, from.wideLength), wideBase);
		this.unusedWords += from.unusedWords;
		this.length += from.length;
		if (this.length > this.values.length) this.#resize(this.length);
		this.values.set(from.values.subarray(0, from.length), base);
		this.metas.set(from.metas.subarray(0, from.length), base);
		for (let row = base; wideBase > 0 && row < this.length; row++) {
			if (meta.wordsOf(this.metas[row] ?? 0) > 0) this.values[row] = (this.values[row] ?? 0) + wideBase;
		}
		this.noteAll(from, from.length, base, this.values.length, ids);
	}

	/** Gives a row the family and all that goes with it of another one about the same address. */
	renew(row: number, from: RuleBatch, other: number): void {
		this.#follow(from, other);
		const own = this.metas[row] ?? 0;
		const theirs = from.metas[other] ?? 0;
		// The same words, unless one of both is IPv4 and the other one mapped.
		if (meta.wordsOf(own) === meta.wordsOf(theirs)) this.#set(row, this.values[row] ?? 0, theirs);
		else {
			this.unusedWords += meta.wordsOf(own);
			this.#set(row, this.#copyValue(from, other), theirs);
		}
	}

	/** The address as it was given, host bits and all, of a range its start; IPv4 at `::ffff:0:0`. */
	readAddress(row: number, words: Uint32Array): void {
		const own = this.metas[row] ?? 0;
		const value = this.values[row] ?? 0;
		if (!meta.isIPv4(own)) this.#read(value, own, 0, words);
		else putIPv4(words, meta.kindOf(own) === KIND.range ? (this.wide[value] ?? 0) : value);
	}

	/** The first address that the row is about. */
	readFirst(row: number, words: Uint32Array): void {
		this.readAddress(row, words);
		if (this.kind(row) === KIND.subnet) firstIPv6(words, this.#length(row), words);
	}

	/** The last address that the row is about. */
	readLast(row: number, words: Uint32Array): void {
		const own = this.metas[row] ?? 0;
		const kind = meta.kindOf(own);
		if (kind !== KIND.range) {
			this.readAddress(row, words);
			if (kind === KIND.subnet) lastIPv6(words, this.#length(row), words);
			return;
		}
		const value = this.values[row] ?? 0;
		if (meta.isIPv4(own)) putIPv4(words, this.wide[value + 1] ?? 0);
		else this.#read(value + meta.wordsOfEnd(own), own, WORD_MAX, words);
	}

	/** Gives the columns their exact length. */
	trim(): void {
		this.#resize(this.length);
		this.wide = this.wide.slice(0, this.wideLength);
	}

	/** Bytes of all columns. */
	get byteLength(): number {
		return this.values.byteLength + this.metas.byteLength + this.wide.byteLength + this.noteBytes;
	}

	#add(value: number, own: number): number {
		const row = this.length;
		if (row === this.values.length) this.#resize(grown(row));
		this.length = row + 1;
		this.#set(row, value, own);
		return row;
	}

	#addWide(own: number, words: Uint32Array, offset: number): number {
		const isHalf = words[offset + 2] === 0 && words[offset + 3] === 0;
		const count = isHalf ? 2 : 4;
		const at = this.#reserve(count);
		for (let i = 0; i < count; i++) this.wide[at + i] = words[offset + i] ?? 0;
		return this.#add(at, isHalf ? own | META.half : own);
	}

	#set(row: number, value: number, own: number): void {
		this.values[row] = value;
		this.metas[row] = this.exception ? own | META.exception : own;
		this.note(row, this.values.length);
	}

	/** The next rows get what a row of another batch has. */
	#follow(from: RuleBatch, row: number): void {
		this.follow(from, row);
		this.exception = from.isException(row);
	}

	/** What the value of a row of another batch is here, its words being copied. */
	#copyValue(from: RuleBatch, row: number): number {
		const value = from.values[row] ?? 0;
		const words = meta.wordsOf(from.metas[row] ?? 0);
		if (words === 0) return value;
		const at = this.#reserve(words);
		for (let i = 0; i < words; i++) this.wide[at + i] = from.wide[value + i] ?? 0;
		return at;
	}

	/** Reads an end of IPv6. @param rest - what the lower words are where they are left out. */
	#read(at: number, own: number, rest: number, words: Uint32Array): void {
		const isHalf = meta.isHalf(own);
		words[0] = this.wide[at] ?? 0;
		words[1] = this.wide[at + 1] ?? 0;
		words[2] = isHalf ? rest : (this.wide[at + 2] ?? 0);
		words[3] = isHalf ? rest : (this.wide[at + 3] ?? 0);
	}

	/** The subnet's prefix as one of 128 bits. */
	#length(row: number): number {
		return this.isIPv4(row) ? 96 + this.prefix(row) : this.prefix(row);
	}

	#reserve(count: number): number {
		const at = this.wideLength;
		this.wideLength += count;
		if (this.wideLength > this.wide.length) {
			const wide = new Uint32Array(grown(this.wideLength));
			wide.set(this.wide);
			this.wide = wide;
		}
		return at;
	}

	#resize(capacity: number): void {
		this.values = resized(this.values, new Uint32Array(capacity));
		this.metas = resized(this.metas, new Uint16Array(capacity));
		this.resizeNotes(capacity);
	}
}

function putIPv4(words: Uint32Array, address: number): void {
	words[0] = 0;
	words[1] = 0;
	words[2] = 0xffff;
	words[3] = address;
}
