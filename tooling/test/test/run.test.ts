// net-test: limit 300 s
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const script = fileURLToPath(new URL('../../run.mjs', import.meta.url));

const test = suite('The tasks of the root');

test('are listed, and an unknown one is told from them', () => {
	const help = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
	assert.is(help.status, 0);
	for (const name of [
		'start',
		'test',
		'ready',
		'build',
		'pack',
		'release',
		'bench',
		'conformance',
		'format',
		'changeset',
	]) {
		assert.match(help.stdout, new RegExp(`^npm (?:run )?${name}\\b`, 'm'));
	}
	const unknown = spawnSync(process.execPath, [script, 'strat'], { encoding: 'utf8' });
	assert.is(unknown.status, 2);
	assert.is(unknown.stderr, "tooling/run.mjs: no task 'strat'; --help says more\n");
});

test('say which packages there are when one is not', () => {
	const { status, stderr } = spawnSync(process.execPath, [script, 'test', 'sokcet'], { encoding: 'utf8' });
	assert.is(status, 2);
	assert.match(stderr, /^test: no package 'sokcet' with tests; there are: .*\bsocket\b.*; --help says more\n$/);
});

test('refuse arguments that they do not take, and hand on those that they do', () => {
	const wrong: [args: string[], says: RegExp][] = [
		[['build', '--nonsense'], /^build: takes no arguments, not '--nonsense'; --help says more\n$/],
		[['docs', '--nonsense'], /^docs: Unknown option '--nonsense'; --help says more\n$/],
	];
	for (const [args, says] of wrong) {
		const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
		assert.match(stderr, says);
		assert.is(status, 2);
	}
	assert.is(spawnSync(process.execPath, [script, 'build', '--help']).status, 0);
});

test('start builds, serves, and ends on a signal', async () => {
	const start = spawn(process.execPath, [script, 'start'], {
		env: { ...process.env, PORT: '0' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	for await (const text of start.stdout.setEncoding('utf8')) {
		output += String(text);
		if (/nc 127\.0\.0\.1 \d+/.test(output)) start.kill('SIGINT');
	}
	const [code] = start.exitCode === null ? await once(start, 'exit') : [start.exitCode];
	assert.is(code, 0, output);
	assert.match(output, /server bound: 127\.0\.0\.1:\d+, driver: (?:native|portable)\n/);
	assert.match(output, /server closed: 0 connections/);
});

test('start ends the server when npm is gone', async () => {
	// As npm does it: a shell in between, which hands no signal on.
	const shell = spawn('sh', ['-c', `'${process.execPath}' '${script}' start; true`], {
		env: { ...process.env, PORT: '0' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	for await (const text of shell.stdout.setEncoding('utf8')) {
		output += String(text);
		if (/nc 127\.0\.0\.1 \d+/.test(output)) shell.kill('SIGTERM');
	}
	assert.match(output, /server closed: 0 connections/);
});

test.run();
