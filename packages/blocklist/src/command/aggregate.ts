/** `aggregate`: all addresses of the lists in the fewest prefixes. */
import { textsOf } from '../formats/blocks.ts';
import { familyOf, readArguments, readingOf } from './arguments.ts';
import { readBlocks } from './inputs.ts';
import { ipv4Lines } from './ipv4-lines.ts';
import { joinLines, print } from './output.ts';

export async function aggregate(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, { values: ['family'], lists: ['allow'] });
	const family = familyOf(parsed.values);
	const blocks = await readBlocks(parsed.operands, readingOf(parsed), parsed.lists.get('allow'));
	if (family !== 6) await print(ipv4Lines(blocks.ipv4));
	if (family !== 4) await print(joinLines(textsOf(blocks, 6, 'bare')));
	return 0;
}
