/** `info`: what is in lists. */
import { RuleBatch } from '../batch.ts';
import { readArguments, readingOf } from './arguments.ts';
import { checkNames, mergedBlocks, readFile } from './inputs.ts';
import { print } from './output.ts';
import type { Statistics } from './statistics.ts';
import { statisticsOf } from './statistics.ts';

export async function info(args: readonly string[]): Promise<number> {
	const parsed = readArguments(args, {});
	const reading = readingOf(parsed);
	const files = parsed.operands;
	checkNames(files);
	const all = new RuleBatch();
	for (const file of files) {
		const batch = files.length === 1 ? all : new RuleBatch();
		const { lines, problemCount, belowThreshold } = await readFile(file, reading, batch, false);
		if (batch !== all) all.appendAll(batch);
		const rows: Row[] = [['lines', lines]];
		if (belowThreshold > 0) rows.push(['below the threshold', belowThreshold]);
		rows.push(['not understood', problemCount], ...(await rowsOf(batch)));
		await print([table(file === '-' ? 'stdin' : file, rows)]);
	}
	if (files.length > 1) await print([`\n${table('all of them', await rowsOf(all))}`]);
	return 0;
}

type Row = readonly [name: string, value: number | bigint, note?: string | undefined];

async function rowsOf(batch: RuleBatch): Promise<Row[]> {
	return statisticsOf(batch, await mergedBlocks(batch)).flatMap((statistics, i): Row[] => {
		const family = i === 0 ? 'IPv4' : 'IPv6';
		const { addresses, subnets, ranges, exceptions, covered, repeated } = statistics;
		if (addresses + subnets + ranges + exceptions === 0 && covered === 0n) return [];
		return [
			[`${family} addresses`, addresses],
			[`${family} subnets`, subnets],
			[`${family} ranges`, ranges],
			...(exceptions > 0 ? [[`${family} exceptions`, exceptions] as const] : []),
			[`${family} covered`, covered, share(statistics, family)],
			[`${family} overlaps`, repeated, repeated === 0n ? undefined : 'addresses listed again'],
		];
	});
}

/** A part of the family, and of what it is made when merged. */
function share({ covered, mergedRanges, mergedPrefixes }: Statistics, family: string): string {
	const bits = family === 'IPv4' ? 32n : 128n;
	// Two digits behind the dot, of a part of a number that is too large for others.
	const percent = Number((covered * 1_000_000n) >> bits) / 10_000;
	return `addresses (${percent.toFixed(2)} %) in ${mergedRanges} ranges, ${mergedPrefixes} prefixes`;
}

function table(title: string, rows: readonly Row[]): string {
	const names = Math.max(...rows.map(([name]) => name.length));
	const values = Math.max(...rows.map(([, value]) => String(value).length));
	const lines = rows.map(([name, value, note]) =>
		`  ${name.padEnd(names)}  ${String(value).padStart(values)}${note === undefined ? '' : ` ${note}`}`.trimEnd(),
	);
	return `${title}\n${lines.join('\n')}\n`;
}
