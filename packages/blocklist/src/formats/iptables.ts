/**
 * For `iptables-restore --noflush`, of IPv6 for `ip6tables-restore`. The chain is declared, which empties it where it is
 * there already, and filled at one moment; other chains stay. Packets come there by a rule of yours, as
 * `iptables -I INPUT -j <name>`.
 */
import type { Blocks } from './blocks.ts';
import { countRanges, textsOf } from './blocks.ts';
import type { Settings } from './export-options.ts';

export function* iptablesOf(blocks: Blocks, { name, target }: Settings): Generator<string, void, undefined> {
	if (countRanges(blocks, 4) > 0 && countRanges(blocks, 6) > 0) {
		throw new RangeError('iptables-restore takes one family a file, and the list has both: choose 4 or 6');
	}
	yield `*filter\n:${name} - [0:0]\n`;
	for (const family of [4, 6] as const) {
		for (const text of textsOf(blocks, family, 'cidr')) yield `-A ${name} -s ${text} -j ${target}\n`;
	}
	yield 'COMMIT\n';
}
