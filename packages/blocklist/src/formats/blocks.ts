/** What a list blocks, as it is exported: merged ranges. */
import { formatIPv4, formatIPv6 } from '@net/ip';
import type { RuleBatch } from '../batch.ts';
import { mergeIPv4 } from '../merge.ts';
import { mergeIPv6 } from '../merge-wide.ts';
import type { Ranges } from '../sets.ts';
import { splitIPv4, splitIPv6 } from '../sets.ts';

/** Ranges that ascend and lie apart: two words each of `ipv4`, eight of `ipv6`, the first address and the last. */
export interface Blocks extends Ranges {
	/** When each of them ends, in milliseconds since 1970, or `Infinity`; those that end at different times may touch. */
	ends?: { ipv4: Float64Array; ipv6: Float64Array };
}

/** Merges the rules of a batch, but exceptions, whenever they end. IPv6 rules about mapped addresses become IPv4. */
export function blocksOf(batch: RuleBatch): Blocks {
	return { ipv4: mergeIPv4(batch), ipv6: mergeIPv6(batch) };
}

/** How many ranges there are of a family. */
export function countRanges({ ipv4, ipv6 }: Blocks, family: 4 | 6): number {
	return family === 4 ? ipv4.length / 2 : ipv6.length / 8;
}

/** How many prefixes the ranges of a family are. */
export function countPrefixes(blocks: Blocks, family: 4 | 6): number {
	let count = 0;
	if (family === 4) {
		for (let i = 0; i < blocks.ipv4.length; i += 2) {
			splitIPv4(blocks.ipv4[i] ?? 0, blocks.ipv4[i + 1] ?? 0, () => count++);
		}
	} else for (let i = 0; i < blocks.ipv6.length; i += 8) splitAt(blocks.ipv6, i, () => count++);
	return count;
}

/** How many addresses the ranges of a family are. */
export function countAddresses({ ipv4, ipv6 }: Blocks, family: 4 | 6): bigint {
	let count = 0n;
	if (family === 4) {
		for (let i = 0; i < ipv4.length; i += 2) count += BigInt((ipv4[i + 1] ?? 0) - (ipv4[i] ?? 0) + 1);
		return count;
	}
	for (let i = 0; i < ipv6.length; i += 8) {
		let span = 0n;
		for (let word = 0; word < 4; word++) {
			span = (span << 32n) + BigInt(ipv6[i + 4 + word] ?? 0) - BigInt(ipv6[i + word] ?? 0);
		}
		count += span + 1n;
	}
	return count;
}

/** How a range or a prefix is written. */
export type Style = 'cidr' | 'bare' | 'range';

/**
 * Texts of a family's blocks: as prefixes (`cidr`), as prefixes with `/32` and `/128` left out (`bare`), or as ranges,
 * where one address has no dash.
 * @param noteOf - what stands behind the texts of a range, by its number.
 */
export function* textsOf(
	blocks: Blocks,
	family: 4 | 6,
	style: Style,
	noteOf?: (range: number) => string,
): Generator<string, void, undefined> {
	const texts: string[] = [];
	let note = '';
	const add4 = (network: number, prefix: number): void => {
		const text = style === 'bare' && prefix === 32 ? formatIPv4(network) : `${formatIPv4(network)}/${prefix}`;
		texts.push(text + note);
	};
	const add6 = (network: Uint32Array, prefix: number): void => {
		const text = style === 'bare' && prefix === 128 ? formatIPv6(network) : `${formatIPv6(network)}/${prefix}`;
		texts.push(text + note);
	};
	const { ipv4, ipv6 } = blocks;
	if (family === 4) {
		for (let i = 0; i < ipv4.length; i += 2) {
			const first = ipv4[i] ?? 0;
			const last = ipv4[i + 1] ?? 0;
			if (noteOf) note = noteOf(i / 2);
			if (style === 'range') yield rangeText(formatIPv4(first), formatIPv4(last)) + note;
			else {
				splitIPv4(first, last, add4);
				yield* texts;
				texts.length = 0;
			}
		}
		return;
	}
	for (let i = 0; i < ipv6.length; i += 8) {
		if (noteOf) note = noteOf(i / 8);
		if (style === 'range') {
			yield rangeText(formatIPv6(ipv6.subarray(i, i + 4)), formatIPv6(ipv6.subarray(i + 4, i + 8))) + note;
		} else {
			splitAt(ipv6, i, add6);
			yield* texts;
			texts.length = 0;
		}
	}
}

function splitAt(words: Uint32Array, at: number, visit: (network: Uint32Array, prefix: number) => void): void {
	splitIPv6(words.subarray(at, at + 4), words.subarray(at + 4, at + 8), visit);
}

function rangeText(first: string, last: string): string {
	return first === last ? first : `${first}-${last}`;
}
