/**
 * Lines to rules. One grammar takes all the formats of lines, since lists mix them:
 *
 *     entry                              an address, CIDR or range
 *     entry # label    entry ; label     comments, DROP
 *     entry name name # comment          hosts
 *     entry,score,label                  CSV; also start,end,label; fields may be quoted
 *     entry<tab>score<tab>label          TSV; also start<tab>end<tab>label
 *     name:start-end                     p2p
 *     deny entry;   deny from entry      as servers write them
 *
 * A list whose first line is of p2p is all p2p: a name may begin with an address.
 */
import type { RuleBatch } from '../batch.ts';
import { Entry, skipSpaces } from './entry.ts';
import { Fields } from './fields.ts';
import { Labels } from './labels.ts';
import { rangeOfPeers } from './peers.ts';
import { readPlainIPv6 } from './plain-ipv6.ts';

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const COMMA = 0x2c;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const SEMICOLON = 0x3b;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** What came of a line. */
export const LINE = { blank: 0, rule: 1, below: 2, bad: 3, scoreless: 4 } as const;
export type Line = (typeof LINE)[keyof typeof LINE];

const words = ['deny from ', 'deny ', 'Deny from ', 'Address: IPv4 ', 'Address: IPv6 '].concat(
	...['Subnet', 'Range'].map((kind) => [`${kind}: IPv4 `, `${kind}: IPv6 `]),
);
/** What may stand before an entry, a server's word or that of BlockList's `rules`. */
const openings: readonly Uint8Array[] = words.map((word) => new TextEncoder().encode(word));

export interface LineOptions {
	/** Whether what stands beside an entry becomes its label. */
	labels: boolean;
	/** Entries of a lower score are passed over. */
	threshold: number | undefined;
	/** Whether all lines are p2p; undefined: whether the first one is. */
	peers: boolean | undefined;
}

export class LineReader {
	readonly #batch: RuleBatch;
	readonly #labels: Labels | undefined;
	readonly #threshold: number | undefined;
	#peers: boolean | undefined;
	readonly #entry = new Entry();
	readonly #fields = new Fields();

	constructor(batch: RuleBatch, options: LineOptions) {
		this.#batch = batch;
		this.#labels = options.labels ? new Labels(batch) : undefined;
		this.#threshold = options.threshold;
		this.#peers = options.peers;
	}

	/** Whether lines are read as p2p. */
	get peers(): boolean {
		return this.#peers === true;
	}

