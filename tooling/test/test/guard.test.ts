// net-test: limit 600 s
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCounts } from '../counts.mjs';
import { limitOf } from '../file-run.mjs';

const guard = fileURLToPath(new URL('../net-test.mjs', import.meta.url));
const cases = fileURLToPath(new URL('./cases/', import.meta.url));

interface Run {
	code: number | null;
	output: string;
	last: string | undefined;
}

function run(args: string[], env: NodeJS.ProcessEnv = {}): Run {
	const { status, stdout, stderr } = spawnSync(process.execPath, [guard, ...args], {
		cwd: cases,
		env: { ...process.env, ...env },
		encoding: 'utf8',
	});
	return { code: status, output: stdout + stderr, last: stdout.trimEnd().split('\n').at(-1) };
}

/** What must turn the guard red: the file, its counts, and what the output has to say. */
const red: [file: string, counts: string, says: RegExp][] = [
	['fails', '1 passed, 1 failed, 0 skipped', /is wrong/],
	['none', '0 passed, 1 failed, 0 skipped', /no test in this file/],
	['empty-suite', '0 passed, 1 failed, 0 skipped', /no test in this file/],
	['never-run', '1 passed, 1 failed, 0 skipped', /suite 'Forgotten' is never run/],
	['added-after-run', '1 passed, 1 failed, 0 skipped', /suite 'Late' is never run/],
	['throws-null', '1 passed, 1 failed, 0 skipped', /threw null, which is no Error/],
	['throws-unprintable', '1 passed, 1 failed, 0 skipped', /compares what JSON cannot hold/],
	['hook-before', '0 passed, 2 failed, 0 skipped', /a before hook of suite 'Hook' threw: from a hook/],
	['hook-before.each', '0 passed, 2 failed, 0 skipped', /a before\.each hook of suite 'Hook' threw/],
	['hook-after', '2 passed, 1 failed, 0 skipped', /an? after hook of suite 'Hook' threw/],
	['hook-after.each', '2 passed, 1 failed, 0 skipped', /an? after\.each hook of suite 'Hook' threw/],
	['leaks', '1 passed, 1 failed, 0 skipped', /leaked: .*open: .*TCPServerWrap/],
	[
		'never-settles',
		'0 passed, 1 failed, 0 skipped',
		/ended before its tests did, while 'Forever › waits for nothing' ran/,
	],
	[
		'hangs',
		'0 passed, 1 failed, 0 skipped',
		/not done after 5 s, while 'Hang › waits with a handle open' ran; open: .*Timeout/,
	],
	['blocks', '0 passed, 1 failed, 0 skipped', /killed after its limit of 2 s/],
	['exits', '0 passed, 2 failed, 0 skipped', /ended before its tests did, while 'Exit › leaves early/],
	['exit-code', '1 passed, 1 failed, 0 skipped', /exit code 3/],
	['rejects-late', '1 passed, 1 failed, 0 skipped', /nobody waits/],
	['does-not-load', '0 passed, 1 failed, 0 skipped', /while loading/],
	['only', '1 passed, 1 failed, 0 skipped', /runs \.only some/],
];

const test = suite('The guard');

for (const [file, counts, says] of red) {
	test(`is red on ${file}`, () => {
		const { code, output, last } = run([`${file}.ts`]);
		assert.is(last, counts, output);
		assert.match(output, says);
		assert.is(code, 1);
	});
}

test('is green where all passes', () => {
	const { code, output, last } = run(['passes.ts']);
	assert.is(last, '2 passed, 0 failed, 0 skipped');
	assert.match(output, /^✔ passes\.ts \(Node \d+\): 2 passed, \d+\.\d s$/m);
	assert.is(code, 0);
});

test('is red when one of several files is', () => {
	const { code, last } = run(['passes.ts', 'fails.ts', 'passes.ts']);
	assert.is(last, '3 passed, 1 failed, 0 skipped');
	assert.is(code, 1);
});

test('is red when no file matches', () => {
	for (const args of [['.'], []]) {
		const { code, output, last } = run(args);
		assert.match(output, /no test file in/);
		assert.is(last, '0 passed, 1 failed, 0 skipped');
		assert.is(code, 1);
	}
});

test('refuses arguments that are wrong, in one line', () => {
	const wrong: [args: string[], says: RegExp][] = [
		[['passes.ts', 'nowhere.ts'], /there is no nowhere\.ts/],
		[['--nonsense'], /Unknown option '--nonsense'/],
		[['--driver', 'nonsense', 'passes.ts'], /--driver nonsense: there are native, portable/],
		[['--node', '19', 'passes.ts'], /--node 19: there are current, /],
		[['--node', 'nonsense'], /--node nonsense: there are current, /],
	];
	for (const [args, says] of wrong) {
		const { code, output } = run(args);
		assert.match(output, says);
		assert.match(output, /^net-test: .*; --help says more\n$/);
		assert.is(code, 2);
	}
});

test('counts what is skipped and prints the reason', () => {
	const { code, output, last } = run(['skips.ts']);
	assert.is(last, '1 passed, 0 failed, 2 skipped');
	assert.match(output, /skipped: Skip › cannot run: no such thing here/);
	assert.match(output, /skipped: Skip › is put aside: suite\.skip, no reason given/);
	assert.is(code, 0);
});

test('runs on the Node and the driver that it is told to', () => {
	const major = process.version.split('.')[0];
	const { code, output } = run(['--driver', 'portable', 'driver.ts'], { EXPECTED: `portable ${major}` });
	assert.is(code, 0, output);
	const other = run(['--node', process.execPath, 'driver.ts'], { EXPECTED: `undefined ${major}`, NET_LOOP_DRIVER: '' });
	assert.is(other.code, 0, other.output);
});

test('skips a Node that is not there, and says so', () => {
	const { code, output, last } = run(['--node', '/nowhere/node', 'passes.ts']);
	assert.match(output, /this Node is not installed/);
	assert.is(last, '0 passed, 0 failed, 1 skipped');
	assert.is(code, 0);
});

test('leaves its counts for the root, and what failed', () => {
	const folder = mkdtempSync(join(tmpdir(), 'net-test-counts-'));
	try {
		run(['skips.ts', 'fails.ts'], { NET_TEST_COUNTS: folder });
		const [counts] = readCounts(folder);
		const { failures = [], ...rest } = counts ?? {};
		assert.equal({ ...rest, name: '' }, { name: '', passed: 2, failed: 1, skipped: 2 });
		assert.is(failures.length, 1);
		assert.match(failures[0] ?? '', /^✘ .*fails\.ts/);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('bounds the time that a file asks for', () => {
	assert.is(limitOf('import x'), 60);
	assert.is(limitOf('// net-test: limit 120 s\n'), 120);
	assert.is(limitOf('// net-test: limit 100000 s\n'), 600);
	assert.is(limitOf('// net-test: limit 0 s\n'), 1);
});

test.run();
