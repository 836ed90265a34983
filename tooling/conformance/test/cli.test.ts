// net-test: limit 120 s
/** The command line: what it prints and its exit codes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('run.mjs');
const program = fileURLToPath(new URL('../run.mjs', import.meta.url));

function start(...values: string[]): { status: number | null; stdout: string; stderr: string } {
	const env = { ...process.env };
	// Its counts are no result of this test run.
	delete env['NET_TEST_COUNTS'];
	return spawnSync(process.execPath, [program, ...values], { encoding: 'utf8', env });
}

test('--help prints the usage', () => {
	const { status, stdout } = start('--help');
	assert.is(status, 0);
	assert.match(stdout, '--driver');
});

test('--list prints names, --filter chooses', () => {
	const { status, stdout } = start('--list', '--filter', 'isip/');
	assert.is(status, 0);
	assert.ok(stdout.split('\n').filter((line) => line.startsWith('isip/')).length >= 4);
});

test('wrong arguments are told and end with 2', () => {
	for (const values of [
		['--node', '21'],
		['--driver', 'x'],
		['--nonsense'],
		['--repeat', '0'],
		['--filter', 'no such'],
		['--node', 'bun', '--driver', 'native'],
		['random', '--nonsense'],
		['random', '--node', '19'],
		['random', '--sequences', '0'],
	]) {
		const { status, stdout, stderr } = start(...values);
		assert.is(status, 2, values.join(' '));
		assert.match(stderr, /^conformance: .*; --help says more\n$/);
		assert.is(stdout, '');
	}
});

test('a run ends with the counts', () => {
	const { status, stdout } = start('--filter', 'isip/', '--driver', 'host', '--node', '26');
	assert.is(status, 0, stdout);
	assert.match(stdout, /\n\d+ passed, 0 failed, 0 skipped\n$/);
});

test('a difference ends with 1 and is shown', () => {
	// Node 20 has no BoundSocket.
	const { status, stdout } = start('--filter', 'bound-socket/its members', '--versions', '--node', '20');
	assert.is(status, 1);
	assert.match(stdout, "- address: 'function', false");
	assert.match(stdout, /\n0 passed, 1 failed, 0 skipped\n$/);
});

test.run();
