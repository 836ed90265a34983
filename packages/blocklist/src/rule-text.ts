/** The texts that `rules` is made of: reading and writing them. */
import { ERR_INVALID_ARG_TYPE } from '@net/errors';
import { formatIPv4, formatIPv6 } from '@net/ip';
import type { RuleBatch } from './batch.ts';
import { KIND } from './batch.ts';

export type ParsedRule =
	| { kind: 'address'; family: 'ipv4' | 'ipv6'; address: string }
	| { kind: 'range'; family: 'ipv4' | 'ipv6'; start: string; end: string }
	| { kind: 'subnet'; family: 'ipv4' | 'ipv6'; network: string; prefix: number };

const words = new Uint32Array(4);

const ipv4 = String.raw`(\d{1,3}(?:\.\d{1,3}){3})`;
const ipv6 = '([0-9A-Fa-f:.]+)';

/** Each may stand anywhere in the text, as for Node; where several do, the first of this list counts. */
const patterns = (['ipv4', 'ipv6'] as const).flatMap((family) => {
	const [label, address, prefix] = family === 'ipv4' ? ['IPv4', ipv4, 2] : ['IPv6', ipv6, 3];
	return [
		{ family, kind: 'subnet', pattern: new RegExp(String.raw`Subnet: ${label} ${address}/(\d{1,${prefix}})`) },
		{ family, kind: 'address', pattern: new RegExp(`Address: ${label} ${address}`) },
		{ family, kind: 'range', pattern: new RegExp(`Range: ${label} ${address}-${address}`) },
	] as const;
});

/**
 * Reads an array of texts, or the text that JSON made of it; what is no rule is passed over.
 * @throws ERR_INVALID_ARG_TYPE for anything else; SyntaxError for a text that is not JSON.
 */
export function parseRules(data: string | readonly string[]): ParsedRule[] {
	const list: unknown = typeof data === 'string' ? JSON.parse(data) : data;
	// Array.from, so that holes count as entries.
	if (!Array.isArray(list) || !Array.from(list).every((entry) => typeof entry === 'string')) {
		throw new ERR_INVALID_ARG_TYPE('data', ['string', 'string[]'], list);
	}
	return list.flatMap((text) => parseRule(text) ?? []);
}

/** Whether the addresses of a rule are addresses is not looked at. */
function parseRule(text: string): ParsedRule | undefined {
	for (const { family, kind, pattern } of patterns) {
		const [, first, second] = pattern.exec(text) ?? [];
		if (first === undefined) continue;
		if (kind === 'address') return { kind, family, address: first };
		if (second === undefined) continue;
		if (kind === 'subnet') return { kind, family, network: first, prefix: Number(second) };
		return { kind, family, start: first, end: second };
	}
	return undefined;
}

/** All rules but exceptions, in Node's order: addresses, subnets, ranges, each newest first. */
export function ruleTexts(batch: RuleBatch): string[] {
	const texts: Record<number, string[]> = { [KIND.address]: [], [KIND.subnet]: [], [KIND.range]: [] };
	for (let row = batch.length - 1; row >= 0; row--) {
		if (batch.isBlocking(row)) texts[batch.kind(row)]?.push(formatRule(batch, row));
	}
	return Object.values(texts).flat();
}

/** One rule, as `rules` has it. */
export function formatRule(batch: RuleBatch, row: number): string {
	batch.readAddress(row, words);
	const isIPv6 = batch.startIsIPv6(row);
	const address = `${isIPv6 ? 'IPv6' : 'IPv4'} ${format(isIPv6)}`;
	if (batch.kind(row) === KIND.address) return `Address: ${address}`;
	if (batch.kind(row) === KIND.subnet) return `Subnet: ${address}/${batch.prefix(row)}`;
	batch.readLast(row, words);
	return `Range: ${address}-${format(batch.endIsIPv6(row))}`;
}

function format(isIPv6: boolean): string {
	return isIPv6 ? formatIPv6(words) : formatIPv4(words[3] ?? 0);
}
