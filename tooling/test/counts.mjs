/**
 * Counts: how a test run tells the root what it did. Each runner leaves one small file in the folder that
 * NET_TEST_COUNTS names, and prints the same as its last line.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {Counts & { name: string, failures?: string[] }} Run what a run left: `failures` are its reports of what failed
 */

/**
 * @param {Counts} counts
 * @returns {string} `N passed, N failed, N skipped`
 */
export function formatCounts({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Leaves the counts of one run for the root; does nothing where nobody asked.
 * @param {string} name - of the run, as the root is to show it.
 * @param {Counts} counts
 * @param {string[]} [failures] - reports of what failed, which the root repeats at its end.
 */
export function writeCounts(name, counts, failures) {
	const folder = process.env['NET_TEST_COUNTS'];
	if (!folder) return;
	mkdirSync(folder, { recursive: true });
	const file = `${name.replace(/[^\w.-]+/g, '-')}-${process.pid}.json`;
	writeFileSync(join(folder, file), JSON.stringify({ ...counts, name, failures }));
}

/**
 * @param {string} folder
 * @returns {Run[]} one a run that finished, by name.
 */
export function readCounts(folder) {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param {Counts[]} list
 * @returns {Counts}
 */
export function sumCounts(list) {
	const sum = { passed: 0, failed: 0, skipped: 0 };
	for (const { passed, failed, skipped } of list) {
		sum.passed += passed;
		sum.failed += failed;
		sum.skipped += skipped;
	}
	return sum;
}

/**
 * The sum of a whole test run. What left no counts, and a failure that no count shows, is counted as one failure each: a
 * run that died must not look green. What failed is told once more: it may stand thousands of lines above.
 * @param {string[]} expected - names of the runs that must have left counts.
 * @param {Run[]} found
 * @param {number} code - exit code of what ran them.
 * @returns {{ lines: string[], counts: Counts }}
 */
export function summarise(expected, found, code) {
	const counts = sumCounts(found);
	const lines = found.flatMap(({ failures = [] }) => failures);
	lines.push(...found.map((each) => `${each.failed > 0 ? '✘' : '✔'} ${each.name}: ${formatCounts(each)}`));
	for (const name of expected) {
		if (found.some((each) => each.name === name)) continue;
		lines.push(`✘ ${name}: its tests left no counts`);
		counts.failed++;
	}
	if (code !== 0 && counts.failed === 0) {
		lines.push('✘ a task failed without a failed test: see above');
		counts.failed++;
	}
	if (counts.passed + counts.failed === 0) {
		lines.push('✘ nothing was tested');
		counts.failed++;
	}
	return { lines, counts };
}
