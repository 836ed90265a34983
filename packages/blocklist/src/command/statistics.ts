/** Counts of a batch's rules, and of the addresses that they cover. */
import type { RuleBatch } from '../batch.ts';
import { KIND } from '../batch.ts';
import { Cover } from '../cover.ts';
import type { Blocks } from '../formats/blocks.ts';
import { blocksOf, countAddresses, countPrefixes, countRanges } from '../formats/blocks.ts';

/** Of one family. */
export interface Statistics {
	addresses: number;
	subnets: number;
	ranges: number;
	/** Rules that let pass; they are in none of the others. */
	exceptions: number;
	/** How many addresses are in at least one rule. */
	covered: bigint;
	/** How many merged ranges, and how many prefixes, that is. */
	mergedRanges: number;
	mergedPrefixes: number;
	/** How many addresses the rules have beyond that, because they overlap. */
	repeated: bigint;
}

/**
 * @param blocks - what is blocked, exceptions taken out.
 * @returns those of IPv4 and of IPv6. A rule about mapped addresses is one of IPv6 that covers IPv4.
 */
export function statisticsOf(batch: RuleBatch, blocks: Blocks): [ipv4: Statistics, ipv6: Statistics] {
	const four = empty(blocks, 4);
	const six = empty(blocks, 6);
	const cover = new Cover();
	let sum4 = 0n;
	let sum6 = 0n;
	// Single addresses, which most lists consist of, are counted without large numbers.
	let single4 = 0;
	for (let row = 0; row < batch.length; row++) {
		const kind = batch.kind(row);
		const isIPv4 = batch.isIPv4(row);
		const counted = isIPv4 ? four : six;
		if (kind === KIND.none) continue;
		if (batch.isException(row)) {
			counted.exceptions++;
			continue;
		}
		if (kind === KIND.address) counted.addresses++;
		if (kind === KIND.subnet) counted.subnets++;
		if (kind === KIND.range) counted.ranges++;
		if (isIPv4 && kind === KIND.address) {
			single4++;
			continue;
		}
		cover.read(batch, row);
		if (cover.inIPv4) sum4 += BigInt(cover.lastIPv4 - cover.firstIPv4 + 1);
		if (cover.inIPv6) sum6 += countAddresses({ ipv4: none, ipv6: Uint32Array.of(...cover.first, ...cover.last) }, 6);
	}
	const merged = blocksOf(batch);
	four.repeated = sum4 + BigInt(single4) - countAddresses(merged, 4);
	six.repeated = sum6 - countAddresses(merged, 6);
	return [four, six];
}

const none = new Uint32Array(0);

function empty(blocks: Blocks, family: 4 | 6): Statistics {
	return {
		addresses: 0,
		subnets: 0,
		ranges: 0,
		exceptions: 0,
		covered: countAddresses(blocks, family),
		mergedRanges: countRanges(blocks, family),
		mergedPrefixes: countPrefixes(blocks, family),
		repeated: 0n,
	};
}
