/** The options that subcommands share, and how arguments are read. */
import { parseArgs } from 'node:util';
import type { ListFormat } from '../formats/list-reader.ts';
import { Failure } from './failure.ts';

/** What a subcommand takes besides operands: options with a value, with several, and without one. */
export interface Known {
	values?: readonly string[];
	/** Each takes the operands that follow it, up to the next option; written as `--list=FILE` only that one. */
	lists?: readonly string[];
	flags?: readonly string[];
}

export interface Arguments {
	operands: string[];
	values: Map<string, string>;
	lists: Map<string, string[]>;
	flags: Set<string>;
}

/** How lists are read: options of all subcommands. */
const reading = { values: ['read', 'threshold'], flags: ['strict', 'quiet'] } as const;

/** @throws Failure for an option that is not known, or has no value. */
export function readArguments(args: readonly string[], known: Known): Arguments {
	const strings = [...reading.values, ...(known.values ?? []), ...(known.lists ?? [])];
	const flags = [...reading.flags, ...(known.flags ?? [])];
	const options = Object.fromEntries([
		...strings.map((name) => [name, { type: 'string' as const, multiple: true }]),
		...flags.map((name) => [name, { type: 'boolean' as const }]),
	]);
	const result: Arguments = { operands: [], values: new Map(), lists: new Map(), flags: new Set() };
	let list: string[] | undefined;
	for (const token of tokensOf(args, options)) {
		if (token.kind === 'positional') (list ?? result.operands).push(token.value);
		if (token.kind === 'option-terminator') list = undefined;
		if (token.kind !== 'option') continue;
		list = undefined;
		const { name, value } = token;
		if (value === undefined) {
			result.flags.add(name);
		} else if (known.lists?.includes(name)) {
			const files = result.lists.get(name) ?? [];
			files.push(value);
			result.lists.set(name, files);
			if (!token.inlineValue) list = files;
		} else {
			result.values.set(name, value);
		}
	}
	return result;
}

/** The options that say how lists are read. */
export interface Reading {
	format: ListFormat;
	threshold: number | undefined;
	strict: boolean;
	/** Whether lines that are not understood are told. */
	quiet: boolean;
}

const formats: readonly ListFormat[] = ['auto', 'lines', 'p2p', 'json'];

export function readingOf({ values, flags }: Arguments): Reading {
	const wanted = values.get('read') ?? 'auto';
	const format = formats.find((one) => one === wanted);
	if (format === undefined) throw new Failure(`--read is ${formats.join(', ')}; it is '${wanted}'`);
	return { format, threshold: numberOf(values, 'threshold'), strict: flags.has('strict'), quiet: flags.has('quiet') };
}

/** @throws Failure for a value that is no number. */
export function numberOf(values: ReadonlyMap<string, string>, name: string): number | undefined {
	const text = values.get(name);
	if (text === undefined) return undefined;
	const number = text.trim() === '' ? Number.NaN : Number(text);
	if (!Number.isFinite(number)) throw new Failure(`--${name} is a number; it is '${text}'`);
	return number;
}

/** @throws Failure for another family. */
export function familyOf(values: ReadonlyMap<string, string>): 4 | 6 | undefined {
	const text = values.get('family');
	if (text === undefined) return undefined;
	if (text !== '4' && text !== '6') throw new Failure(`--family is 4 or 6; it is '${text}'`);
	return text === '4' ? 4 : 6;
}

type Token = ReturnType<typeof parse>[number];

function tokensOf(args: readonly string[], options: Parameters<typeof parse>[1]): Token[] {
	try {
		return parse(args, options);
	} catch (error) {
		// Node's sentence goes on about how to escape the option.
		const [sentence = ''] = error instanceof Error ? error.message.split(/\. |\n/) : [];
		throw new Failure(`${sentence.replace(/\.$/, '')}; --help lists the options`);
	}
}

function parse(
	args: readonly string[],
	options: Record<string, { type: 'string'; multiple: true } | { type: 'boolean' }>,
): (
	| { kind: 'option'; name: string; value: string | undefined; inlineValue: boolean | undefined }
	| { kind: 'positional'; value: string }
	| { kind: 'option-terminator' }
)[] {
	return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true }).tokens;
}
