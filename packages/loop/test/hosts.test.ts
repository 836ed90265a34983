/** The portable driver on hosts that are not Node: what keeps a process, what leaves at its end, which driver is chosen. */
import { hostCommand } from '@tooling/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from './support/program.ts';
import { programFile, runFile } from './support/program.ts';
import { within } from './support/waiter.ts';

const hosts = suite('hosts');

/** What Deno compiled, for the time of this file. */
const cache = mkdtempSync(join(tmpdir(), 'net-loop-'));
hosts.after(() => rmSync(cache, { recursive: true, force: true }));

function run(
	host: 'Bun' | 'Deno',
	program: string,
	parameters: (string | number)[] = [],
	environment: Record<string, string | undefined> = {},
): Promise<Outcome> {
	const nothingForced = { NET_LOOP_DRIVER: undefined, NODE_OPTIONS: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' };
	const all = { ...nothingForced, DENO_DIR: cache, DENO_NO_UPDATE_CHECK: '1', ...environment };
	return runFile(hostCommand(host), programFile(program), parameters, [], all);
}

const ENDED = 0;
const STAYED = 7;

for (const host of ['Bun', 'Deno'] as const) {
	hosts(`${host}: the portable driver is chosen, and one line of debugging says why`, async () => {
		const { stdout, stderr } = await run(host, 'which-driver', [], { NODE_DEBUG: 'net_loop' });
		assert.is(stdout, 'portable true\n');
		assert.match(stderr, /^NET_LOOP \d+: driver portable; native: this is not Node\n$/);
	});

	hosts(`${host}: the native driver cannot be forced`, async () => {
		const { stdout } = await run(host, 'which-driver', [], { NET_LOOP_DRIVER: 'native' });
		assert.is(stdout, 'NET_LOOP_DRIVER=native: this is not Node\n');
	});

	for (const [what, expected] of [
		['a listener', STAYED],
		['an unreferenced listener', ENDED],
		['a listener unreferenced before it listens', ENDED],
		['a handle that reads', STAYED],
		['two handles that do not read', ENDED],
		['a handle unreferenced before it connects', ENDED],
		['a handle referenced again while it connects', STAYED],
		['a write that the peer does not take', STAYED],
		['a half-close on a connect that fails', ENDED],
	] as const) {
		hosts(`${host}: ${expected === STAYED ? 'kept alive' : 'not kept alive'} by ${what}`, async () => {
			const { code, stderr } = await run(host, 'references', [what]);
			assert.is(code, expected, stderr);
		});
	}

	for (const [way, expected] of [
		['exit', 3],
		['exit with a half-close', 3],
		['write in the exit hook', 3],
		['an uncaught exception', 1],
	] as const) {
		hosts(`${host}: what was written before the end by ${way} arrives`, async () => {
			let received = '';
			const server = createServer((socket) => socket.on('data', (chunk) => (received += chunk)).on('error', () => {}));
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			const closed = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
			try {
				const address = server.address();
				const port = typeof address === 'object' && address !== null ? address.port : 0;
				const outcome = await run(host, 'last-words', [port, way]);
				assert.is(outcome.code, expected, outcome.stderr);
				await within(closed, 'the connection to end');
				assert.is(received, 'goodbye '.repeat(1000));
			} finally {
				server.close();
			}
		});
	}
}

hosts.run();
