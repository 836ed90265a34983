/** Random blocks for tests: ranges of both families that ascend and lie apart. */
import type { Blocks } from '@net/blocklist/formats';
import type { Random } from '@tooling/test';

/** Of many widths, some at the ends of the families, none of them mapped. */
export function randomRanges(random: Random, count: number): Blocks {
	return { ipv4: words(ranges(random, count, 32), 1), ipv6: words(ranges(random, count, 128), 4) };
}

function ranges(random: Random, count: number, bits: number): [first: bigint, last: bigint][] {
	const most = (1n << BigInt(bits)) - 1n;
	const wanted = Array.from({ length: count }, (): [bigint, bigint] => {
		const first = random.below(8) === 0 ? 0n : bigint(random, bits);
		const width = bigint(random, 1 + random.below(random.below(6) === 0 ? bits : 12));
		return random.below(8) === 0 ? [most - width, most] : [first, first + width > most ? most : first + width];
	});
	wanted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
	const apart: [bigint, bigint][] = [];
	// The block where IPv6 maps IPv4 is none of IPv6's.
	let next = bits === 32 ? 0n : 1n << 48n;
	for (const [first, last] of wanted) {
		const start = first < next ? next : first;
		if (start > last) continue;
		apart.push([start, last]);
		next = last + 2n;
	}
	return apart;
}

function bigint(random: Random, bits: number): bigint {
	let value = 0n;
	for (let i = 0; i < 4; i++) value = (value << 32n) + BigInt(random.below(2 ** 32));
	return value & ((1n << BigInt(bits)) - 1n);
}

function words(list: readonly (readonly [bigint, bigint])[], perAddress: number): Uint32Array {
	const all = list
		.flat()
		.flatMap((address) =>
			Array.from({ length: perAddress }, (_, i) =>
				Number((address >> BigInt(32 * (perAddress - 1 - i))) & 0xffff_ffffn),
			),
		);
	return Uint32Array.from(all);
}
