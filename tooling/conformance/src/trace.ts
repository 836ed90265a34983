/** What a run of a scenario left: lines by lane. */
export type Trace = Readonly<Record<string, readonly string[]>>;

/** How two traces differ: per lane the lines, marked ` ` (both), `-` (expected, missing) or `+` (got, unexpected). */
export interface Difference {
	readonly lane: string;
	readonly lines: readonly string[];
}

/** Empty: the traces are the same. */
export function compare(expected: Trace, got: Trace): Difference[] {
	const differences: Difference[] = [];
	for (const lane of new Set([...Object.keys(expected), ...Object.keys(got)])) {
		const before = expected[lane] ?? [];
		const after = got[lane] ?? [];
		if (before.length === after.length && before.every((line, i) => line === after[i])) continue;
		differences.push({ lane, lines: mark(before, after) });
	}
	return differences;
}

/** A readable difference by the longest common subsequence. */
function mark(before: readonly string[], after: readonly string[]): string[] {
	const width = after.length + 1;
	const lengths = new Uint32Array((before.length + 1) * width);
	const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
	for (let i = before.length - 1; i >= 0; i--) {
		for (let j = after.length - 1; j >= 0; j--) {
			const same = before[i] === after[j];
			lengths[i * width + j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const lines: string[] = [];
	let i = 0;
	let j = 0;
	while (i < before.length || j < after.length) {
		if (i < before.length && j < after.length && before[i] === after[j]) {
			lines.push(`  ${before[i]}`);
			i++;
			j++;
		} else if (j === after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1)))
			lines.push(`- ${before[i++]}`);
		else lines.push(`+ ${after[j++]}`);
	}
	return lines;
}
