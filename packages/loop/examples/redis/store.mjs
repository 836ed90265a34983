/** What the Redis example knows, and how it answers: a Map of bytes. */

const OK = '+OK\r\n';
const NIL = '$-1\r\n';
const ZERO = ':0\r\n';
const SYNTAX = '-ERR syntax error\r\n';
const NO_INTEGER = '-ERR value is not an integer or out of range\r\n';
const MS_PER_SECOND = 1_000;

/** Keys are texts of one byte a character, so that any bytes are a key. @type {Map<string, { value: Buffer, expires: number }>} */
const entries = new Map();

/** What is written, in this order. @typedef {string | (string | Buffer)[]} Reply */

/**
 * @param {Buffer[]} request - not empty.
 * @returns {Reply | undefined} undefined: the peer wants to leave.
 */
export function answer(request) {
	const name = text(request[0]).toLowerCase();
	if (name === 'quit') return undefined;
	const command = commands.get(name);
	if (command === undefined) return `-ERR unknown command '${harmless(name)}'\r\n`;
	const { least, most, run } = command;
	if (request.length <= least || request.length > most + 1) {
		return `-ERR wrong number of arguments for '${name}' command\r\n`;
	}
	return run(request);
}

/**
 * With the number of words that may follow the name.
 * @type {Map<string, { least: number, most: number, run: (request: Buffer[]) => Reply }>}
 */
const commands = new Map(
	Object.entries({
		ping: { least: 0, most: 1, run: ([, word]) => (word === undefined ? '+PONG\r\n' : bulk(word)) },
		echo: { least: 1, most: 1, run: ([, word]) => bulk(word) },
		get: { least: 1, most: 1, run: ([, key]) => bulk(find(text(key))?.value) },
		set: { least: 2, most: 5, run: set },
		mget: { least: 1, most: Infinity, run: ([, ...keys]) => list(keys.map((key) => bulk(find(text(key))?.value))) },
		mset: { least: 2, most: Infinity, run: setAll },
		del: { least: 1, most: Infinity, run: ([, ...keys]) => count(keys, (key) => find(key) && entries.delete(key)) },
		exists: { least: 1, most: Infinity, run: ([, ...keys]) => count(keys, find) },
		incr: { least: 1, most: 1, run: ([, key]) => add(text(key), 1) },
		decr: { least: 1, most: 1, run: ([, key]) => add(text(key), -1) },
		dbsize: { least: 0, most: 0, run: () => `:${entries.size}\r\n` },
		flushall: { least: 0, most: 1, run: () => (entries.clear(), OK) },
		// Clients ask these when they connect.
		command: { least: 0, most: Infinity, run: () => list([]) },
		config: { least: 2, most: Infinity, run: ([, , name]) => list([bulk(name), bulk(Buffer.alloc(0))]) },
		info: { least: 0, most: Infinity, run: () => bulk(Buffer.from('# Server\r\nredis_mode:standalone\r\n')) },
		select: { least: 1, most: 1, run: ([, index]) => (text(index) === '0' ? OK : '-ERR DB index is out of range\r\n') },
	}),
);

/** SET key value [EX seconds | PX milliseconds] [NX | XX] @param {Buffer[]} request @returns {Reply} */
function set([, key, value, ...options]) {
	let expires = Infinity;
	let wanted;
	for (let at = 0; at < options.length; at++) {
		const option = text(options[at]).toLowerCase();
		if ((option === 'nx' || option === 'xx') && wanted === undefined) wanted = option;
		else if ((option === 'ex' || option === 'px') && expires === Infinity && at + 1 < options.length) {
			const time = integer(text(options[++at]));
			if (time === undefined) return NO_INTEGER;
			if (time <= 0) return `-ERR invalid expire time in 'set' command\r\n`;
			expires = Date.now() + (option === 'ex' ? time * MS_PER_SECOND : time);
		} else return SYNTAX;
	}
	const name = text(key);
	if (wanted !== undefined && (wanted === 'xx') !== (find(name) !== undefined)) return NIL;
	store(key, value, expires);
	return OK;
}

/** @param {Buffer[]} request */
function setAll([, ...pairs]) {
	if (pairs.length % 2 === 1) return `-ERR wrong number of arguments for 'mset' command\r\n`;
	for (let at = 0; at < pairs.length; at += 2) store(pairs[at], pairs[at + 1], Infinity);
	return OK;
}

/** @param {string} key @param {number} difference */
function add(key, difference) {
	const entry = find(key);
	const number = entry === undefined ? 0 : integer(entry.value.toString('latin1'));
	if (number === undefined || !Number.isSafeInteger(number + difference)) return NO_INTEGER;
	entries.set(key, { value: Buffer.from(String(number + difference)), expires: entry?.expires ?? Infinity });
	return `:${number + difference}\r\n`;
}

/**
 * Copies the value: it shares memory with the whole chunk that it came in.
 * @param {Buffer} key
 * @param {Buffer} value
 * @param {number} expires - milliseconds since 1970.
 */
function store(key, value, expires) {
	entries.set(text(key), { value: Buffer.from(value), expires });
}

/** What has expired goes when somebody asks for it. @param {string} key */
function find(key) {
	const entry = entries.get(key);
	if (entry === undefined || entry.expires > Date.now()) return entry;
	entries.delete(key);
	return undefined;
}

/** @param {Buffer[]} keys @param {(key: string) => unknown} test */
function count(keys, test) {
	let found = 0;
	for (const key of keys) if (test(text(key))) found++;
	return found === 0 ? ZERO : `:${found}\r\n`;
}

/** @param {Buffer | undefined} value @returns {Reply} */
function bulk(value) {
	if (value === undefined) return NIL;
	// The value goes out as it lies in the store: entries are replaced, their bytes never change.
	return [`$${value.length}\r\n`, value, '\r\n'];
}

/** @param {Reply[]} items @returns {Reply} */
function list(items) {
	return [`*${items.length}\r\n`, ...items.flat()];
}

/** @param {string} digits */
function integer(digits) {
	const number = Number(digits);
	return /^-?\d+$/.test(digits) && Number.isSafeInteger(number) ? number : undefined;
}

/** @param {Buffer | undefined} bytes */
function text(bytes) {
	return bytes?.toString('latin1') ?? '';
}

/** For a line of an answer. @param {string} name */
function harmless(name) {
	return name.slice(0, 64).replace(/[^\x20-\x7e]/g, '?');
}
