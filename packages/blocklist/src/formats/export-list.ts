/** A list in the formats that others load, as texts of some kilobytes each, so that no list is one text. */
import { RuleBatch } from '../batch.ts';
import type { Blocks } from './blocks.ts';
import { blocksOf, textsOf } from './blocks.ts';
import { ipsetOf } from './ipset.ts';
import { iptablesOf } from './iptables.ts';
import { nftOf } from './nft.ts';

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

export interface ExportOptions {
	/** The name of the table, sets or chain: letters, digits, `_` and `-`, at most 26. Default: `blocklist`. */
	name?: string;
	/** Only this family. Default: both. iptables wants one, unless the list has only one. */
	family?: 4 | 6;
	/** After so many seconds a firewall's entry ends by itself, at most 4,294,967 for nft, 2,147,483 for ipset. Default: never. */
	timeoutSeconds?: number;
	/** ipset: the room of the sets. Default: the entries, rounded up to a power of two, at least 1,048,576. */
	maxElements?: number;
	/** iptables: what becomes of packets. Default: `DROP`. */
	target?: string;
}

/** What 32 bits of milliseconds hold. `ipset` 7 takes half of that, as its kernel counts them with a sign. */
const LONGEST_TIMEOUT_SECONDS = 4_294_967;
const LONGEST_IPSET_TIMEOUT_SECONDS = 2_147_483;
const TEXT_LENGTH = 65_536;

/**
 * Writes what a list blocks. Rules are merged; labels, sources and single expiries are not written.
 * @param list - of a BlockList, its `aggregate()`, where exceptions are taken out.
 * @throws RangeError for an option that the format cannot have.
 */
export function* exportList(
	list: RuleBatch | Blocks,
	format: ExportFormat,
	options: ExportOptions = {},
): Generator<string, void, undefined> {
	const settings = settingsOf(options, format);
	const blocks = only(list instanceof RuleBatch ? blocksOf(list) : list, options.family);
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
	timeoutSeconds: number | undefined;
	maxElements: number | undefined;
	target: string;
}

function settingsOf(options: ExportOptions, format: ExportFormat): Settings {
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
	return { name, timeoutSeconds, maxElements, target };
}

function isCount(value: number, most: number): boolean {
	return Number.isInteger(value) && value >= 1 && value <= most;
}

function only(blocks: Blocks, family: 4 | 6 | undefined): Blocks {
	return {
		ipv4: family === 6 ? new Uint32Array(0) : blocks.ipv4,
		ipv6: family === 4 ? new Uint32Array(0) : blocks.ipv6,
	};
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
