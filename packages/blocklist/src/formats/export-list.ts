/** A list in the formats that others load, as texts of some kilobytes each, so that no list is one text. */
import { RuleBatch } from '../batch.ts';
import type { Blocks } from './blocks.ts';
import { blocksOf, textsOf } from './blocks.ts';
import { endingBlocksOf } from './ending-blocks.ts';
import { ENDING_FORMATS, settingsOf } from './export-options.ts';
import type { ExportFormat, ExportOptions, Settings } from './export-options.ts';
import { ipsetOf } from './ipset.ts';
import { iptablesOf } from './iptables.ts';
import { nftOf } from './nft.ts';

const TEXT_LENGTH = 65_536;

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
