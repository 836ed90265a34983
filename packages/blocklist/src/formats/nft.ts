/**
 * For `nft -f`. Table and sets are declared (again, where they are there already), flushed and filled in one transaction:
 * at no moment are they empty, and rules that name the sets stay.
 */
import type { Blocks } from './blocks.ts';
import { countRanges, textsOf } from './blocks.ts';
import type { Settings } from './export-options.ts';

export function* nftOf(blocks: Blocks, settings: Settings): Generator<string, void, undefined> {
	const { name, timeouts, timeoutSeconds } = settings;
	// Sets of intervals merge them by `auto-merge`, also those that end at different times; ours are merged already.
	const flags = timeouts ? 'interval, timeout' : 'interval\n\t\tauto-merge';
	const timeout = timeoutSeconds === undefined ? '' : `\t\ttimeout ${timeoutSeconds}s\n`;
	yield `table inet ${name} {\n`;
	for (const family of [4, 6] as const) {
		yield `\tset ipv${family} {\n\t\ttype ipv${family}_addr\n\t\tflags ${flags}\n${timeout}\t}\n`;
	}
	yield '}\n';
	for (const family of [4, 6] as const) yield `flush set inet ${name} ipv${family}\n`;
	for (const family of [4, 6] as const) {
		if (countRanges(blocks, family) === 0) continue;
		yield `add element inet ${name} ipv${family} {\n`;
		const noteOf = (range: number): string => {
			const seconds = settings.secondsOf(family, range);
			return seconds === undefined ? '' : ` timeout ${seconds}s`;
		};
		for (const text of textsOf(blocks, family, 'range', timeouts ? noteOf : undefined)) yield `${text},\n`;
		yield '}\n';
	}
}
