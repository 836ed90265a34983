/** Testing: every package's tests through turbo, their counts summed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCounts, readCounts, summarise } from '../test/counts.mjs';
import { refuse } from '../test/arguments.mjs';
import { packages } from '../release/packages.mjs';
import { show, turbo } from './workspace.mjs';

/**
 * Runs the tests of all packages, or of those named, and prints `N passed, N failed, N skipped` as its last line.
 * @param {string[]} names - folders' names: `ip`, `socket`, `conformance`.
 * @returns {Promise<number>} exit code
 */
export async function test(names = []) {
	const chosen = chosenPackages(names);
	const folder = mkdtempSync(join(tmpdir(), 'net-counts-'));
	try {
		const filters = names.length === 0 ? [] : chosen.map(({ name }) => `--filter=${name}`);
		// Two at once: the tests measure time limits, and more would fight for the processor.
		const args = ['--continue', '--concurrency=2', '--log-order=stream', ...filters];
		const code = await show(...turbo('run', 'test', 'test:native', ...args), { NET_TEST_COUNTS: folder });
		const expected = chosen.filter(({ scripts }) => scripts['test'] !== undefined).map(({ name }) => name);
		const { lines, counts } = summarise(expected, readCounts(folder), code);
		for (const line of ['', ...lines, formatCounts(counts)]) console.log(line);
		return counts.failed === 0 ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Those named, or all that have tests. A name that is none ends the process. @param {string[]} names */
export function chosenPackages(names) {
	const testable = packages().filter(
		({ scripts }) => scripts['test'] !== undefined || scripts['test:native'] !== undefined,
	);
	if (names.length === 0) return testable;
	return names.map((wanted) => {
		const found = testable.find(({ name, folder }) => name === wanted || folder.endsWith(`/${wanted}`));
		if (found) return found;
		const known = testable.map(({ folder }) => folder.split('/').at(-1)).join(', ');
		return refuse('test', `no package '${wanted}' with tests; there are: ${known}`);
	});
}
