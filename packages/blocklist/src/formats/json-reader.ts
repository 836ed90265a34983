/**
 * JSON to rules, in one pass and without making objects. Of an array at the top, each element is an entry. Of an array
 * further inside, each is one if any of them is (`["allocated", "assigned"]` is no list). Of objects, the properties
 * are entries that are named as one (`cidr`, `ip_prefix` …). Several values may follow one another, as in lines of JSON.
 */
import type { RuleBatch } from '../batch.ts';
import type { LineReader } from './line-reader.ts';

type Report = (line: number, reason: string | undefined, text: Uint8Array) => void;

/** An array or object that is open. */
interface Level {
	array: boolean;
	/** Whether an element was an entry, or has to be. */
	list: boolean;
	/** Elements that were no entries, before one was. */
	pending: { line: number; text: Uint8Array }[];
	pendingCount: number;
	/** What may come: a value (or the end), what separates, a name, or the colon behind it. */
	next: 'value' | 'comma' | 'name' | 'colon';
	/** Nothing stands in it yet, so it may end. */
	empty: boolean;
	/** Whether the property's value is an entry. */
	named: boolean;
}

const names: ReadonlySet<string> = new Set(
	'address cidr ip ipaddress ipprefix ipv4 ipv4prefix ipv6 ipv6prefix network prefix range subnet'.split(' '),
);

