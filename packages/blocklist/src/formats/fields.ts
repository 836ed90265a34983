/** What stands beside an entry in its line: the end of a range, a score, a label. */
import type { Entry } from './entry.ts';
import { skipSpaces } from './entry.ts';

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const SEMICOLON = 0x3b;

export class Fields {
	/** NaN where there is none. */
	score: number = Number.NaN;
	/** The label's place; equal ends where there is none. */
	labelStart = 0;
	labelEnd = 0;

	/**
	 * @param start - the place behind the entry, at the end or at a separator.
	 * @returns false for what looks like an address, and makes no range with the entry.
	 */
	read(bytes: Uint8Array, start: number, end: number, entry: Entry): boolean {
		this.score = Number.NaN;
		this.labelStart = this.labelEnd = 0;
		let at = start;
		for (let field = 0; ; field++) {
			let tabbed = false;
			for (; at < end && (bytes[at] === SPACE || bytes[at] === TAB); at++) tabbed ||= bytes[at] === TAB;
			if (at >= end) return true;
			const code = bytes[at];
			if (code === HASH || code === SEMICOLON) return this.#comment(bytes, at + 1, end, code);
			const comma = code === COMMA;
			if (comma) at = skipSpaces(bytes, at + 1, end);
			const separated = comma || tabbed;
			const from = bytes[at] === QUOTE ? at + 1 : at;
			const to = fieldEnd(bytes, from, end, bytes[at] === QUOTE, separated);
			const next = bytes[at] === QUOTE ? to + 1 : to;
			if (field === 0 && looksLikeAddress(bytes, from, to)) {
				if (!separated || !entry.readEnd(bytes, from, to) || entry.stop !== to) return false;
			} else if (Number.isNaN(this.score) && this.labelEnd === 0 && isNumber(bytes, from, to)) {
				this.score = toNumber(bytes, from, to);
			} else if (this.labelEnd === 0 && to > from) {
				this.labelStart = from;
				// Names that spaces separate are one label.
				this.labelEnd = separated ? trimmed(bytes, from, to) : nameEnd(bytes, from, end);
				if (!separated) return true;
			}
			at = next;
			if (at >= end) return true;
		}
	}

	/** A comment's text is the label where nothing else was; behind `;` up to the next one, as DROP has them. */
	#comment(bytes: Uint8Array, start: number, end: number, mark: number): true {
		if (this.labelEnd > 0) return true;
		let to = mark === SEMICOLON ? bytes.subarray(start, end).indexOf(SEMICOLON) : -1;
		to = to < 0 ? end : start + to;
		this.labelStart = skipSpaces(bytes, start, to);
		this.labelEnd = trimmed(bytes, this.labelStart, to);
		return true;
	}
}

/** Where a field ends that begins at `start`: at its quote, or before the next separator. */
function fieldEnd(bytes: Uint8Array, start: number, end: number, quoted: boolean, separated: boolean): number {
	for (let at = start; at < end; at++) {
		const code = bytes[at];
		if (quoted ? code === QUOTE : code === COMMA || code === TAB || code === HASH || code === SEMICOLON) return at;
		if (!quoted && !separated && code === SPACE) return at;
	}
	return end;
}

/** Where names end that spaces separate: before a comment. */
function nameEnd(bytes: Uint8Array, start: number, end: number): number {
	let at = start;
	while (at < end && bytes[at] !== HASH && bytes[at] !== SEMICOLON) at++;
	return trimmed(bytes, start, at);
}

function trimmed(bytes: Uint8Array, start: number, end: number): number {
	let at = end;
	while (at > start && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--;
	return at;
}

/** Nothing but digits, dots and colons (and hexadecimal digits with colons), and at least two dots or colons. */
function looksLikeAddress(bytes: Uint8Array, start: number, end: number): boolean {
	let dots = 0;
	let colons = 0;
	let letters = 0;
	for (let i = start; i < end; i++) {
		const code = bytes[i] ?? 0;
		const lower = code | 0x20;
		if (code === DOT) dots++;
		else if (code === COLON) colons++;
		else if (lower >= 0x61 && lower <= 0x66) letters++;
		else if ((code < ZERO || code > 0x39) && code !== 0x2f && code !== 0x2d) return false;
	}
	return colons > 1 || (dots > 1 && letters === 0);
}

/** Digits with at most one dot among them. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
	let digits = 0;
	let dots = 0;
	for (let i = start; i < end; i++) {
		const code = bytes[i] ?? 0;
		if (code === DOT) dots++;
		else if (code >= ZERO && code <= 0x39) digits++;
		else return false;
	}
	return digits > 0 && dots < 2;
}

function toNumber(bytes: Uint8Array, start: number, end: number): number {
	let number = 0;
	let scale = 0;
	for (let i = start; i < end; i++) {
		const code = bytes[i] ?? 0;
		if (code === DOT) scale = 1;
		else {
			number = number * 10 + code - ZERO;
			scale *= 10;
		}
	}
	return scale === 0 ? number : number / scale;
}
