/** Bytes of a list, in chunks of any size, to rules in a batch. Works in any JS runtime. */
import { RuleBatch } from '../batch.ts';
import { JsonReader } from './json-reader.ts';
import { LINE, LineReader } from './line-reader.ts';
import type { Problem } from './problem.ts';
import { explain, ListError, shown } from './problem.ts';

/** `lines`: all formats of lines, each told by its line; `p2p`: `name:start-end` alone; `auto`: one of these, or JSON. */
export type ListFormat = 'auto' | 'lines' | 'p2p' | 'json';

/** How lists are read, and into what. */
export interface ReadOptions {
	/** Gets the rules; default: a new one. */
	batch?: RuleBatch;
	/** What the rules and the problems give as their source; default: the path, or `-`. */
	name?: string;
	/** Default: `auto`, by which a list is p2p where its first line is. */
	format?: ListFormat;
	/** Throws a ListError at the first line that is not understood. Default: false. */
	strict?: boolean;
	/** Entries with a lower score (the number behind the entry) are passed over; lines without one are problems then. */
	threshold?: number;
	/** Whether names and comments beside entries become labels of the rules. Default: true. */
	labels?: boolean;
	/** Whether rules keep their source and line, which take six bytes a rule. Default: true. */
	origins?: boolean;
	/** How many problems are kept; all are counted. Default: 1,000. */
	maxProblems?: number;
}

/** What was read. */
export interface ReadResult {
	/** The one of the options, or the new one; for `BlockList.addBatch`. */
	batch: RuleBatch;
	/** What was not understood: the first `maxProblems`. */
	problems: Problem[];
	/** How many there were. */
	problemCount: number;
	/** How many rules were added. */
	rules: number;
	/** How many entries had a score below the threshold. */
	belowThreshold: number;
	/** How many values of JSON stood outside of lists, names of properties not counted. */
	passedOver: number;
	/** Lines read, empty ones and comments too. */
	lines: number;
	/** Bytes read, after decompression. */
	bytes: number;
}

/** A longer line is no line of a list. */
const LONGEST_LINE = 65_536;
const TOO_LONG = `a line of more than ${LONGEST_LINE} bytes`;
const MAX_PROBLEMS = 1000;
const NEWLINE = 0x0a;
/** In auto, JSON is told by its first two bytes that are no spaces, which stand within this many. */
const LOOK_AHEAD = 4096;

/** Reads one list: `write` its bytes, then `end`. */
export class ListReader {
	readonly #result: ReadResult;
	readonly #strict: boolean;
	readonly #maxProblems: number;
	readonly #name: string;
	readonly #origins: boolean;
	readonly #lines: LineReader;
	#json: JsonReader | undefined;
	/** Whether lines or JSON are read is known. */
	#decided: boolean;
	/** The begin of a line (or, before that is known, of the list) whose rest has not come. */
	#carry: Uint8Array<ArrayBuffer> = new Uint8Array(0);
	#carried = 0;
	/** Within a line that is too long. */
	#skipping = false;

