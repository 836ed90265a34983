/**
 * The table of packages/node/COMPATIBILITY.md: what it names, and its last part, which is made from differences.ts.
 * `npm run compatibility` writes that part anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { acceptedDifferences } from './differences.ts';
import type { AcceptedDifference } from './differences.ts';

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

/** The lines of the generated part that say something, without their padding. */
export function generatedLines(text: string): string[] {
	const lines = (text.split(mark)[1] ?? '').split('\n');
	return lines.flatMap((line) => cellsOf(line)?.join(' | ') ?? []).slice(2);
}

export function expectedLines(): string[] {
	return acceptedDifferences.map((row) => cells(row).join(' | '));
}

/** Writes the generated part. */
export function writeDifferences(): void {
	const [written = ''] = readFileSync(compatibilityFile, 'utf8').split(mark);
	const rows = acceptedDifferences.map((row) => `| ${cells(row).join(' | ')} |`);
	const table = ['| scenario | where | why |', '| --- | --- | --- |', ...rows];
	// Columns that are not aligned change only where something changes.
	const end = '<!-- prettier-ignore-end -->';
	writeFileSync(compatibilityFile, `${written}${mark}\n\n${table.join('\n')}\n\n${end}\n`);
}

function cells(row: AcceptedDifference): [scenario: string, where: string, why: string] {
	const { drivers = [], majors = [] } = row;
	const where = [...drivers, ...majors.map((major) => (/^\d/.test(major) ? `Node ${major}` : major))];
	return [`\`${row.scenario}\``, where.length === 0 ? 'everywhere' : where.join(', '), row.reason];
}

function cellsOf(line: string): string[] | undefined {
	if (!line.startsWith('|')) return undefined;
	return line
		.slice(1, line.lastIndexOf('|'))
		.split(' | ')
		.map((cell) => cell.trim());
}
