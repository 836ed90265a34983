/** The driver contract: sockets that other processes hold, too, and a kernel that refuses (rules 6, 7, 8). */
import { skip } from '@tooling/test';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Handle, Listener } from '@net/loop';
import { Recorded, RecordedListener, connectedPair, driver } from './support/handles.ts';
import { onLinux } from './support/machine.ts';
import { runProgram } from './support/program.ts';
import { within } from './support/waiter.ts';

const kernel = suite(`driver ${driver.name}: kernel`);

/** Starts programs one after another when it is told to, then ends: some time in which this process has nothing to do. */
const CHILD = `
process.stdout.write('ready');
process.stdin.once('data', () => {
	const { spawnSync } = require('node:child_process');
	for (let i = 0; i < 3; i++) spawnSync(process.execPath, ['-e', '']);
	process.exit();
});`;

/** Events of the child, of our own connections and of the test's report, each of which may be a turn. */
const MOST_TURNS = 1000;
/** Of the time: a loop that rests is at work for a few hundredths of it, one that never does nearly all of it. */
const MOST_WORK = 0.5;

/** The driver's, or what the host keeps to itself: there is no public way to it. */
function descriptorOf({ fd, host }: Handle | Listener): number {
	const inner: unknown = typeof host === 'object' && host !== null ? Reflect.get(host, '_handle') : undefined;
	const hosts: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'fd') : undefined;
	const found = fd < 0 && typeof hosts === 'number' ? hosts : fd;
	if (found < 0) skip('the host tells no descriptors');
	return found;
}

/** A process that holds a descriptor of ours, and runs. */
async function holder(fd: number): Promise<ChildProcess> {
	const child = spawn(process.execPath, ['-e', CHILD], { stdio: ['pipe', 'pipe', 'inherit', fd] });
	await within(new Promise((resolve) => child.stdout?.once('data', resolve)), 'the child to be ready');
	return child;
}

/**
 * Fails when the loop never rests until the child ends, having next to nothing to do meanwhile: it turns thousands of times, and
 * works all the time. Neither by itself would tell: a wake-up that is the host's own business may come hundreds of times in a
 * moment, and where a signal interrupts its waiting the host counts that as work. And the processor's time is what the machine's
 * other work leaves.
 */
async function restsUntilEnd(child: ChildProcess): Promise<void> {
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.stdin?.write('go');
	const before = { ...performance.eventLoopUtilization(), turns: performance.nodeTiming.uvMetricsInfo.loopCount };
	await within(ended, 'the child to end');
	const { utilization: work } = performance.eventLoopUtilization(before);
	const turns = performance.nodeTiming.uvMetricsInfo.loopCount - before.turns;
	assert.ok(
		turns < MOST_TURNS || work < MOST_WORK,
		`the loop does not rest: ${turns} turns, at work for ${work} of the time`,
	);
}

kernel('a connection that is closed costs nothing although another process holds it', async () => {
	const { client, peer, gone } = await connectedPair();
	const child = await holder(descriptorOf(peer.handle));
	try {
		await peer.gone();
		// There is something to read, and nobody who does.
		client.handle.write('is anybody there?');
		await client.until('written');
		await restsUntilEnd(child);
	} finally {
		child.kill('SIGKILL');
	}
	await gone();
});

kernel('a listener that is closed costs nothing although another process holds it', async () => {
	const server = await new RecordedListener().onTcp();
	const { port } = server;
	const child = await holder(descriptorOf(server.listener));
	const client = new Recorded();
	try {
		await server.gone();
		driver.connectTcp(client.handle, '127.0.0.1', port);
		assert.is(await client.until('connect'), 0, 'the other process still listens');
		await restsUntilEnd(child);
	} finally {
		child.kill('SIGKILL');
	}
	await client.gone();
});

for (const [what, said] of [
	['accept', 'blocking\naccepted\n'],
	['send', 'blocking\nsent a part\n'],
] as const) {
	kernel(`${what} does not block although a child made the socket blocking`, async () => {
		if (!onLinux) skip('looks into /proc');
		const { code, stdout, stderr } = await runProgram('shared-descriptor', [what]);
		assert.is(stderr, '');
		assert.is(stdout, said);
		assert.is(code, 0);
	});
}

const run = promisify(execFile);

for (const [what, said] of [
	['connect', 'connect ENOSPC'],
	['resume', 'error ENOSPC'],
	['write', 'written ENOSPC 0'],
	['listen', 'listen ENOSPC\nclose'],
] as const) {
	kernel(`${what} without a place in epoll is told, and the process ends`, async () => {
		if (driver.name === 'portable') skip('the host talks to the kernel itself, and libuv aborts here');
		const program = fileURLToPath(new URL('./programs/no-places-in-epoll.mjs', import.meta.url));
		const trace = async (options: string[], more: string[]): Promise<{ stdout: string; stderr: string }> => {
			// Without -f: the loop is on the main thread, and only its calls are counted.
			const all = ['-e', 'trace=epoll_ctl,write', ...options, process.execPath, program, what, ...more];
			// A process that does not end is the failure that this looks for.
			return run('strace', all, { timeout: 10_000, killSignal: 'SIGKILL' });
		};
		let calls: string[];
		try {
			calls = (await trace([], ['count'])).stderr.split('\n');
		} catch (error) {
			skip(`no strace here: ${error instanceof Error ? error.message.split('\n', 1)[0] : ''}`);
		}
		const before = calls.slice(
			0,
			calls.findIndex((call) => call.includes('MARK')),
		);
		const first = before.filter((call) => call.startsWith('epoll_ctl')).length + 1;
		const { stdout } = await trace(['-e', `inject=epoll_ctl:error=ENOSPC:when=${first}`], []);
		assert.is(stdout, `MARK\n${said}\n`);
	});
}

kernel.run();
