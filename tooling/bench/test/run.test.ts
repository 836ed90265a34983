// net-test: limit 150 s
// The whole way with short windows; how fast anything is, is not looked at.
import { skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

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
function started(): string[] {
	return readdirSync('/proc').filter((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(directory);
		} catch {
			return false;
		}
	});
}

/** What is there after the end. One that was killed goes when the kernel has a processor for it, so it is given a while. */
async function leftBehind(): Promise<string[]> {
	const end = Date.now() + 5000;
	while (started().length > 0 && Date.now() < end) await nextTurn();
	return [...started(), ...readdirSync(directory)];
}

check('echo measures the contenders and writes table and JSON', async () => {
	const file = join(directory, 'echo.json');
	const words = ['echo', '--contenders', 'net', '--rounds', '2', '--seconds', '0.1', '--unix', '--json', file];
	const { code, stdout, stderr } = await finish(start(words));
	assert.is(code, 0, stderr);
	assert.match(stdout, /\| C, epoll +\| +[\d.]+ \| +1\.00 \(1\.00–1\.00\)/);
	assert.match(stdout, /\| node:net, Node /);
	const { figures, machine } = JSON.parse(readFileSync(file, 'utf8'));
	assert.ok(machine.cpu !== '' && machine.compiler !== '');
	assert.equal(
		figures.echo.contenders.map(({ name }: { name: string }) => name),
		['c', 'net'],
	);
	for (const { rounds, cpu, overFloor } of figures.echo.contenders) {
		assert.is(rounds.length, 2);
		assert.ok(cpu.median > 100 && cpu.median < 1e6 && overFloor.median > 0);
	}
	rmSync(file);
	assert.equal(await leftBehind(), []);
});

check('file and connections say that all came back', async () => {
	const words = ['file', 'connections', '--contenders', 'c', '--megabytes', '10', '--connections', '200'];
	const { code, stdout, stderr } = await finish(start([...words, '--rounds', '2']));
	assert.is(code, 0, stdout + stderr);
	assert.match(stdout, /\| C, epoll \| +equal \|.*\| +flat \|/);
	// How many are open before is the surroundings' affair: a server inherits what its ancestors left open.
	const [, before, open, gone] = /\| +(\d+) \| +(\d+) \| +(\d+) \| +[\d.]+ \|$/m.exec(stdout) ?? [];
	assert.equal([Number(open) - Number(before), gone], [200, before], stdout);
});

check('cases of every other kind measure, and draw a chart', async () => {
	const charts = join(directory, 'charts');
	const names = ['latency', 'accept', 'receive', 'http', 'first', 'values'];
	const words = [...names, '--contenders', 'portable', '--rounds', '1', '--seconds', '0.1', '--megabytes', '5'];
	const more = ['--connections', '3', '--rate', '500', '--charts', charts];
	const { code, stdout, stderr } = await finish(start([...words, ...more]));
	assert.is(code, 0, stdout + stderr);
	for (const name of names) assert.ok(stdout.includes(`\n${name}`), `${name} has a table`);
	assert.ok(stderr.includes(`6/${names.length} values`), 'progress says how far it is');
	const drawn = readdirSync(charts);
	// Without wrk there is no load for http.
	for (const name of names.filter((name) => name !== 'http')) assert.ok(drawn.includes(`${name}.svg`), name);
	rmSync(charts, { recursive: true });
	assert.equal(await leftBehind(), []);
});

interface ProgramFigures {
	name: string;
	about: { resources?: string[] };
	rounds: { units: number }[];
}

/** A case of unmodified programs, one short window of each. */
async function measurePrograms(words: string[]): Promise<ProgramFigures[]> {
	const few = ['--contenders', 'net,streams', '--rounds', '1', '--seconds', '0.1', '--json', '-'];
	const { code, stdout, stderr } = await finish(start([...words, ...few]));
	assert.is(code, 0, stderr);
	assert.equal(await leftBehind(), []);
	const { contenders }: { contenders: ProgramFigures[] } = JSON.parse(stdout).figures[words[0] ?? ''];
	assert.equal(
		contenders.map(({ name }) => name),
		['net', 'streams'],
		stderr,
	);
	return contenders;
}

check('redis measures an unmodified client, with and without register', async () => {
	if (spawnSync('redis-server', ['--version']).error !== undefined) skip('redis-server is not installed');
	for (const place of [[], ['--unix']]) {
		for (const { name, rounds } of await measurePrograms(['redis', ...place])) {
			assert.ok((rounds[0]?.units ?? 0) >= 100, name);
		}
	}
});

check('fastify measures an unmodified server, which listens on our sockets behind register', async () => {
	if (spawnSync('wrk', ['--version']).error !== undefined) skip('wrk is not installed');
	for (const { name, about, rounds } of await measurePrograms(['fastify', '--connections', '3'])) {
		assert.ok((rounds[0]?.units ?? 0) > 0, name);
		assert.is(about.resources?.includes('TCPServerWrap'), name === 'net', name);
	}
});

check('Ctrl-C ends it and all that it started', async () => {
	const child = start(['echo', '--contenders', 'net', '--seconds', '30', '--unix']);
	let progress = '';
	let running = 0;
	// It is read to its end: who stops reading breaks the pipe into which it still writes.
	child.stderr.on('data', (text) => {
		progress += text;
		if (running > 0 || !progress.includes('net: ready')) return;
		running = started().length;
		child.kill('SIGINT');
	});
	const { code, stderr } = await finish(child);
	assert.ok(running >= 2, `${running} servers ran`);
	assert.is(code, 130, stderr);
	assert.equal(await leftBehind(), []);
});

check('a run of nothing is no success', async () => {
	const { code, stdout, stderr } = await finish(start(['redis', '--contenders', 'c']));
	assert.match(stdout, /^left out: c: it has no server for redis$/m);
	assert.match(stderr, /^bench: nothing was measured$/m);
	assert.is(code, 1);
});

check('wrong words are one line and exit code 2, a missing compiler 1', async () => {
	const wrong = await finish(start(['ecko']));
	assert.is(wrong.code, 2);
	assert.match(
		wrong.stderr,
		/^bench: no case is called ecko; there are echo, echo-5, .*, blocklist; --help says more\n$/,
	);
	const copy = join(directory, 'bench');
	spawnSync('cp', ['-r', join(program, '..'), copy]);
	rmSync(join(copy, 'build'), { recursive: true, force: true });
	// Its links lead nowhere from there.
	rmSync(join(copy, 'node_modules'), { recursive: true });
	symlinkSync(join(program, '..', 'node_modules'), join(copy, 'node_modules'));
	const child = spawn(process.execPath, [join(copy, 'run.mjs'), 'echo'], {
		env: { ...process.env, CC: '/no/such/cc' },
	});
	const { code, stderr } = await finish(child);
	rmSync(copy, { recursive: true });
	assert.match(stderr, /^bench: the load generator is C and there is no C compiler \(\/no\/such\/cc\)[^\n]*\n$/);
	assert.is(code, 1);
});

test.run();
