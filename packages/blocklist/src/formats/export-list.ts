/** A list in the formats that others load, as texts of some kilobytes each, so that no list is one text. */
import { RuleBatch } from '../batch.ts';
import type { Blocks } from './blocks.ts';
import { blocksOf, textsOf } from './blocks.ts';
import { endingBlocksOf } from './ending-blocks.ts';
import { ipsetOf } from './ipset.ts';
import { iptablesOf } from './iptables.ts';
import { nftOf } from './nft.ts';

/** The formats that `exportList` writes; {@link ExportFormat} says what each is. */
export const EXPORT_FORMATS = ['cidr', 'range', 'json', 'nft', 'ipset', 'iptables'] as const;

/**
 * - `cidr`: a prefix a line.
 * - `range`: `first-last` a line, or one address.
 * - `json`: an array of prefixes.
 * - `nft`: for `nft -f`: a table with the sets `ipv4` and `ipv6`.
 * - `ipset`: for `ipset restore`: the sets `<name>4` and `<name>6`.
 * - `iptables`: for `iptables-restore --noflush` (or `ip6tables-restore`, with `family: 6`): a chain.
 *
 * Loading one of the last three again replaces what it was before, at one moment.
 */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How `exportList` writes a list. */
export interface ExportOptions {
	/** The name of the table, sets or chain: letters, digits, `_` and `-`, at most 26. Default: `blocklist`. */
	name?: string;
	/** Only this family. Default: both. iptables wants one, unless the list has only one. */
	family?: 4 | 6;
	/** After so many seconds a firewall's entry ends by itself, at most 99,999,999 for nft, 2,147,483 for ipset. Default: never. */
	timeoutSeconds?: number;
	/**
	 * nft and ipset: whether the sets are made for entries that end. Neither lets a set become such a one later. Default:
	 * whether there is a `timeoutSeconds`, or a rule that ends.
	 */
	timeouts?: boolean;
	/** The time that rules end after, in milliseconds since 1970. Default: `Date.now()`. */
	now?: number;
	/** ipset: the room of the sets. Default: the entries, rounded up to a power of two, at least 1,048,576. */
	maxElements?: number;
	/** iptables: what becomes of packets. Default: `DROP`. */
	target?: string;
}

/** nft reads eight digits. `ipset` 7 takes what 31 bits of milliseconds hold. */
const LONGEST_TIMEOUT_SECONDS = 99_999_999;
const LONGEST_IPSET_TIMEOUT_SECONDS = 2_147_483;
const TEXT_LENGTH = 65_536;

/** Formats of which entries can end. */
export const ENDING_FORMATS: readonly ExportFormat[] = ['nft', 'ipset'];

/**
 * Writes what a list blocks: exceptions are taken out, and rules merged; labels and sources are not written. Rules that
 * have ended are passed over. For nft and ipset entries end when the last of their rules does, but not later than the
 * format can say; the other formats cannot say it: write them again when a rule has ended.
 * @param list - of a BlockList its `toBatch()`; its `aggregate()` has no ends.
 * @throws RangeError for an option that the format cannot have.
 */
export function* exportList(
	list: RuleBatch | Blocks,
	format: ExportFormat,
	options: ExportOptions = {},
): Generator<string, void, undefined> {
	const now = options.now ?? Date.now();
	const given = list instanceof RuleBatch ? endingBlocksOf(list, now) : list;
	const blocks = only(ENDING_FORMATS.includes(format) ? given : withoutEnds(given, now), options.family);
	const settings = settingsOf(options, format, now, blocks);
	let text = '';
	for (const piece of pieces(blocks, format, settings)) {
		text += piece;
		if (text.length < TEXT_LENGTH) continue;
		yield text;
		text = '';
	}
	if (text !== '') yield text;
}

/** The options, with their defaults. */
export interface Settings {
	name: string;
	timeouts: boolean;
	timeoutSeconds: number | undefined;
	maxElements: number | undefined;
	target: string;
	/** After how many seconds a range of a family ends; undefined where it is as the whole set. */
	secondsOf: (family: 4 | 6, range: number) => number | undefined;
}

