// net-test: limit 240 s
// Each server does what its mode says: the load generators compare every byte.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawnSync } from 'node:child_process';
import { ask, contenders, everybody, startServer } from '../contenders.mjs';
import type { Mode } from '../contenders.mjs';
import { letWork, putLoad, reasonOf, stopServer } from '../load.mjs';

const test = suite('servers');
const hasCompiler = spawnSync(process.env['CC'] || 'cc', ['--version']).error === undefined;
const check: typeof test | typeof test.skip = hasCompiler && process.platform === 'linux' ? test : test.skip;

const few = ['--connections', '3', '--messages', '60', '--limit', '30'];
/** More than the kernel's buffers take, so that something waits. */
const stream = ['--megabytes', '12', '--limit', '30'];

const loads: [Mode, (server: Awaited<ReturnType<typeof startServer>>) => Promise<unknown>][] = [
	['echo', (server) => putLoad('connect-load', server, undefined, few)],
	['burst', (server) => putLoad('echo-load', server, undefined, [...few, '--size', '32', '--copies', '16'])],
	['pipe', (server) => putLoad('stream-load', server, undefined, [...stream, '--stall', '50'])],
	['sink', (server) => putLoad('stream-load', server, undefined, [...stream, '--as', 'sink'])],
	['source:65536', (server) => putLoad('stream-load', server, undefined, [...stream, '--as', 'source'])],
	[
		'source:1048576',
		(server) => putLoad('stream-load', server, undefined, [...stream, '--as', 'source', '--chunk', '1048576']),
	],
	['forward', (server) => putLoad('stream-load', server, undefined, [...stream, '--as', 'forward'])],
];

/** Those on Node 26 are the same programs. */
for (const contender of contenders.filter(({ name }) => everybody.includes(name) && !name.endsWith('-26'))) {
	check(`${contender.title}: every mode that it has`, async () => {
		for (const [mode, load] of loads) {
			if (!contender.modes.includes(mode.split(':')[0] ?? '')) continue;
			let server;
			try {
				server = await startServer(contender, { mode, core: undefined });
			} catch (error) {
				// Not installed, or no such loop here: the bench leaves it out and says so.
				assert.match(reasonOf(error), /not installed|NET_LOOP_DRIVER|does not compile/);
				return;
			}
			try {
				await load(server);
			} catch (error) {
				assert.unreachable(`${mode}: ${reasonOf(error)}`);
			} finally {
				await stopServer(server);
			}
		}
	});
}

check('where nothing carries http, each of 50 connections answers in each turn', async () => {
	const memory = contenders.find(({ name }) => name === 'memory');
	if (memory === undefined) throw new Error('memory is a contender');
	const server = await startServer(memory, { mode: 'http', core: undefined });
	try {
		const { units, cpu } = await letWork(server, 0.05);
		assert.ok(units >= 50 && units % 50 === 0 && cpu > 0, `${units} requests, ${cpu} ns`);
		const { answered } = await ask(server, 'count');
		assert.is(answered, units + 50, 'and once before they were counted');
	} finally {
		await stopServer(server);
	}
});

check('a mode that a contender has not is refused before anything starts', async () => {
	const handles = contenders.find(({ name }) => name === 'handles');
	if (handles === undefined) throw new Error('handles are a contender');
	try {
		await startServer(handles, { mode: 'http', core: undefined });
		assert.unreachable();
	} catch (error) {
		assert.is(reasonOf(error), 'it has no server for http');
	}
});

test.run();
