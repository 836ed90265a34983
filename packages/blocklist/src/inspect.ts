/** How `util.inspect` and `console.log` write a BlockList. */
import type { BlockList } from './block-list.ts';

export function inspectList(
	this: BlockList,
	depth: number,
	options: { depth?: number | null; stylize: (text: string, style: string) => string },
	inspect: (value: unknown, options: object) => string,
): string {
	if (depth < 0) return options.stylize('[BlockList]', 'special');
	const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
	return `BlockList ${inspect({ rules: this.rules }, inner)}`;
}
