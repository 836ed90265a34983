import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatCounts, readCounts, sumCounts, summarise, writeCounts } from '../counts.mjs';

const test = suite('Counts');

const green = { name: 'a', passed: 3, failed: 0, skipped: 1 };
const red = { name: 'b', passed: 1, failed: 2, skipped: 0 };

test('are read as they were written, by name', () => {
	const folder = mkdtempSync(join(tmpdir(), 'net-counts-'));
	const before = process.env['NET_TEST_COUNTS'];
	process.env['NET_TEST_COUNTS'] = folder;
	try {
		writeCounts('@net/b', red, ['it broke']);
		writeCounts('@net/a', green);
		assert.equal(readCounts(folder), [
			{ ...green, name: '@net/a' },
			{ ...red, name: '@net/b', failures: ['it broke'] },
		]);
	} finally {
		if (before === undefined) delete process.env['NET_TEST_COUNTS'];
		else process.env['NET_TEST_COUNTS'] = before;
		rmSync(folder, { recursive: true });
	}
});

test('are summed and printed', () => {
	assert.is(formatCounts(sumCounts([green, red])), '4 passed, 2 failed, 1 skipped');
	assert.is(formatCounts(sumCounts([])), '0 passed, 0 failed, 0 skipped');
});

test('sum up to no failure only where all ran and passed', () => {
	assert.equal(summarise(['a'], [green], 0).counts, { passed: 3, failed: 0, skipped: 1 });
	assert.is(summarise(['a', 'b'], [green, red], 1).counts.failed, 2);
});

test('tell at the end what failed', () => {
	const { lines } = summarise(['a', 'b'], [green, { ...red, failures: ['✘ b: it broke'] }], 1);
	assert.equal(lines, ['✘ b: it broke', '✔ a: 3 passed, 0 failed, 1 skipped', '✘ b: 1 passed, 2 failed, 0 skipped']);
});

test('count a run that left none, a failure that none shows, and a run of nothing as failures', () => {
	const missing = summarise(['a', 'b'], [green], 0);
	assert.is(missing.counts.failed, 1);
	assert.ok(missing.lines.includes('✘ b: its tests left no counts'));
	assert.is(summarise(['a'], [green], 1).counts.failed, 1);
	assert.is(summarise([], [], 0).counts.failed, 1);
});

test.run();
