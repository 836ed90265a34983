// The whole way with short windows; how fast anything is, is not looked at.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const test = suite('run');
const program = join(import.meta.dirname, '..', 'run.mjs');
const hasCompiler = spawnSync(process.env['CC'] || 'cc', ['--version']).error === undefined;
const check: typeof test | typeof test.skip = hasCompiler && process.platform === 'linux' ? test : test.skip;

let directory = '';
test.before(() => {
	directory = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
test.after(() => rmSync(directory, { recursive: true, force: true }));

/** Its temporary files go to our directory, so that we can see whether it leaves any. */
function start(words: string[], environment: Record<string, string> = {}): ChildProcessWithoutNullStreams {
	return spawn(process.execPath, [program, ...words], { env: { ...process.env, TMPDIR: directory, ...environment } });
}

async function finish(child: ChildProcessWithoutNullStreams) {
	let stdout = '';
	let stderr = '';
	child.stdout.on('data', (text) => (stdout += text));
	child.stderr.on('data', (text) => (stderr += text));
	await once(child, 'close');
	return { code: child.exitCode, stdout, stderr };
}

/** Processes whose command line names the directory: servers on its Unix sockets, and their loads. */
function leftBehind(): string[] {
	return readdirSync('/proc').filter((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(directory);
		} catch {
			return false;
		}
	});
}

check('echo measures the contenders and writes table and JSON', async () => {
	const file = join(directory, 'echo.json');
	const words = ['echo', '--contenders', 'net', '--rounds', '2', '--seconds', '0.1', '--unix', '--json', file];
	const { code, stdout, stderr } = await finish(start(words));
	assert.is(code, 0, stderr);
	assert.match(stdout, /\| C, epoll +\| +[\d.]+ \| 1\.00 \(1\.00–1\.00\)/);
	assert.match(stdout, /\| node:net, Node /);
	const { figures, machine } = JSON.parse(readFileSync(file, 'utf8'));
	assert.ok(machine.cpu !== '' && machine.compiler !== '');
	assert.equal(
		figures.echo.contenders.map(({ name }: { name: string }) => name),
		['c', 'net'],
	);
	for (const { rounds, cpu, overBase } of figures.echo.contenders) {
		assert.is(rounds.length, 2);
		assert.ok(cpu.median > 100 && cpu.median < 1e6 && overBase.median > 0);
	}
	rmSync(file);
	assert.equal([leftBehind(), readdirSync(directory)], [[], []]);
});

check('file and connections say that all came back', async () => {
	const words = ['file', 'connections', '--contenders', 'c', '--megabytes', '10', '--connections', '200'];
	const { code, stdout, stderr } = await finish(start([...words, '--rounds', '2']));
	assert.is(code, 0, stdout + stderr);
	assert.match(stdout, /\| C, epoll \| +equal \|.*\| +flat \|/);
	assert.match(stdout, /\| +6 \| +206 \| +6 \|/);
});

check('Ctrl-C ends it and all that it started', async () => {
	const child = start(['echo', '--contenders', 'net', '--seconds', '30', '--unix']);
	const ending = finish(child);
	let progress = '';
	for await (const text of child.stderr) {
		progress += text;
		if (!progress.includes('net: ready')) continue;
		assert.ok(leftBehind().length >= 2, 'servers run');
		child.kill('SIGINT');
		break;
	}
	await ending;
	assert.is(child.exitCode, 130);
	assert.equal([leftBehind(), readdirSync(directory)], [[], []]);
});

check('wrong words and a missing compiler are one line and exit code 1', async () => {
	const wrong = await finish(start(['ecko']));
	assert.equal(
		[wrong.code, wrong.stderr],
		[1, 'bench: no case is called ecko; there are echo, file, connections, blocklist\n'],
	);
	const copy = join(directory, 'bench');
	spawnSync('cp', ['-r', join(program, '..'), copy]);
	rmSync(join(copy, 'build'), { recursive: true, force: true });
	const child = spawn(process.execPath, [join(copy, 'run.mjs'), 'echo'], {
		env: { ...process.env, CC: '/no/such/cc' },
	});
	const { code, stderr } = await finish(child);
	rmSync(copy, { recursive: true });
	assert.match(stderr, /^bench: the load generator is C and there is no C compiler \(\/no\/such\/cc\)[^\n]*\n$/);
	assert.is(code, 1);
});

test.run();