function settingsOf(options: ExportOptions, format: ExportFormat, now: number, { ends }: Blocks): Settings {
	const { name = 'blocklist', timeoutSeconds, maxElements, target = 'DROP' } = options;
	const longest = format === 'ipset' ? LONGEST_IPSET_TIMEOUT_SECONDS : LONGEST_TIMEOUT_SECONDS;
	if (!/^[a-zA-Z][\w-]{0,25}$/.test(name)) {
		throw new RangeError(`the name is a letter and up to 25 letters, digits, _ or -; it is ${JSON.stringify(name)}`);
	}
	if (!/^[A-Za-z][\w-]{0,27}$/.test(target)) throw new RangeError(`no target of iptables: ${JSON.stringify(target)}`);
	if (timeoutSeconds !== undefined && !isCount(timeoutSeconds, longest)) {
		throw new RangeError(`a timeout is 1 to ${longest} seconds; it is ${timeoutSeconds}`);
	}
	if (maxElements !== undefined && !isCount(maxElements, 0xffff_ffff)) {
		throw new RangeError(`the room of a set is 1 to 4294967295 elements; it is ${maxElements}`);
	}
	const most = timeoutSeconds ?? longest;
	const secondsOf = (family: 4 | 6, range: number): number | undefined => {
		const end = ends?.[family === 4 ? 'ipv4' : 'ipv6'][range] ?? Infinity;
		return end === Infinity ? undefined : Math.max(1, Math.min(most, Math.ceil((end - now) / 1000)));
	};
	const isEnding = [ends?.ipv4, ends?.ipv6].some((times) => times?.some((end) => end !== Infinity));
	const timeouts = options.timeouts ?? (timeoutSeconds !== undefined || isEnding);
	if (!timeouts && (timeoutSeconds !== undefined || isEnding))
		throw new RangeError('entries end, so timeouts are there');
	return { name, timeouts, timeoutSeconds, maxElements, target, secondsOf };
}

function isCount(value: number, most: number): boolean {
	return Number.isInteger(value) && value >= 1 && value <= most;
}

function only(blocks: Blocks, family: 4 | 6 | undefined): Blocks {
	return {
		...blocks,
		ipv4: family === 6 ? new Uint32Array(0) : blocks.ipv4,
		ipv6: family === 4 ? new Uint32Array(0) : blocks.ipv6,
	};
}

/** What is blocked now, in ranges that lie apart. */
function withoutEnds(blocks: Blocks, now: number): Blocks {
	const { ipv4, ipv6, ends } = blocks;
	if (ends === undefined) return blocks;
	const batch = new RuleBatch();
	for (const [i, end] of ends.ipv4.entries()) {
		if (end > now) batch.addIPv4Range(ipv4[2 * i] ?? 0, ipv4[2 * i + 1] ?? 0);
	}
	for (const [i, end] of ends.ipv6.entries()) {
		if (end > now) batch.addIPv6Range(ipv6.subarray(8 * i, 8 * i + 4), ipv6.subarray(8 * i + 4, 8 * i + 8));
	}
	return blocksOf(batch);
}

function pieces(blocks: Blocks, format: ExportFormat, settings: Settings): Iterable<string> {
	if (format === 'nft') return nftOf(blocks, settings);
	if (format === 'ipset') return ipsetOf(blocks, settings);
	if (format === 'iptables') return iptablesOf(blocks, settings);
	return format === 'json' ? json(blocks) : lines(blocks, format);
}

function* lines(blocks: Blocks, style: 'cidr' | 'range'): Generator<string, void, undefined> {
	for (const family of [4, 6] as const) {
		for (const text of textsOf(blocks, family, style)) yield `${text}\n`;
	}
}

function* json(blocks: Blocks): Generator<string, void, undefined> {
	let before = '[';
	for (const family of [4, 6] as const) {
		for (const text of textsOf(blocks, family, 'cidr')) {
			yield `${before}\n"${text}"`;
			before = ',';
		}
	}
	yield before === '[' ? '[]\n' : '\n]\n';
}
