/** Verdicts as text for people. */
import type { Verdict } from './verdict.ts';

/** Failures, those that are alike on several targets told once. */
export function describeFailures(verdicts: readonly Verdict[]): string[] {
	const groups = new Map<string, { verdict: Verdict; targets: string[] }>();
	for (const verdict of verdicts) {
		if (verdict.result !== 'failed') continue;
		const key = JSON.stringify([verdict.scenario.name, verdict.differences, verdict.note]);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, { verdict, targets: [verdict.target.name] });
		else group.targets.push(verdict.target.name);
	}
	const sorted = [...groups.values()].sort((a, b) => (a.verdict.scenario.name < b.verdict.scenario.name ? -1 : 1));
	return sorted.map(({ verdict, targets }) => describe(verdict, targets));
}

function describe(verdict: Verdict, targets: readonly string[]): string {
	const lines = [`✗ ${verdict.scenario.name}`, `  on ${[...new Set(targets)].join(', ')}`];
	if (verdict.note !== '') lines.push(`  note: ${verdict.note}`);
	for (const difference of verdict.differences) {
		lines.push(`  ${difference.lane} (- node:net, + ours)`, ...around(difference.lines).map((line) => `    ${line}`));
	}
	return lines.join('\n');
}

/** What differs, with three lines before and after. */
export function around(lines: readonly string[]): string[] {
	const near = (index: number): boolean =>
		lines.slice(Math.max(0, index - 3), index + 4).some((line) => !line.startsWith(' '));
	const shown: string[] = [];
	for (const [index, line] of lines.entries()) {
		if (near(index)) shown.push(line);
		else if (shown.at(-1) !== '  …') shown.push('  …');
	}
	return shown;
}

/** One row a target: passed, accepted, failed. */
export function table(verdicts: readonly Verdict[]): string {
	const rows = new Map<string, { passed: number; accepted: number; failed: number }>();
	for (const { target, result } of verdicts) {
		const row = rows.get(target.name) ?? { passed: 0, accepted: 0, failed: 0 };
		row[result]++;
		rows.set(target.name, row);
	}
	const lines = [`${'target'.padEnd(20)}  passed  accepted  failed`];
	for (const [name, row] of rows) {
		const counts = [String(row.passed).padStart(6), String(row.accepted).padStart(8), String(row.failed).padStart(6)];
		lines.push(`${name.padEnd(20)}  ${counts.join('  ')}`);
	}
	return lines.join('\n');
}
