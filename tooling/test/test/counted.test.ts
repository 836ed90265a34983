import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCounts } from '../counts.mjs';

const script = fileURLToPath(new URL('../counted.mjs', import.meta.url));

/** Runs a program under `counted`; answers with its exit code and the counts that it left. */
function counted(program: string): [code: number | null, passed: number, failed: number, skipped: number] {
	const folder = mkdtempSync(join(tmpdir(), 'net-counted-'));
	try {
		const { status } = spawnSync(process.execPath, [script, 'a name', process.execPath, '-e', program], {
			env: { ...process.env, NET_TEST_COUNTS: folder },
		});
		const [found] = readCounts(folder);
		assert.is(found?.name, 'a name');
		return [status, found?.passed ?? -1, found?.failed ?? -1, found?.skipped ?? -1];
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const test = suite('counted');

test('takes the counts from the last line', () => {
	const lines = "console.log('1 passed, 9 failed, 9 skipped'); console.log('12 passed, 0 failed, 3 skipped\\n')";
	assert.equal(counted(lines), [0, 12, 0, 3]);
	assert.equal(counted("console.log('2 passed, 1 failed, 0 skipped'); process.exitCode = 1"), [1, 2, 1, 0]);
});

test('takes no exit code and no silence for an answer', () => {
	assert.equal(counted("console.log('2 passed, 1 failed, 0 skipped')"), [1, 2, 1, 0]);
	assert.equal(counted("console.log('2 passed, 0 failed, 0 skipped'); process.exitCode = 7"), [1, 2, 1, 0]);
	assert.equal(counted("console.log('0 passed, 0 failed, 0 skipped')"), [1, 0, 1, 0]);
	assert.equal(counted("console.log('2 passed, 0 failed, 0 skipped'); console.log('and then?')"), [1, 0, 1, 0]);
	assert.equal(counted(''), [1, 0, 1, 0]);
	assert.equal(counted("process.kill(process.pid, 'SIGKILL')"), [1, 0, 1, 0]);
});

test.run();
