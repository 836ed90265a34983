/** Worker threads: each has a loop of its own, and nothing is left of it when it ends. */
import { skip } from '@tooling/test';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connected, connectedPair, driver } from './support/handles.ts';
import { onLinux, openSockets } from './support/machine.ts';
import { runProgram } from './support/program.ts';
import { turnOfTheLoop, within } from './support/waiter.ts';

const workers = suite(`driver ${driver.name}: workers`);

const CONNECTIONS = 20;

/** Starts a worker whose connections are all open when this returns. */
async function start(ending: string): Promise<{ worker: Worker; port: number; ended: Promise<unknown> }> {
	const worker = new Worker(new URL('./programs/worker.mjs', import.meta.url), {
		workerData: { connections: CONNECTIONS, ending },
		// The programs are plain JavaScript; the test's own loader is not for them.
		execArgv: [],
	});
	const errors: unknown[] = [];
	const ended = new Promise((resolve) => {
		worker.on('error', (error) => errors.push(error instanceof Error ? error.message : error));
		worker.on('exit', (code) => resolve([code, ...errors]));
	});
	const port = await within(
		new Promise<number>((resolve, reject) => {
			worker.on('message', resolve);
			worker.on('exit', () => reject(new Error(`ended too early: ${errors}`)));
		}),
		'the worker',
	);
	return { worker, port, ended };
}

workers('a worker serves the main thread, which serves itself meanwhile', async () => {
	const { worker, port, ended } = await start('wait');
	const here = await connectedPair();
	const client = await connected(port);
	client.handle.write('to the worker');
	here.client.handle.write('to myself');
	await client.until('data');
	await here.peer.until('data');
	assert.is(client.text, 'to the worker');
	assert.is(here.peer.text, 'to myself');
	await worker.terminate();
	await ended;
	await client.when(() => client.count('end') + client.count('error') === 1, 'the end of the worker');
	here.peer.handle.write('still here');
	await here.client.until('data');
	await client.gone();
	await here.gone();
});

for (const [ending, expected] of [
	['wait', [1]],
	['busy', [1]],
	['exit', [0]],
	['exception', [1, 'on purpose']],
] as const) {
	workers(`no descriptor is left of a worker (${ending})`, async () => {
		if (!onLinux) skip('looks into /proc');
		// The first worker opens what all share.
		const first = await start('wait');
		await first.worker.terminate();
		await first.ended;
		await turnOfTheLoop();
		const before = openSockets().length;
		for (let i = 0; i < 3; i++) {
			const { worker, ended } = await start(ending);
			if (ending === 'wait' || ending === 'busy') await worker.terminate();
			assert.equal(await within(ended, 'the worker to end'), expected);
		}
		await turnOfTheLoop();
		assert.ok(openSockets().length <= before, `${openSockets().length} sockets open, ${before} before`);
	});
}

workers('no memory of the addon is left of a worker', async () => {
	if (driver.name !== 'native') skip('it is the addon that allocates');
	const library = spawnSync('gcc', ['-print-file-name=liblsan.so'], { encoding: 'utf8' }).stdout?.trim() ?? '';
	if (!existsSync(library)) skip('LeakSanitizer comes with gcc');
	const { stdout, stderr } = await runProgram('worker-that-ends', [], [], {
		LD_PRELOAD: library,
		// The quick way up the stack needs frame pointers; the other one is not to go further than needed.
		LSAN_OPTIONS: 'fast_unwind_on_malloc=0:malloc_context_size=4',
	});
	// Where a process may not look into another, as in some containers.
	if (stderr.includes('LeakSanitizer has encountered a fatal error')) skip('LeakSanitizer cannot run here');
	assert.is(stdout, 'ended\n', stderr);
	// What is left by Node itself, or by napi-rs while the addon loads, is not ours.
	const ours = /net-loop[^/]*\.node/;
	const leaks = stderr.split('\n\n').filter((leak) => ours.test(leak) && !leak.includes('napi_register_module'));
	assert.equal(leaks, []);
});

workers('several workers at once', async () => {
	const all = await Promise.all(['wait', 'busy', 'wait', 'busy'].map(start));
	for (const { port } of all) {
		const client = await connected(port);
		client.handle.write('hello');
		await client.when(() => client.text === 'hello', 'the answer of the worker');
		await client.gone();
	}
	await Promise.all(all.map(({ worker }) => worker.terminate()));
	assert.equal(await Promise.all(all.map(({ ended }) => ended)), [[1], [1], [1], [1]]);
});

workers.run();
