/**
 * The table of packages/node/COMPATIBILITY.md: what it names, and its last parts, which are made from the kit's own lists of
 * what is accepted: differences.ts, random/accepted.ts and hosts.ts. `npm run compatibility` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { acceptedDifferences } from './differences.ts';
import type { AcceptedDifference } from './differences.ts';
import { recordsOf } from './host-records.ts';
import { hostDifferences, hostReason, isUnsteady } from './hosts.ts';
import { defects, lanes, lines, uncaught } from './random/accepted.ts';
import type { Row as RandomRow } from './random/accepted.ts';
import { hosts } from './target.ts';

export const compatibilityFile: URL = new URL('../../../../packages/node/COMPATIBILITY.md', import.meta.url);

/** The generated part begins behind this line. */
const mark = '<!-- differences -->';

export interface Row {
	/** The first cell: names as code, and words. */
	readonly what: string;
	/** Scenarios, and files of tests. */
	readonly shownBy: readonly string[];
	/** What differs, and why. */
	readonly differs: string;
}

/** The rows of the part that is written by hand. */
export function compatibilityRows(text: string): Row[] {
	const [written = ''] = text.split(mark);
	const rows: Row[] = [];
	for (const line of written.split('\n')) {
		const cells = cellsOf(line);
		if (cells === undefined || cells[0] === 'what' || /^-+$/.test(cells[0] ?? '')) continue;
		const [what = '', shown = '', differs = ''] = cells;
		rows.push({ what, shownBy: Array.from(shown.matchAll(/`([^`]+)`/g), ([, name = '']) => name), differs });
	}
	return rows;
}

/** The rows of the generated part, without their padding. */
export function generatedLines(text: string): string[] {
	const rows = (text.split(mark)[1] ?? '').split('\n').flatMap((line) => cellsOf(line)?.join(' | ') ?? []);
	return rows.filter((row) => row !== header && !/^[-| ]+$/.test(row));
}

export function expectedLines(): string[] {
	return parts().flatMap(({ rows }) => rows.map((row) => row.join(' | ')));
}

/** Writes the generated part. */
export function writeDifferences(): void {
	const [written = ''] = readFileSync(compatibilityFile, 'utf8').split(mark);
	const text = parts().flatMap(({ title, introduction, rows }) => [
		title === '' ? '' : `\n## ${title}\n`,
		...(introduction === '' ? [] : [`${introduction}\n`]),
		`| ${header} |\n| --- | --- | --- |`,
		...rows.map((row) => `| ${row.join(' | ')} |`),
	]);
	// Columns that are not aligned change only where something changes.
	const end = '<!-- prettier-ignore-end -->';
	writeFileSync(compatibilityFile, `${written}${mark}\n${text.join('\n')}\n\n${end}\n`);
}

type Cells = readonly [what: string, where: string, why: string];

interface Part {
	readonly title: string;
	readonly introduction: string;
	readonly rows: readonly Cells[];
}

const header = 'what | where | why';

function parts(): Part[] {
	return [
		{ title: '', introduction: '', rows: acceptedDifferences.map(cells) },
		{
			title: 'What random sequences of calls may do otherwise',
			introduction:
				'The random mode of the kit compares sequences of calls on sockets and servers in all states with Node 26. These are not ' +
				'compared in what the row says.',
			rows: [...lines, ...lanes, uncaught].map(randomCells),
		},
		{
			title: 'Defects of `node:net` that random sequences meet',
			introduction: 'A sequence in which `node:net` itself shows one of these is not compared.',
			rows: defects.map(randomCells),
		},
		{
			title: 'Bun and Deno',
			introduction:
				'The portable driver runs there over the host’s own `node:net`. The kit has recorded, line by line, what these scenarios do ' +
				'there instead of what they do on Node 26; all others do the same.',
			rows: hosts.flatMap(hostCells),
		},
	];
}

function cells(row: AcceptedDifference): Cells {
	const { drivers = [], majors = [] } = row;
	const where = [...drivers, ...majors.map((major) => (/^\d/.test(major) ? `Node ${major}` : major))];
	return [`\`${row.scenario}\``, where.length === 0 ? 'everywhere' : where.join(', '), row.reason];
}

function randomCells({ what, drivers = [], reason }: RandomRow): Cells {
	return [what, drivers.length === 0 ? 'everywhere' : drivers.join(', '), reason];
}

function hostCells(host: string): Cells[] {
	const where = host.charAt(0).toUpperCase() + host.slice(1);
	return hostDifferences.flatMap(({ hosts: of, reason, sometimes = [] }) => {
		if (!of.includes(host)) return [];
		const recorded = Object.keys(recordsOf(host)).filter(
			(name) => hostReason({ name, subject: name.slice(0, name.indexOf('/')) }, host) === reason,
		);
		const unsteady = sometimes.filter((name) => isUnsteady({ name }, host)).map((name) => `\`${name}\` (sometimes)`);
		return [[[...recorded.map((name) => `\`${name}\``), ...unsteady].join('<br>'), where, reason] as const];
	});
}

function cellsOf(line: string): string[] | undefined {
	if (!line.startsWith('|')) return undefined;
	return line
		.slice(1, line.lastIndexOf('|'))
		.split(' | ')
		.map((cell) => cell.trim());
}
