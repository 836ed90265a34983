/** Testing: every package's tests through turbo, their counts summed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCounts, readCounts, sumCounts } from '../test/counts.mjs';
import { Stop } from './output.mjs';
import { packages, show, turbo } from './workspace.mjs';

/**
 * Runs the tests of all packages, or of those named, and prints `N passed, N failed, N skipped` as its last line.
 * @param {string[]} names - folders' names: `ip`, `socket`, `conformance`.
 * @returns {Promise<number>} exit code
 */
export async function test(names = []) {
	const chosen = choose(names);
	const folder = mkdtempSync(join(tmpdir(), 'net-counts-'));
	try {
		const filters = names.length === 0 ? [] : chosen.map(({ name }) => `--filter=${name}`);
		// Two at once: the tests measure time limits, and more would fight for the processor.
		const args = ['--continue', '--concurrency=2', '--log-order=stream', ...filters];
		const code = await show(...turbo('run', 'test', 'test:native', ...args), { NET_TEST_COUNTS: folder });
		return summarise(chosen, readCounts(folder), code);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** @param {string[]} names */
function choose(names) {
	const testable = packages().filter(
		({ scripts }) => scripts['test'] !== undefined || scripts['test:native'] !== undefined,
	);
	if (names.length === 0) return testable;
	return names.map((wanted) => {
		const found = testable.find(({ name, folder }) => name === wanted || folder.endsWith(`/${wanted}`));
		if (found) return found;
		const known = testable.map(({ folder }) => folder.split('/').at(-1)).join(', ');
		throw new Stop(`no package '${wanted}' with tests`, `there are: ${known}`);
	});
}

/**
 * @param {ReturnType<typeof packages>} expected
 * @param {(import('../test/counts.mjs').Counts & { name: string })[]} counts
 * @param {number} code - turbo's
 */
function summarise(expected, counts, code) {
	const sum = sumCounts(counts);
	console.log('');
	for (const entry of counts) console.log(`${entry.failed > 0 ? '✘' : '✔'} ${entry.name}: ${formatCounts(entry)}`);
	for (const { name, scripts } of expected) {
		if (scripts['test'] === undefined || counts.some((entry) => entry.name === name)) continue;
		console.log(`✘ ${name}: its tests left no counts`);
		sum.failed++;
	}
	if (code !== 0 && sum.failed === 0) {
		console.log('✘ a task failed without a failed test: see above');
		sum.failed++;
	}
	console.log(formatCounts(sum));
	return sum.failed === 0 ? 0 : 1;
}
