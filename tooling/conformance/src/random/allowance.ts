/** What the rows of accepted.ts let pass, and no more. */
import type { Driver } from '../target.ts';
import type { Trace } from '../trace.ts';
import { defects, lanes, lines } from './accepted.ts';
import type { LineRow, Row } from './accepted.ts';

/** Whether node:net shows a defect there. */
export function isDefective(trace: Trace): boolean {
	const all = Object.values(trace).flat();
	return defects.some(({ line }) => all.some((each) => line.test(each)));
}

/** The lanes of these that no row accepts. */
export function notAccepted(expected: Trace, got: Trace, differing: readonly string[], driver: Driver): string[] {
	const here = ({ drivers }: Row): boolean => drivers?.includes(driver) !== false;
	const rows = lines.filter(here);
	const uncaught = expected['process'] !== undefined;
	const same = (name: string, left?: RegExp): boolean => {
		const [before = [], after = []] = [expected[name], got[name]].map((lane = []) => without(lane, left));
		if (canonical(before, rows) === canonical(after, rows)) return true;
		return uncaught && inAnyOrder(before) === inAnyOrder(after);
	};
	let remaining = differing.filter((name) => !same(name));
	for (const row of lanes.filter(here)) {
		const [before, after] = [expected, got].map((trace) => (name: string) => trace[name] ?? []);
		const shows = (name: string): boolean => {
			return row.lane.test(text(before?.(name))) && row.ours?.test(text(after?.(name))) !== false;
		};
		const accepted = (name: string): boolean => {
			if (!shows(name)) return false;
			if (row.only !== undefined) return same(name, row.only);
			return row.from !== undefined && beginsIn(row.from, ...comparable(before?.(name), after?.(name), rows));
		};
		// Of one that another row accepts already this row may say what else follows.
		const found = differing.filter(accepted);
		if (found.length === 0) continue;
		const consequences = row.only ?? row.elsewhere;
		remaining = remaining.filter(
			(name) => !found.includes(name) && !(consequences !== undefined && same(name, consequences)),
		);
	}
	return remaining;
}

/** Whether these differ from such a line on, or later in its phase. */
function beginsIn(line: RegExp, before: readonly string[], after: readonly string[]): boolean {
	let first = before.findIndex((each, index) => each !== after[index]);
	if (first < 0) first = before.length;
	// Where ours only goes on longer, the phase is that of the last line.
	let start = Math.min(first, before.length - 1);
	// What a phase settles in follows from what was done in it.
	while (start > 0 && /^ {2}\w+: /.test(before[start] ?? '')) start--;
	if (before[start] === 'settled') start--;
	while (start > 0 && before[start] !== 'settled') start--;
	return before.slice(start, first + 1).some((each) => line.test(each));
}

function without(list: readonly string[] = [], lines: RegExp | undefined): readonly string[] {
	return lines === undefined ? list : list.filter((line) => !lines.test(line));
}

/** Without the lines that may stand elsewhere; if nothing else differs, with them. */
function comparable(
	before: readonly string[] = [],
	after: readonly string[] = [],
	rows: readonly LineRow[],
): [readonly string[], readonly string[]] {
	const inPlace = (line: string): boolean => !rows.some((row) => row.line.test(line));
	const [one, other] = [before.filter(inPlace), after.filter(inPlace)];
	return text(one) === text(other) ? [before, after] : [one, other];
}

/** The lines that no row takes out, in order, and then those that it does. */
function canonical(list: readonly string[], rows: readonly LineRow[]): string {
	const rowOf = (line: string): LineRow | undefined => rows.find((row) => row.line.test(line));
	const inPlace = list.filter((line) => rowOf(line) === undefined);
	const moved = list.filter((line) => rowOf(line)?.otherwise === undefined && rowOf(line) !== undefined);
	return text([...inPlace, '', ...moved.sort()]);
}

/** For `uncaught` of accepted.ts. */
function inAnyOrder(list: readonly string[]): string {
	return text(list.map((line) => line.replace(/ \[[\w, ]+\]$/, '')).sort());
}

function text(list: readonly string[] = []): string {
	return list.join('\n');
}
