/**
 * For `ipset restore`. Each set is filled beside the one in use and swapped with it, so that rules that name it see the
 * old one or the new one.
 */
import type { Blocks } from './blocks.ts';
import { countPrefixes, textsOf } from './blocks.ts';
import type { Settings } from './export-options.ts';

/** It is a limit that takes no memory, and must be the same in each update; ipset's own is 65,536. */
const LEAST_ELEMENTS = 1_048_576;

export function* ipsetOf(blocks: Blocks, settings: Settings): Generator<string, void, undefined> {
	for (const family of [4, 6] as const) {
		const set = `${settings.name}${family}`;
		const count = countPrefixes(blocks, family);
		// A power of two, as an update must find the set with the room it was made with.
		const room = Math.max(LEAST_ELEMENTS, 2 ** Math.ceil(Math.log2(Math.max(1, count))));
		// 0 is never, for entries that do not say it.
		const timeout = settings.timeouts ? ` timeout ${settings.timeoutSeconds ?? 0}` : '';
		const noteOf = (range: number): string => {
			const seconds = settings.secondsOf(family, range);
			return seconds === undefined ? '' : ` timeout ${seconds}`;
		};
		const kind = `hash:net family ${family === 4 ? 'inet' : 'inet6'} maxelem ${settings.maxElements ?? room}${timeout}`;
		yield `create ${set} ${kind} -exist\n`;
		yield `create ${set}-new ${kind} -exist\nflush ${set}-new\n`;
		for (const text of textsOf(blocks, family, 'cidr', settings.timeouts ? noteOf : undefined)) {
			const end = text.indexOf(' ');
			const [prefix, note] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
			// hash:net has no prefix of no bits.
			if (!prefix.endsWith('/0')) yield `add ${set}-new ${text}\n`;
			else for (const half of halves[family]) yield `add ${set}-new ${half}${note}\n`;
		}
		yield `swap ${set}-new ${set}\ndestroy ${set}-new\n`;
	}
}

const halves = { 4: ['0.0.0.0/1', '128.0.0.0/1'], 6: ['::/1', '8000::/1'] } as const;
