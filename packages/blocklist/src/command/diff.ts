/** `diff`: which addresses a list blocks that another one does not. */
import type { Blocks } from '../formats/blocks.ts';
import { blocksOf, textsOf } from '../formats/blocks.ts';
import { subtractLists } from '../sets.ts';
import { familyOf, readArguments, readingOf } from './arguments.ts';
import { Failure } from './failure.ts';
import { readBlocks } from './inputs.ts';
import { joinLines, print } from './output.ts';

/** Ends with 1 where there is a difference, as `diff` does. */
export async function diff(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, { values: ['family'] });
	const [oldFile, newFile, ...more] = parsed.operands;
	if (oldFile === undefined || newFile === undefined || more.length > 0) {
		throw new Failure('name two lists: the old one and the new one');
	}
	if (oldFile === '-' && newFile === '-') throw new Failure('stdin can be read only once');
	const family = familyOf(parsed.values);
	const reading = readingOf(parsed);
	const before = await readBlocks([oldFile], reading);
	const after = await readBlocks([newFile], reading);
	const gone = [...marked('-', blocksOf(subtractLists(before, after)), family)];
	const come = [...marked('+', blocksOf(subtractLists(after, before)), family)];
	await print(joinLines(gone));
	await print(joinLines(come));
	return gone.length + come.length === 0 ? 0 : 1;
}

function* marked(mark: string, blocks: Blocks, family: 4 | 6 | undefined): Generator<string, void, undefined> {
	for (const one of [4, 6] as const) {
		if (family !== undefined && family !== one) continue;
		for (const text of textsOf(blocks, one, 'bare')) yield `${mark}${text}`;
	}
}