	/**
	 * Reads a line that is an address or CIDR and nothing else, as most lines of large lists are.
	 * A line feed must follow somewhere: it ends the loops.
	 * @returns the place behind the line; -1 for any other line, which is left to `read`.
	 */
	readPlain(bytes: Uint8Array, start: number): number {
		if (this.#threshold !== undefined) return -1;
		const next = this.#readPlainIPv4(bytes, start);
		if (next >= 0) return next;
		const behind = readPlainIPv6(bytes, start, this.#batch);
		if (behind >= 0) this.#peers ??= false;
		return behind;
	}

	#readPlainIPv4(bytes: Uint8Array, start: number): number {
		let at = start;
		let address = 0;
		let code = 0;
		for (let octets = 0; octets < 4; octets++) {
			if (octets > 0 && code !== DOT - ZERO) return -1;
			let octet = (bytes[at++] ?? 0) - ZERO;
			if (octet < 0 || octet > 9) return -1;
			code = (bytes[at++] ?? 0) - ZERO;
			if (code >= 0 && code <= 9) {
				if (octet === 0) return -1;
				octet = octet * 10 + code;
				code = (bytes[at++] ?? 0) - ZERO;
				if (code >= 0 && code <= 9) {
					octet = octet * 10 + code;
					if (octet > 255) return -1;
					code = (bytes[at++] ?? 0) - ZERO;
				}
			}
			address = (address << 8) | octet;
		}
		let prefix = -1;
		if (code === SLASH - ZERO) {
			prefix = (bytes[at++] ?? 0) - ZERO;
			if (prefix < 0 || prefix > 9) return -1;
			code = (bytes[at++] ?? 0) - ZERO;
			if (code >= 0 && code <= 9) {
				if (prefix === 0) return -1;
				prefix = prefix * 10 + code;
				if (prefix > 32) return -1;
				code = (bytes[at++] ?? 0) - ZERO;
			}
		}
		if (code === RETURN - ZERO) code = (bytes[at++] ?? 0) - ZERO;
		if (code !== NEWLINE - ZERO) return -1;
		this.#peers ??= false;
		this.#batch.label = 0;
		if (prefix < 0) this.#batch.addIPv4Address(address >>> 0);
		else this.#batch.addIPv4Subnet(address >>> 0, prefix);
		return at;
	}

	/** Reads any line, and adds its rule to the batch. */
	read(bytes: Uint8Array, from: number, to: number): Line {
		let end = to;
		while (end > from && isBlank(bytes[end - 1])) end--;
		const start = skipSpaces(bytes, skipMark(bytes, from, end), end);
		if (start >= end) return LINE.blank;
		const code = bytes[start];
		if (code === HASH || code === SEMICOLON) return LINE.blank;
		if (this.#entry.read(bytes, start, end) && this.#entry.stop === end) {
			this.#peers ??= false;
			return this.#add(0, Number.NaN);
		}
		const range = rangeOfPeers(bytes, start, end);
		this.#peers ??= range >= 0;
		if (this.#peers) return range < 0 ? LINE.bad : this.#readPeers(bytes, start, range, end);
		const line = this.#readFields(bytes, start, end);
		return line === LINE.bad && range >= 0 ? this.#readPeers(bytes, start, range, end) : line;
	}

	/** Reads an entry that nothing else stands beside, as JSON has them. */
	readValue(bytes: Uint8Array, start: number, end: number): boolean {
		const first = skipOpening(bytes, start, end);
		if (!this.#entry.read(bytes, first, end) || this.#entry.stop !== end) return false;
		this.#batch.label = 0;
		this.#entry.addTo(this.#batch);
		return true;
	}

	#readPeers(bytes: Uint8Array, start: number, range: number, end: number): Line {
		if (!this.#entry.readPadded(bytes, range, end)) return LINE.bad;
		// The colon does not belong to the name.
		return this.#add(this.#labels?.idOf(bytes, start, trimmedEnd(bytes, start, range - 1)) ?? 0, Number.NaN);
	}

	#readFields(bytes: Uint8Array, start: number, end: number): Line {
		const entry = this.#entry;
		let first = skipOpening(bytes, start, end);
		const open = bytes[first];
		if (open === QUOTE || open === OPEN) first++;
		if (!entry.read(bytes, first, end)) return LINE.bad;
		let at = entry.stop;
		if (open === QUOTE || open === OPEN) {
			if (at >= end || bytes[at] !== (open === QUOTE ? QUOTE : CLOSE)) return LINE.bad;
			at++;
		}
		const separator = at < end ? bytes[at] : SPACE;
		if (separator !== COMMA && separator !== SEMICOLON && separator !== HASH && !isBlank(separator)) return LINE.bad;
		const fields = this.#fields;
		if (!fields.read(bytes, at, end, entry)) return LINE.bad;
		const label = this.#labels?.idOf(bytes, fields.labelStart, fields.labelEnd) ?? 0;
		return this.#add(label, fields.score);
	}

	#add(label: number, score: number): Line {
		if (this.#threshold !== undefined) {
			if (Number.isNaN(score)) return LINE.scoreless;
			if (score < this.#threshold) return LINE.below;
		}
		this.#batch.label = label;
		this.#entry.addTo(this.#batch);
		return LINE.rule;
	}
}

/** The place behind the last byte that is no blank. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
	let at = end;
	while (at > start && isBlank(bytes[at - 1])) at--;
	return at;
}

function isBlank(code: number | undefined): boolean {
	return code === SPACE || code === TAB || code === RETURN;
}

/** Passes a byte order mark, which stands inside of lists that were joined. */
function skipMark(bytes: Uint8Array, start: number, end: number): number {
	const marked = end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
	return marked ? start + 3 : start;
}

function skipOpening(bytes: Uint8Array, start: number, end: number): number {
	const opening = openings.find(
		(word) => start + word.length <= end && word.every((code, i) => bytes[start + i] === code),
	);
	return opening === undefined ? start : skipSpaces(bytes, start + opening.length, end);
}
