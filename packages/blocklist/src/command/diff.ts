/** `diff`: which addresses a list blocks that another one does not. */
import type { Blocks } from '../formats/blocks.ts';
import { textsOf } from '../formats/blocks.ts';
import { subtractPairs, subtractWide } from '../subtract.ts';
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
	const differences = new Differences(family);
	await print(joinLines(differences.marked('-', without(before, after))));
	await print(joinLines(differences.marked('+', without(after, before))));
	return differences.count === 0 ? 0 : 1;
}

function without(from: Blocks, less: Blocks): Blocks {
	return { ipv4: subtractPairs(from.ipv4, less.ipv4), ipv6: subtractWide(from.ipv6, less.ipv6) };
}

class Differences {
	count = 0;
	readonly #family: 4 | 6 | undefined;

	constructor(family: 4 | 6 | undefined) {
		this.#family = family;
	}

	*marked(mark: string, blocks: Blocks): Generator<string, void, undefined> {
		for (const family of [4, 6] as const) {
			if (this.#family !== undefined && this.#family !== family) continue;
			for (const text of textsOf(blocks, family, 'bare')) {
				this.count++;
				yield `${mark}${text}`;
			}
		}
	}
}
