/** The driver contract: what keeps a process alive, what it says when it ends, descriptors from elsewhere (rules 4, 7, 8). */
import { skip } from '@tooling/test';
import { execFileSync } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { driver } from './support/handles.ts';
import { onLinux, temporaryFolder } from './support/machine.ts';
import { runProgram } from './support/program.ts';
import { within } from './support/waiter.ts';

const processes = suite(`driver ${driver.name}: processes`);

const ENDED = 0;
const STAYED = 7;
for (const [what, expected] of [
	['a listener', STAYED],
	['an unreferenced listener', ENDED],
	['a listener unreferenced before it listens', ENDED],
	['a listener referenced again', STAYED],
	['a handle that reads', STAYED],
	['two handles that do not read', ENDED],
	['an unreferenced handle that reads', ENDED],
	['a handle unreferenced before it connects', ENDED],
	['a handle referenced again while it connects', STAYED],
	['a handle referenced again', STAYED],
	['a paused handle', ENDED],
	['an accepted handle that its class unreferences', ENDED],
	['a write that the peer does not take', STAYED],
	['an unreferenced write that the peer does not take', STAYED],
] as const) {
	processes(`${expected === STAYED ? 'kept alive' : 'not kept alive'} by ${what}`, async () => {
		const { code, stderr } = await runProgram('references', [what]);
		assert.is(code, expected, stderr);
	});
}

processes('it ends after all is closed, and after it has told so', async () => {
	const { code, stdout } = await runProgram('references', ['nothing after all is closed']);
	assert.is(code, ENDED);
	assert.equal(stdout.trim().split('\n').sort(), ['client closed', 'peer closed']);
});

for (const [way, code, signal] of [
	['exit', 3, null],
	['exit from a timer', 3, null],
	['exit with a half-close', 3, null],
	['exit without the listeners of exit', 3, null],
	['write in the exit hook', 3, null],
	['an uncaught exception', 1, null],
	['a blocked thread', null, 'SIGKILL'],
] as const) {
	processes(`what was written before the end by ${way} arrives`, async () => {
		let received = '';
		const server = createServer((socket) => socket.on('data', (chunk) => (received += chunk)).on('error', () => {}));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const closed = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
		try {
			const outcome = await runProgram('last-words', [addressOf(server).port, way]);
			assert.equal([outcome.code, outcome.signal], [code, signal], outcome.stderr);
			await within(closed, 'the connection to end');
			assert.is(received, 'goodbye '.repeat(1000));
		} finally {
			server.close();
		}
	});
}

processes('a descriptor that a parent handed over: a Unix socket', async () => {
	// The pipe of child_process is a Unix socket pair on every Unix.
	const { spawn } = await import('node:child_process');
	const program = new URL('./programs/adopt.mjs', import.meta.url).pathname;
	const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
	const channel = child.stdio[3];
	if (channel === null || channel === undefined || !('write' in channel) || !('read' in channel))
		throw new Error('no pipe');
	let answer = '';
	let said = '';
	channel.on('data', (chunk: Buffer) => (answer += chunk));
	child.stdout?.on('data', (chunk: Buffer) => (said += chunk));
	channel.end('make this loud');
	await within(new Promise((resolve) => child.on('close', resolve)), 'the program', () => said);
	assert.is(answer, 'MAKE THIS LOUD');
	assert.is(said, 'adopt 0 reading false\nclosed 14\n');
});

processes('standard output outlives the handle that took it over', async () => {
	const { code, stdout, stderr } = await runProgram('standard-output');
	assert.is(stderr, '');
	assert.is(stdout, 'written\nprinted\ninherited\n');
	assert.is(code, 0);
});

processes('a FIFO can be adopted', async () => {
	if (!onLinux) skip('reading and writing on one end of a FIFO is of Linux');
	const folder = temporaryFolder();
	try {
		execFileSync('mkfifo', [folder.path('fifo')]);
		const { code, stdout, stderr } = await runProgram('adopt-fifo', [folder.path('fifo')]);
		assert.is(stderr, '');
		assert.is(stdout, 'adopt 0\ndata round trip\nclosed\n');
		assert.is(code, 0);
	} finally {
		folder.remove();
	}
});

processes('it listens on a descriptor that was bound elsewhere', async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = addressOf(server);
	// Private to Node, and the only way to a bound descriptor without a program of another language.
	const handle: unknown = Reflect.get(server, '_handle');
	const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
	if (typeof fd !== 'number' || fd < 0) skip('this Node does not tell the descriptor of a server');
	// Connections to this process' own copy have to wait for the other's accept.
	const running = runProgram('listen-fd', [], [fd]);
	server.close();
	let greeting = '';
	const socket = createConnection(port, '127.0.0.1');
	socket.on('data', (chunk) => (greeting += chunk));
	const { code, stdout, stderr } = await running;
	assert.is(stderr, '');
	assert.is(code, 0);
	assert.is(stdout, 'listen 0\n');
	assert.is(greeting, `hello from ${port}`);
});

processes.run();

function addressOf(server: ReturnType<typeof createServer>): AddressInfo {
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('no address');
	return address;
}
