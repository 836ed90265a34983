/** Redis' protocol, version 2, as a server reads it: requests out of chunks that are cut anywhere. */

/** What a peer sent is no request; nothing after it can be understood. */
export class ProtocolError extends Error {}

/** Redis' own limits, but for the bulk: 512 MB there. */
const INLINE_LIMIT = 64 * 1024;
const BULK_LIMIT = 16 * 1024 * 1024;
const ARGUMENTS_LIMIT = 1024 * 1024;
const REQUEST_LIMIT = 4 * BULK_LIMIT;

const LF = 10;
const CR = 13;
const DOLLAR = 36;
const MINUS = 45;
const STAR = 42;
const ZERO = 48;
const CRLF_LENGTH = 2;

/** The requests of one connection: `push` what came, `next` until it has none. */
export class Requests {
	/** What is not read yet begins at `#at`. */
	#bytes = Buffer.alloc(0);
	#at = 0;
	/**
	 * Chunks that wait until `#needed` bytes are there: a long value is put together once and not a chunk at a time.
	 * @type {Buffer[]}
	 */
	#waiting = [];
	#waitingLength = 0;
	#needed = 0;
	/** The request under way. @type {Buffer[]} */
	#arguments = [];
	#missing = 0;
	#size = 0;
	/** The length of the argument under way; -1: it is not known yet. */
	#length = -1;

	/** @param {Buffer} chunk */
	push(chunk) {
		this.#waiting.push(chunk);
		this.#waitingLength += chunk.length;
		const rest = this.#bytes.length - this.#at;
		if (rest + this.#waitingLength < this.#needed) return;
		this.#bytes = rest === 0 && this.#waiting.length === 1 ? chunk : this.#join();
		this.#at = 0;
		this.#waiting = [];
		this.#waitingLength = 0;
		this.#needed = 0;
	}

	#join() {
		return Buffer.concat([this.#bytes.subarray(this.#at), ...this.#waiting]);
	}

	/**
	 * The next request that is there in whole: its words, which share memory with the chunks; empty for an empty line.
	 * @returns {Buffer[] | undefined}
	 * @throws {ProtocolError}
	 */
	next() {
		if (this.#needed > 0) return undefined;
		if (this.#missing === 0) {
			if (this.#at === this.#bytes.length) return undefined;
			if (this.#bytes[this.#at] !== STAR) return this.#inline();
			const count = this.#number('multibulk', ARGUMENTS_LIMIT);
			if (count === undefined) return undefined;
			if (count <= 0) return [];
			this.#arguments = [];
			this.#missing = count;
			this.#size = 0;
		}
		while (this.#missing > 0) {
			if (!this.#argument()) return undefined;
			this.#missing--;
		}
		return this.#arguments;
	}

	/** @returns {boolean} whether the whole of it was there. */
	#argument() {
		if (this.#length < 0) {
			if (this.#at === this.#bytes.length) return false;
			const first = this.#bytes[this.#at];
			if (first !== DOLLAR) throw new ProtocolError(`expected '$', got '${printable(first)}'`);
			const length = this.#number('bulk', BULK_LIMIT);
			if (length === undefined) return false;
			if (length < 0) throw new ProtocolError('invalid bulk length');
			this.#length = length;
			this.#size += length;
			if (this.#size > REQUEST_LIMIT) throw new ProtocolError('too big request');
		}
		const end = this.#at + this.#length;
		if (end + CRLF_LENGTH > this.#bytes.length) {
			this.#needed = this.#length + CRLF_LENGTH;
			return false;
		}
		this.#arguments.push(this.#bytes.subarray(this.#at, end));
		this.#at = end + CRLF_LENGTH;
		this.#length = -1;
		return true;
	}

	/**
	 * Reads `*3\r\n` and `$5\r\n`.
	 * @param {string} what
	 * @param {number} limit
	 * @returns {number | undefined} undefined: its end is not there yet.
	 */
	#number(what, limit) {
		const bytes = this.#bytes;
		const end = this.#line(`too big ${what} count string`);
		if (end < 0) return undefined;
		let at = this.#at + 1;
		const last = bytes[end - 1] === CR ? end - 1 : end;
		const negative = bytes[at] === MINUS;
		if (negative) at++;
		let value = at === last ? Number.NaN : 0;
		for (; at < last; at++) {
			const digit = (bytes[at] ?? 0) - ZERO;
			value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
		}
		if (!(value <= limit)) throw new ProtocolError(`invalid ${what} length`);
		this.#at = end + 1;
		return negative ? -value : value;
	}

	/** What a person types: words with spaces between. */
	#inline() {
		const end = this.#line('too big inline request');
		if (end < 0) return undefined;
		const text = this.#bytes.toString('latin1', this.#at, end).trim();
		this.#at = end + 1;
		return text === '' ? [] : text.split(/\s+/).map((word) => Buffer.from(word, 'latin1'));
	}

	/** Where the line ends; -1: not there yet. @param {string} tooLong */
	#line(tooLong) {
		const end = this.#bytes.indexOf(LF, this.#at);
		if ((end < 0 ? this.#bytes.length : end) - this.#at > INLINE_LIMIT) throw new ProtocolError(tooLong);
		return end;
	}
}

/** @param {number | undefined} byte */
function printable(byte = 0) {
	return byte > 32 && byte < 127 ? String.fromCharCode(byte) : '?';
}