const DEEPEST = 256;
const LONGEST_STRING = 65_536;
const MOST_PENDING = 1000;
/** The byte order mark. */
const MARK = [0xef, 0xbb, 0xbf] as const;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class JsonReader {
	line = 1;
	/** Values that were taken for no entries. */
	passedOver = 0;
	readonly #entries: LineReader;
	readonly #batch: RuleBatch | undefined;
	readonly #report: Report;
	readonly #levels: Level[] = [];
	/** The string, number or word that is being read. */
	#token: Uint8Array<ArrayBuffer> = new Uint8Array(256);
	#length = 0;
	#tokenLine = 0;
	#inString = false;
	#inWord = false;
	#escaped = false;
	#hasEscapes = false;
	/** What follows is not looked at. */
	#broken = false;
	/** How many bytes of a byte order mark were there, or may not come any more. */
	#marks = 0;

	/** @param batch - gets the lines of the rules. */
	constructor(entries: LineReader, batch: RuleBatch | undefined, report: Report) {
		this.#entries = entries;
		this.#batch = batch;
		this.#report = report;
	}

	write(bytes: Uint8Array): void {
		let at = 0;
		while (at < bytes.length && this.#marks < MARK.length) {
			if (bytes[at] === MARK[this.#marks]) {
				at++;
				this.#marks++;
			} else this.#marks = MARK.length;
		}
		for (; at < bytes.length && !this.#broken; at++) {
			const code = bytes[at] ?? 0;
			if (code === NEWLINE) this.line++;
			if (this.#inString) this.#string(code);
			else this.#other(code);
		}
	}

	end(): void {
		if (this.#broken) return;
		if (this.#inWord) this.#endWord();
		if (this.#broken) return;
		if (this.#inString || this.#levels.length > 0) this.#break('the JSON ends too early', '');
	}

	#string(code: number): void {
		if (this.#escaped) this.#escaped = false;
		else if (code === BACKSLASH) this.#escaped = this.#hasEscapes = true;
		else if (code === QUOTE) {
			this.#inString = false;
			this.#endString();
			return;
		} else if (code < 0x20) {
			this.#break('a string of JSON ends in its line', decoder.decode(this.#token.subarray(0, this.#length)));
			return;
		}
		this.#keep(code);
	}

	#other(code: number): void {
		// Spaces, tabs and ends of lines.
		const blank = code === 0x20 || code === 0x09 || code === NEWLINE || code === 0x0d;
		const mark = code === QUOTE || code === COMMA || code === COLON || isBracket(code);
		if (!blank && !mark) {
			if (!this.#inWord) this.#begin();
			this.#inWord = true;
			this.#keep(code);
			return;
		}
		if (this.#inWord) this.#endWord();
		if (blank || this.#broken) return;
		const character = String.fromCharCode(code);
		const level = this.#levels.at(-1);
		if (code === QUOTE) {
			this.#begin();
			this.#inString = true;
			this.#hasEscapes = false;
		} else if (character === '[' || character === '{') {
			this.#open(character === '[');
		} else if (level === undefined) {
			this.#break('this is not JSON', character);
		} else if (character === ']' || character === '}') {
			const ends = level.next === 'comma' || (level.empty && level.next !== 'colon');
			if (level.array === (character === ']') && ends) this.#close(level);
			else this.#break('this is not JSON', character);
		} else if (code === COMMA && level.next === 'comma') {
			level.next = level.array ? 'value' : 'name';
			level.empty = false;
		} else if (code === COLON && level.next === 'colon') {
			level.next = 'value';
		} else {
			this.#break('this is not JSON', character);
		}
	}

	#open(array: boolean): void {
		const above = this.#levels.at(-1);
		if (!this.#takeValue(above)) return;
		if (this.#levels.length === DEEPEST) return this.#break(`JSON of more than ${DEEPEST} levels`, '');
		const list = array && (above === undefined || (above.array && above.list));
		const next = array ? 'value' : 'name';
		this.#levels.push({ array, list, pending: [], pendingCount: 0, next, empty: true, named: false });
	}

	#close(level: Level): void {
		this.#levels.pop();
		this.passedOver += level.pendingCount;
	}

	#endString(): void {
		const level = this.#levels.at(-1);
		const text = this.#hasEscapes ? this.#unescaped() : this.#token.subarray(0, this.#length);
		if (text === undefined)
			return this.#break('this is not JSON', decoder.decode(this.#token.subarray(0, this.#length)));
		if (level?.next === 'name') {
			const name = decoder
				.decode(text)
				.toLowerCase()
				.replace(/[^a-z0-9]/g, '');
			level.named = names.has(name);
			level.next = 'colon';
			level.empty = false;
			return;
		}
		if (this.#takeValue(level)) this.#value(level, text);
	}

	#endWord(): void {
		this.#inWord = false;
		const text = this.#token.subarray(0, this.#length);
		if (!/^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(decoder.decode(text))) {
			return this.#break('this is not JSON', decoder.decode(text));
		}
		const level = this.#levels.at(-1);
		if (this.#takeValue(level)) this.#value(level, text, false);
	}

	/** Whether a value may stand here; then what may follow it is set. */
	#takeValue(level: Level | undefined): boolean {
		if (level === undefined) return true;
		if (level.next !== 'value') {
			this.#break('this is not JSON', decoder.decode(this.#token.subarray(0, this.#length)));
			return false;
		}
		level.next = 'comma';
		level.empty = false;
		return true;
	}

	#value(level: Level | undefined, text: Uint8Array, string = true): void {
		if (this.#batch !== undefined) this.#batch.line = this.#tokenLine;
		const array = level === undefined || level.array;
		if (string && (array || level.named) && this.#entries.readValue(text, 0, text.length)) {
			if (level === undefined) return;
			level.list = true;
			for (const late of level.pending) this.#report(late.line, undefined, late.text);
			level.pending = [];
			level.pendingCount = 0;
			return;
		}
		if (level === undefined || (array && level.list) || (level.named && string)) {
			return this.#report(this.#tokenLine, undefined, text);
		}
		if (!array) {
			this.passedOver++;
			return;
		}
		level.pendingCount++;
		if (level.pending.length < MOST_PENDING) level.pending.push({ line: this.#tokenLine, text: text.slice(0, 512) });
	}

	#begin(): void {
		this.#length = 0;
		this.#tokenLine = this.line;
	}

	#keep(code: number): void {
		if (this.#length === this.#token.length) {
			if (this.#length >= LONGEST_STRING) return this.#break('a value of JSON that is too long', '');
			const larger = new Uint8Array(2 * this.#length);
			larger.set(this.#token);
			this.#token = larger;
		}
		this.#token[this.#length++] = code;
	}

	/** The string without its escapes (`\/` stands in CIDRs); undefined if one of them is odd. */
	#unescaped(): Uint8Array | undefined {
		try {
			const text: unknown = JSON.parse(`"${decoder.decode(this.#token.subarray(0, this.#length))}"`);
			return typeof text === 'string' ? encoder.encode(text) : undefined;
		} catch {
			return undefined;
		}
	}

	#break(reason: string, text: string): void {
		this.#broken = true;
		this.#report(this.line, `${reason}; what follows is not read`, encoder.encode(text));
	}
}

function isBracket(code: number): boolean {
	return code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}
