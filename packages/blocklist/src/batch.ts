/**
 * Rules in columns: what the readers of formats fill without making texts, and what a list keeps of its rules.
 *
 * A row takes six bytes, and in `wide` eight more if it is a range, sixteen if it is of IPv6, thirty-two if both. Columns
 * for labels, lines, sources and expiries are made when a row first has one.
 */
import { compareIPv6, firstIPv6, lastIPv6 } from '@net/ip';

/** What a row is; `none` was removed. */
export const KIND = { none: 0, address: 1, subnet: 2, range: 3 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/** The bits of `metas`: the prefix, the kind, the families of both ends, and whether the rule lets pass. */
const PREFIX_BITS = 0xff;
const KIND_SHIFT = 8;
const START_IPV6 = 1 << 10;
const END_IPV6 = 1 << 11;
const EXCEPTION = 1 << 12;
const KIND_BITS = 3 << KIND_SHIFT;

const FIRST_CAPACITY = 16;

/** Rows of a small batch may double, those of a large one grow by a quarter, so that little is unused. */
const LARGE = 1 << 16;

const ours = new Uint32Array(4);
const others = new Uint32Array(4);

export class RuleBatch {
	/** How many rows there are, removed ones among them. */
	length = 0;
	/** The IPv4 address, or where in `wide` the row's words are. */
	values: Uint32Array<ArrayBuffer>;
	metas: Uint16Array<ArrayBuffer>;
	wide: Uint32Array<ArrayBuffer> = new Uint32Array(0);
	wideLength = 0;

	/** What the next rows get: a line of a file (0: none), ids of `labelId` and `sourceId` (0: none). */
	line = 0;
	label = 0;
	source = 0;
	/** The next rows let pass what others block. */
	exception = false;
	/** When the next rows end, in milliseconds since 1970; `Infinity`: never. */
	expiresAt: number = Infinity;

	lines: Uint32Array<ArrayBuffer> | undefined;
	labels: Uint32Array<ArrayBuffer> | undefined;
	sources: Uint16Array<ArrayBuffer> | undefined;
	expiries: Float64Array<ArrayBuffer> | undefined;
	/** By id; the first stands for none. */
	readonly labelNames: string[] = [''];
	readonly sourceNames: string[] = [''];
	readonly #labelIds = new Map<string, number>([['', 0]]);

	constructor(capacity: number = FIRST_CAPACITY) {
		this.values = new Uint32Array(capacity);
		this.metas = new Uint16Array(capacity);
	}

	/** The id of a label's text, to be set as `label`. */
	labelId(text: string): number {
		const known = this.#labelIds.get(text);
		if (known !== undefined) return known;
		this.#labelIds.set(text, this.labelNames.length);
		return this.labelNames.push(text) - 1;
	}

	/** The id of a source, a file's name for instance, to be set as `source`. At most 65,535 of them. */
	sourceId(name: string): number {
		const known = this.sourceNames.indexOf(name);
		if (known >= 0) return known;
		if (this.sourceNames.length > 0xffff) throw new RangeError('too many sources');
		return this.sourceNames.push(name) - 1;
	}

	/** Each `add…` returns the row. Nothing is checked: ends are in order, prefixes fit. */
	addIPv4Address(address: number): number {
		return this.#add(address, (KIND.address << KIND_SHIFT) | 32);
	}

	addIPv4Subnet(network: number, prefix: number): number {
		return this.#add(network, (KIND.subnet << KIND_SHIFT) | prefix);
	}

	addIPv4Range(start: number, end: number): number {
		const at = this.#reserve(2);
		this.wide[at] = start;
		this.wide[at + 1] = end;
		return this.#add(at, KIND.range << KIND_SHIFT);
	}

	/** The four words are copied from `offset` on. */
	addIPv6Address(words: Uint32Array, offset = 0): number {
		return this.#add(this.#copy(words, offset), (KIND.address << KIND_SHIFT) | START_IPV6 | END_IPV6 | 128);
	}

	addIPv6Subnet(words: Uint32Array, prefix: number, offset = 0): number {
		return this.#add(this.#copy(words, offset), (KIND.subnet << KIND_SHIFT) | START_IPV6 | END_IPV6 | prefix);
	}

	/** An end may be IPv4: it stands as `::ffff:a.b.c.d`, and a flag says so. */
	addIPv6Range(start: Uint32Array, end: Uint32Array, startIPv6 = true, endIPv6 = true): number {
		const at = this.#copy(start, 0);
		this.#copy(end, 0);
		const families = (startIPv6 ? START_IPV6 : 0) | (endIPv6 ? END_IPV6 : 0);
		return this.#add(at, (KIND.range << KIND_SHIFT) | families);
	}

	kind(row: number): Kind {
		// Two bits, of which all four values are kinds.
		return (((this.metas[row] ?? 0) >>> KIND_SHIFT) & 3) as Kind;
	}

	prefix(row: number): number {
		return (this.metas[row] ?? 0) & PREFIX_BITS;
	}

	startIsIPv6(row: number): boolean {
		return ((this.metas[row] ?? 0) & START_IPV6) !== 0;
	}

	endIsIPv6(row: number): boolean {
		return ((this.metas[row] ?? 0) & END_IPV6) !== 0;
	}

	/** Whether all of the row is IPv4, so that `value` and 32 bits say everything. */
	isIPv4(row: number): boolean {
		return ((this.metas[row] ?? 0) & (START_IPV6 | END_IPV6)) === 0;
	}

	isException(row: number): boolean {
		return ((this.metas[row] ?? 0) & EXCEPTION) !== 0;
	}

	/** Whether the row is there, and no exception. */
	isBlocking(row: number): boolean {
		const meta = this.metas[row] ?? 0;
		return (meta & KIND_BITS) !== 0 && (meta & EXCEPTION) === 0;
	}

	/** Takes the row away; its number is not used again. */
	remove(row: number): void {
		this.metas[row] = 0;
	}

	/** Whether both rows were given the same way. Of addresses the 128 bits count, of no rule what goes with it. */
	isSame(row: number, other: RuleBatch, otherRow: number): boolean {
		const [meta = 0, theirs = 0] = [this.metas[row], other.metas[otherRow]];
		if (this.kind(row) === KIND.address && other.kind(otherRow) === KIND.address) {
			if ((meta & EXCEPTION) !== (theirs & EXCEPTION)) return false;
		} else if (meta !== theirs) return false;
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
		const base = this.length;
		const wideBase = this.#reserve(from.wideLength);
		this.wide.set(from.wide.subarray(0, from.wideLength), wideBase);
		this.length += from.length;
		if (this.length > this.values.length) this.#resize(this.length);
		this.values.set(from.values.subarray(0, from.length), base);
		this.metas.set(from.metas.subarray(0, from.length), base);
		for (let row = base; wideBase > 0 && row < this.length; row++) {
			if (wordsOf(this.metas[row] ?? 0) > 0) this.values[row] = (this.values[row] ?? 0) + wideBase;
		}
		const capacity = this.values.length;
		if (from.lines) (this.lines ??= new Uint32Array(capacity)).set(from.lines.subarray(0, from.length), base);
		if (from.expiries) {
			this.expiries ??= new Float64Array(capacity).fill(Infinity);
			this.expiries.set(from.expiries.subarray(0, from.length), base);
		}
		if (from.labels) {
			const ids = Uint32Array.from(from.labelNames, (name) => this.labelId(name));
			this.labels ??= new Uint32Array(capacity);
			for (let row = 0; row < from.length; row++) this.labels[base + row] = ids[from.labels[row] ?? 0] ?? 0;
		}
		if (from.sources) {
			const ids = Uint32Array.from(from.sourceNames, (name) => this.sourceId(name));
			this.sources ??= new Uint16Array(capacity);
			for (let row = 0; row < from.length; row++) this.sources[base + row] = ids[from.sources[row] ?? 0] ?? 0;
		}
	}

	/** Gives a row the family and all that goes with it of another one about the same address. */
	renew(row: number, from: RuleBatch, other: number): void {
		this.#follow(from, other);
		this.#set(row, this.#copyValue(from, other), from.metas[other] ?? 0);
	}

	/** The address as it was given, host bits and all, of a range its start; IPv4 at `::ffff:0:0`. */
	readAddress(row: number, words: Uint32Array): void {
		const value = this.values[row] ?? 0;
		if (this.isIPv4(row)) putIPv4(words, this.kind(row) === KIND.range ? (this.wide[value] ?? 0) : value);
		else for (let i = 0; i < 4; i++) words[i] = this.wide[value + i] ?? 0;
	}

	/** The first address that the row is about. */
	readFirst(row: number, words: Uint32Array): void {
		this.readAddress(row, words);
		if (this.kind(row) === KIND.subnet) firstIPv6(words, this.#length(row), words);
	}

	/** The last address that the row is about. */
	readLast(row: number, words: Uint32Array): void {
		const kind = this.kind(row);
		if (kind !== KIND.range) {
			this.readAddress(row, words);
			if (kind === KIND.subnet) lastIPv6(words, this.#length(row), words);
			return;
		}
		const value = this.values[row] ?? 0;
		if (this.isIPv4(row)) putIPv4(words, this.wide[value + 1] ?? 0);
		else for (let i = 0; i < 4; i++) words[i] = this.wide[value + 4 + i] ?? 0;
	}

	labelOf(row: number): string | undefined {
		return this.labelNames[this.labels?.[row] ?? 0] || undefined;
	}

	sourceOf(row: number): string | undefined {
		return this.sourceNames[this.sources?.[row] ?? 0] || undefined;
	}

	lineOf(row: number): number | undefined {
		return this.lines?.[row] || undefined;
	}

	expiryOf(row: number): number {
		return this.expiries?.[row] ?? Infinity;
	}

	/** Gives the columns their exact length. */
	trim(): void {
		this.#resize(this.length);
		this.wide = this.wide.slice(0, this.wideLength);
	}

	/** Bytes of all columns. */
	get byteLength(): number {
		const columns = [this.values, this.metas, this.wide, this.lines, this.labels, this.sources, this.expiries];
		return columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
	}

	#add(value: number, meta: number): number {
		const row = this.length;
		if (row === this.values.length) this.#resize(grown(row));
		this.length = row + 1;
		this.#set(row, value, meta);
		return row;
	}

	#set(row: number, value: number, meta: number): void {
		this.values[row] = value;
		this.metas[row] = this.exception ? meta | EXCEPTION : meta;
		const capacity = this.values.length;
		if (this.line !== 0 || this.lines) (this.lines ??= new Uint32Array(capacity))[row] = this.line;
		if (this.label !== 0 || this.labels) (this.labels ??= new Uint32Array(capacity))[row] = this.label;
		if (this.source !== 0 || this.sources) (this.sources ??= new Uint16Array(capacity))[row] = this.source;
		if (this.expiresAt !== Infinity || this.expiries) {
			(this.expiries ??= new Float64Array(capacity).fill(Infinity))[row] = this.expiresAt;
		}
	}

	/** The next rows get what a row of another batch has. */
	#follow(from: RuleBatch, row: number): void {
		this.exception = from.isException(row);
		this.line = from.lineOf(row) ?? 0;
		this.label = from.labels ? this.labelId(from.labelOf(row) ?? '') : 0;
		this.source = from.sources ? this.sourceId(from.sourceOf(row) ?? '') : 0;
		this.expiresAt = from.expiryOf(row);
	}

	/** What the value of a row of another batch is here, its words being copied. */
	#copyValue(from: RuleBatch, row: number): number {
		const value = from.values[row] ?? 0;
		const words = wordsOf(from.metas[row] ?? 0);
		if (words === 0) return value;
		const at = this.#reserve(words);
		for (let i = 0; i < words; i++) this.wide[at + i] = from.wide[value + i] ?? 0;
		return at;
	}

	/** The subnet's prefix as one of 128 bits. */
	#length(row: number): number {
		return this.isIPv4(row) ? 96 + this.prefix(row) : this.prefix(row);
	}

	#copy(words: Uint32Array, offset: number): number {
		const at = this.#reserve(4);
		for (let i = 0; i < 4; i++) this.wide[at + i] = words[offset + i] ?? 0;
		return at;
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
		if (this.lines) this.lines = resized(this.lines, new Uint32Array(capacity));
		if (this.labels) this.labels = resized(this.labels, new Uint32Array(capacity));
		if (this.sources) this.sources = resized(this.sources, new Uint16Array(capacity));
		if (this.expiries) this.expiries = resized(this.expiries, new Float64Array(capacity).fill(Infinity));
	}
}

/** How many words of `wide` a row takes. */
function wordsOf(meta: number): number {
	const isRange = (meta & KIND_BITS) >>> KIND_SHIFT === KIND.range;
	const isIPv6 = (meta & (START_IPV6 | END_IPV6)) !== 0;
	return (isIPv6 ? 4 : isRange ? 1 : 0) * (isRange ? 2 : 1);
}

function putIPv4(words: Uint32Array, address: number): void {
	words[0] = 0;
	words[1] = 0;
	words[2] = 0xffff;
	words[3] = address;
}

function grown(length: number): number {
	return Math.max(FIRST_CAPACITY, length < LARGE ? 2 * length : Math.ceil(1.25 * length));
}

function resized<T extends Uint32Array | Uint16Array | Float64Array>(from: T, to: T): T {
	to.set(from.length > to.length ? from.subarray(0, to.length) : from);
	return to;
}