	constructor(options: ReadOptions = {}) {
		const { batch = new RuleBatch(), format = 'auto', labels = true, threshold } = options;
		this.#strict = options.strict ?? false;
		this.#maxProblems = options.maxProblems ?? MAX_PROBLEMS;
		this.#name = options.name ?? '-';
		this.#result = {
			batch,
			problems: [],
			problemCount: 0,
			rules: 0,
			belowThreshold: 0,
			passedOver: 0,
			lines: 0,
			bytes: 0,
		};
		this.#origins = options.origins ?? true;
		batch.line = 0;
		batch.source = this.#origins ? batch.sourceId(this.#name) : 0;
		const peers = format === 'p2p' ? true : undefined;
		this.#lines = new LineReader(batch, { labels, threshold, peers });
		this.#decided = format !== 'auto';
		if (format === 'json') this.#json = this.#newJson();
	}

	/** @throws ListError if `strict`. */
	write(chunk: Uint8Array): void {
		this.#result.bytes += chunk.length;
		const rules = this.#result.batch.length;
		// Of one class, Buffers too: the loops below are compiled for it once.
		let bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
		if (!this.#decided) {
			this.#keep(bytes, 0, bytes.length);
			bytes = this.#carry.subarray(0, this.#carried);
			const json = looksLikeJson(bytes);
			if (json === undefined && this.#carried < LOOK_AHEAD) return;
			bytes = this.#decide(json === true);
		}
		if (this.#json) this.#json.write(bytes);
		else this.#writeLines(bytes);
		this.#result.rules += this.#result.batch.length - rules;
	}

	/** Reads what is left. @throws ListError if `strict`. */
	end(): ReadResult {
		const { batch } = this.#result;
		const rules = batch.length;
		if (!this.#decided) this.#writeLines(this.#decide(false));
		if (this.#json) {
			this.#json.end();
			this.#result.lines = this.#json.line;
			this.#result.passedOver = this.#json.passedOver;
		} else if (this.#carried > 0) {
			this.#result.lines++;
			this.#readLine(this.#carry, 0, this.#carried);
			this.#carried = 0;
		}
		this.#result.rules += batch.length - rules;
		batch.line = batch.label = batch.source = 0;
		return this.#result;
	}

	/** @returns what came before this was known. */
	#decide(json: boolean): Uint8Array {
		this.#decided = true;
		if (json) this.#json = this.#newJson();
		const kept = this.#carry.slice(0, this.#carried);
		this.#carried = 0;
		return kept;
	}

	#newJson(): JsonReader {
		return new JsonReader(this.#lines, this.#origins ? this.#result.batch : undefined, (line, reason, text) =>
			this.#report(line, reason, text),
		);
	}

	#writeLines(bytes: Uint8Array): void {
		let start = 0;
		if (this.#carried > 0 || this.#skipping) {
			const newline = bytes.indexOf(NEWLINE);
			const end = newline < 0 ? bytes.length : newline + 1;
			if (!this.#skipping) this.#keep(bytes, 0, end);
			if (newline < 0) {
				if (this.#carried > LONGEST_LINE) this.#skip();
				return;
			}
			if (!this.#skipping) this.#readAll(this.#carry, 0, this.#carried);
			this.#skipping = false;
			this.#carried = 0;
			start = end;
		}
		const end = bytes.lastIndexOf(NEWLINE) + 1;
		if (end > start) this.#readAll(bytes, start, end);
		const rest = Math.max(start, end);
		this.#keep(bytes, rest, bytes.length);
		if (this.#carried > LONGEST_LINE) this.#skip();
	}

	/** Reads lines, of which each has its end. */
	#readAll(bytes: Uint8Array, start: number, end: number): void {
		const lines = this.#lines;
		const result = this.#result;
		const { batch } = result;
		let at = start;
		while (at < end) {
			const line = ++result.lines;
			if (this.#origins) batch.line = line;
			const next = lines.readPlain(bytes, at);
			if (next > 0) {
				at = next;
			} else {
				let newline = at;
				while (bytes[newline] !== NEWLINE) newline++;
				if (newline - at > LONGEST_LINE) this.#report(line, TOO_LONG, bytes, at, newline);
				else this.#readLine(bytes, at, newline);
				at = newline + 1;
			}
		}
	}

	#readLine(bytes: Uint8Array, start: number, end: number): void {
		const result = this.#result;
		if (this.#origins) result.batch.line = result.lines;
		const line = this.#lines.read(bytes, start, end);
		if (line === LINE.below) result.belowThreshold++;
		if (line === LINE.scoreless) this.#report(result.lines, 'no score stands behind the entry', bytes, start, end);
		if (line === LINE.bad) this.#report(result.lines, undefined, bytes, start, end);
	}

	/** @param reason - undefined: what the text itself says. */
	#report(line: number, reason: string | undefined, bytes: Uint8Array, start = 0, end: number = bytes.length): void {
		const { problems } = this.#result;
		if (this.#result.problemCount++ >= this.#maxProblems && !this.#strict) return;
		const text = shown(bytes.subarray(start, end));
		const why = reason ?? explain(text, this.#lines.peers);
		const problem: Problem = { source: this.#name, line, reason: why, text };
		if (this.#strict) throw new ListError(problem);
		problems.push(problem);
	}

	#keep(bytes: Uint8Array, start: number, end: number): void {
		const length = this.#carried + end - start;
		if (length > this.#carry.length) {
			const larger = new Uint8Array(2 * length);
			larger.set(this.#carry.subarray(0, this.#carried));
			this.#carry = larger;
		}
		this.#carry.set(bytes.subarray(start, end), this.#carried);
		this.#carried = length;
	}

	#skip(): void {
		this.#result.lines++;
		this.#report(this.#result.lines, TOO_LONG, this.#carry, 0, this.#carried);
		this.#carried = 0;
		this.#skipping = true;
	}
}

/**
 * Whether a list begins as JSON does; undefined where that needs more bytes. `[` also begins `[192.0.2.1]`, a line.
 */
function looksLikeJson(bytes: Uint8Array): boolean | undefined {
	let text = new TextDecoder('latin1').decode(bytes.subarray(0, LOOK_AHEAD));
	if ('\u{ef}\u{bb}\u{bf}'.startsWith(text.slice(0, 3))) text = text.slice(3);
	const [first, second] = text.replace(/\s+/g, '');
	if (first === undefined) return undefined;
	if (first === '{') return true;
	if (first !== '[') return false;
	return second === undefined ? undefined : /["{[\]]/.test(second);
}
