/** Programs that run without a changed line under `@net/node/register`, and see what they see on Node as it is. */
// net-test: limit 120 s
import { startCommand } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { isPortable, run } from './support/registered.ts';

const programs = suite('register: programs');

/** What a program of test/programs/register prints: what it saw, and how many sockets were whose. */
interface Report {
	trace: string[];
	sockets: { ours: number; nodes: number };
}

async function reportOf(name: string, how: 'import' | 'require' | 'plain'): Promise<Report> {
	const { stdout } = await run(name, how);
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** Programs, how many of their sockets are ours, and how many stay Node's. */
const all: [name: string, what: string, ours: number, nodes: number][] = [
	['http.mjs', 'http: agents, bodies, upgrades, errors, limits', 38, 0],
	['limits.mjs', 'http: timeouts of servers, requests, responses, agents', 20, 0],
	['subclasses.cjs', 'classes over those of net and http', 12, 0],
	['libraries.mjs', 'what widely used packages do with sockets', 12, 0],
	['block-list.mjs', 'block lists, dgram’s as well', 0, 0],
	['cluster.mjs', 'a cluster: both policies, and sockets for workers', 42, 2],
	['sending.mjs', 'sockets and servers that go to a child', 7, 0],
	['processes.mjs', 'children, their pipes, the console', 2, 0],
];

for (const [name, what, ours, nodes] of all) {
	programs(what, async () => {
		const [plain, registered] = [await reportOf(name, 'plain'), await reportOf(name, 'import')];
		assert.equal(registered.trace, plain.trace);
		assert.is(plain.sockets.ours, 0);
		assert.equal(registered.sockets, isPortable ? plain.sockets : { ours, nodes });
	});
}

programs('TLS: its own connections are of Node’s make, what it is given is ours', async () => {
	const [plain, registered] = [await reportOf('tls.mjs', 'plain'), await reportOf('tls.mjs', 'require')];
	assert.equal(registered.trace, plain.trace);
	const { ours, nodes } = registered.sockets;
	assert.is(ours, isPortable ? 0 : 14);
	assert.is(ours + nodes, plain.sockets.nodes);
});

programs('worker threads have it as well', async () => {
	const [plain, registered] = [await run('threads.mjs', 'plain'), await run('threads.mjs', 'import')];
	assert.equal(JSON.parse(registered.stdout.trim().split('\n').at(-1) ?? '').sockets.ours, isPortable ? 0 : 3);
	assert.is(plain.stderr, 'false\n');
	assert.is(registered.stderr, `${!isPortable}\n`);
});

programs('a terminal stays Node’s', async () => {
	const program = new URL('./programs/register/terminal.cjs', import.meta.url).pathname;
	const register = new URL('../dist/register.js', import.meta.url).pathname;
	const command = `${process.execPath} --import ${register} ${program}`;
	await using terminal = startCommand(['script', '-qec', command, '/dev/null'], { NO_COLOR: '1' });
	assert.is(await terminal.ended, 0);
	assert.equal(terminal.output().trim().split(/\r?\n/), ['true true true false', 'true true true true']);
});

programs.run();
