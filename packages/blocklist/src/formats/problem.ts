/** What of a list was not understood, and why. */

/** A line (or a value of JSON) that gave no rule. */
export interface Problem {
	/** The file, or what `name` said. */
	source: string;
	/** The first is 1. */
	line: number;
	/** One sentence without a dot. */
	reason: string;
	/** What stands there, cut after 120 characters. */
	text: string;
}

/** What `strict` throws: the first problem. */
export class ListError extends Error {
	/** Always this. */
	readonly code = 'ERR_LIST_NOT_UNDERSTOOD';
	/** What was not understood, in parts; the message is what {@link formatProblem} makes of it. */
	readonly problem: Problem;

	constructor(problem: Problem) {
		super(formatProblem(problem));
		this.name = 'ListError';
		this.problem = problem;
	}
}

/** `list.txt:12: the prefix is longer than the address: 10.0.0.0/33` */
export function formatProblem({ source, line, reason, text }: Problem): string {
	return `${source}:${line}: ${reason}${text === '' ? '' : `: ${text}`}`;
}

const LONGEST_TEXT = 120;
const decoder = new TextDecoder();

/** Bytes as a text that may be printed: cut, and without control characters. */
export function shown(bytes: Uint8Array): string {
	const text = printable(decoder.decode(bytes.subarray(0, 4 * LONGEST_TEXT)).trim());
	const characters = Array.from(text);
	return characters.length > LONGEST_TEXT ? `${characters.slice(0, LONGEST_TEXT).join('')}…` : text;
}

/** A text without what moves a terminal's cursor, or turns the direction of what follows. */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\u{fffd}');
}

const octets = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;

/** What a line looks like, and what is wrong with it; the first that fits counts. */
const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
	[/^\S*\u{fffd}/u, 'bytes that are no text of UTF-8 stand in it'],
	[/^\S*\*/, 'wildcards are not read; write the subnet'],
	[/^(?:\d+\.){0,2}\d+-\d+\./, 'ranges of octets are not read; write the first and the last address'],
	[/^0x[0-9a-f]+\b/i, 'a number is not read as an address; write it dotted'],
	[/^\d+(?:$|[\s,;#])/, 'a number is not read as an address; write it dotted'],
	[/^[0-9a-f:.]+%/i, 'a zone id has no meaning in a list'],
	[new RegExp(`^${octets}/0\\.0?\\.|^${octets}/0\\.0\\.0\\.`), 'a wildcard mask; write the count of bits, as in /24'],
	[new RegExp(`^${octets}/${octets}`), 'this netmask is no run of ones; write the count of bits, as in /24'],
	[new RegExp(`^${octets}/0\\d`), 'a prefix is written without leading zeros'],
	[new RegExp(`^${octets}/\\d`), 'the prefix is longer than the address'],
	[/^[0-9a-f:.]+\/\d/i, 'the prefix is longer than the address, or the address is none'],
	[/^[0-9a-f:.]+\//i, 'the prefix is no count of bits'],
	[/^(?:\d{1,3}\.)*0\d/, 'leading zeros may mean octal; write the octets without them'],
	[new RegExp(`^${octets}\\.`), 'an IPv4 address has four octets'],
	[/^\d+(?:\.\d+){0,2}(?:$|[\s,;#])/, 'an IPv4 address has four octets'],
	[new RegExp(`^${octets}:\\d`), 'a port is not read'],
	[new RegExp(`^${octets}\\s+${octets}`), 'two addresses; write a range with a dash, or a line each'],
	[
		/^[0-9.]*\b(?:25[6-9]|2[6-9]\d|[3-9]\d\d)\b[0-9.]*\s*-|-\s*[0-9.]*\b(?:25[6-9]|2[6-9]\d|[3-9]\d\d)\b/,
		'no octet is above 255',
	],
	[/^[0-9a-f:.]+\s*-\s*[0-9a-f:.]+/i, 'a range has two addresses of one family, the lower one first'],
	[/^[0-9a-f:.]+,\s*[0-9a-f:.]+/i, 'a range has two addresses of one family, the lower one first'],
	[/^[0-9]+(?:\.[0-9]+){3}/, 'no octet is above 255'],
];

/** Why a line was not understood. @param peers - whether it stands in a p2p list. */
export function explain(text: string, peers = false): string {
	const entry = (peers ? text.slice(text.lastIndexOf(':') + 1) : text).replace(/^[[("'\s\u{feff}]+/u, '');
	if (peers && !/^[\d.]+\s*-\s*[\d.]+$/.test(entry)) return 'a line of a p2p list is name:start-end, of IPv4';
	return reasons.find(([pattern]) => pattern.test(entry))?.[1] ?? 'neither address, nor CIDR, nor range';
}
