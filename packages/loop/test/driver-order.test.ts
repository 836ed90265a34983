/** The driver contract: who is told what, when (rules 2, 3, 4 and 6). */
import { skip } from '@tooling/test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Handle, noEvents } from '@net/loop';
import { Recorded, RecordedListener, connected, connectedPair, driver } from './support/handles.ts';
import { onLinux, temporaryFolder } from './support/machine.ts';
import { runProgram } from './support/program.ts';
import { turnOfTheLoop, within } from './support/waiter.ts';

const order = suite(`driver ${driver.name}: order`);

/** Calls `then` with a log; whatever is logged after `operation` returned is fine, before it is not. */
function askingCallReturns(log: string[], operation: () => unknown): void {
	log.push('asked');
	operation();
	log.push('returned');
}

order('nothing is completed inside the call that asks for it', async () => {
	const server = await new RecordedListener().onTcp();
	const log: string[] = [];
	const handle = new Handle(driver);
	const done = new Promise<void>((resolve) => {
		handle.events = {
			...noEvents,
			connect: () => {
				log.push('connect');
				askingCallReturns(log, () => handle.write('x'));
				askingCallReturns(log, () => handle.flush());
			},
			written: () => {
				log.push('written');
				askingCallReturns(log, () => handle.shutdown());
				askingCallReturns(log, () => handle.flush());
			},
			shutdown: () => {
				log.push('shutdown');
				askingCallReturns(log, () => handle.close());
				askingCallReturns(log, () => driver.submit());
			},
			close: () => {
				log.push('close');
				resolve();
			},
		};
	});
	askingCallReturns(log, () => driver.connectTcp(handle, '127.0.0.1', server.port));
	await within(done, 'close', () => log.join());
	const twice = ['asked', 'returned', 'asked', 'returned'];
	assert.equal(log, ['asked', 'returned', 'connect', ...twice, 'written', ...twice, 'shutdown', ...twice, 'close']);
	await server.gone();
});

order('ticks and promise jobs run between the events of two handles', async () => {
	const log: string[] = [];
	const server = await new RecordedListener({
		data: (_, chunk) => {
			log.push(chunk.toString());
			process.nextTick(() => log.push('tick'));
			void Promise.resolve().then(() => log.push('job'));
		},
	}).onTcp();
	const a = await connected(server.port);
	const b = await connected(server.port);
	await server.next(2);
	a.handle.write('a');
	b.handle.write('b');
	await server.accepted[0]?.until('data');
	await server.accepted[1]?.until('data');
	await turnOfTheLoop();
	assert.is(log.length, 6);
	assert.equal([log[0], log[3]].sort(), ['a', 'b']);
	assert.equal([log[1], log[2], log[4], log[5]], ['tick', 'job', 'tick', 'job']);
	await a.gone();
	await b.gone();
	await server.gone();
});

for (const host of ['with', 'without']) {
	order(`one wake-up, on a host ${host} process._tickCallback: ticks and jobs in between, whoever throws`, async () => {
		if (driver.name !== 'native') skip('the host delivers each event in a wake-up of its own');
		const { stdout, stderr } = await runProgram('one-wake-up', [host]);
		const log: string[] = JSON.parse(stdout || `[${JSON.stringify(stderr)}]`);
		assert.equal(
			log.filter((what) => what.startsWith('caught')),
			['caught listener', 'caught tick'],
		);
		// What an exception leaves behind runs when the next callback ends.
		const order = log.filter((what) => what !== 'job tick' && !what.startsWith('caught'));
		assert.equal(order.slice(0, 6), ['first', 'tick first', 'job first', 'listener', 'tick listener', 'job listener']);
		assert.equal(order.slice(6), ['tick', 'tick tick', 'last', 'tick last', 'job last']);
		assert.ok(log.includes('job tick'));
	});
}

order('connect, data in the order of the bytes, end', async () => {
	const { client, peer, gone } = await connectedPair();
	for (let i = 0; i < 10; i++) peer.handle.write(String(i));
	peer.handle.shutdown();
	await client.until('end');
	assert.is(client.text, '0123456789');
	assert.is(client.names[0], 'connect');
	assert.is(client.names.at(-1), 'end');
	assert.is(client.count('end'), 1);
	await gone();
});

order('written comes once for all that one turn wrote, then the half-close', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.write('one ');
	client.handle.write(Buffer.from('two '));
	client.handle.write('three');
	client.handle.shutdown();
	await peer.until('end');
	await client.until('shutdown');
	assert.equal(client.told.slice(1), [
		['written', 0],
		['shutdown', 0],
	]);
	assert.is(peer.text, 'one two three');
	assert.is(client.handle.unsent, 0);
	await gone();
});

order('written before the connection is made: sent when it is', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	client.handle.write('early ');
	client.handle.flush();
	client.handle.write('bird');
	client.handle.shutdown();
	const peer = await server.next();
	await peer.until('end');
	await client.until('shutdown');
	assert.is(peer.text, 'early bird');
	assert.equal(client.names, ['connect', 'written', 'shutdown']);
	await client.gone();
	await server.gone();
});

order('all that a handle writes in one turn arrives in one piece', async () => {
	const { client, peer, gone } = await connectedPair();
	for (let i = 0; i < 16; i++) client.handle.write(i % 2 === 0 ? 'even' : Buffer.from('odd '));
	await peer.until('data');
	assert.equal(peer.told, [['data', 'evenodd '.repeat(8)]]);
	await gone();
});

order('all that a handle writes in one turn is one system call', async () => {
	if (!onLinux) skip('counts by strace, which is of Linux');
	try {
		execFileSync('strace', ['-V'], { stdio: 'ignore' });
	} catch {
		skip('strace is not installed');
	}
	const program = new URL('./programs/sixteen-writes.mjs', import.meta.url).pathname;
	const calls = 'trace=write,writev,sendto,sendmsg';
	const folder = temporaryFolder();
	const output = folder.path('trace');
	try {
		execFileSync('strace', ['-f', '-qq', '-s', '200', '-e', calls, '-o', output, process.execPath, program]);
	} catch (error) {
		if (/ptrace|not permitted/.test(String(error))) skip('strace may not trace here');
		throw error;
	}
	const trace = readFileSync(output, 'utf8');
	folder.remove();
	const sends = trace.split('\n').filter((line) => line.includes('part-'));
	assert.is(sends.length, 1, `system calls:\n${sends.join('\n')}`);
	for (let i = 0; i < 16; i++) assert.match(sends[0] ?? '', `part-${String(i).padStart(2, '0')}`);
});

order('flush sends before the turn is over', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.write('first');
	client.handle.flush();
	client.handle.write('second');
	await peer.when(() => peer.text.length === 11, 'both');
	assert.is(peer.text, 'firstsecond');
	await client.until('written');
	assert.is(client.handle.outstanding, 0);
	await gone();
});

order('what was written before a close still arrives', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.write('last words');
	client.handle.close();
	await peer.until('end');
	assert.is(peer.text, 'last words');
	await client.until('close');
	assert.equal(client.names, ['connect', 'close']);
	await gone();
});

order('close comes once, after the immediates, with the descriptor closed', async () => {
	const { client, peer, gone } = await connectedPair();
	const log: string[] = [];
	const { events } = client.handle;
	client.handle.events = {
		...events,
		close: (handle) => {
			log.push('close');
			events.close(handle);
		},
	};
	// From within an immediate, the next step of the loop is the closing phase.
	await new Promise<void>((resolve) => {
		setImmediate(() => {
			client.handle.close();
			client.handle.close();
			client.handle.reset();
			process.nextTick(() => log.push('tick'));
			void Promise.resolve().then(() => log.push('job'));
			setImmediate(() => {
				log.push('immediate');
				resolve();
			});
		});
		setImmediate(() => log.push('same phase'));
	});
	await client.until('close');
	assert.equal(
		log.filter((entry) => entry !== 'immediate'),
		['tick', 'job', 'same phase', 'close'],
	);
	await peer.until('end');
	await gone();
	await turnOfTheLoop();
	assert.is(client.count('close'), 1);
});

order('after a close nothing is told but the close', async () => {
	const { client, peer, gone } = await connectedPair();
	peer.handle.write('too late');
	peer.handle.shutdown();
	client.handle.write('x');
	client.handle.shutdown();
	client.handle.close();
	assert.is(client.handle.write('y'), false);
	client.handle.resume();
	client.handle.pause();
	client.handle.flush();
	client.handle.ref();
	client.handle.unref();
	await client.until('close');
	await turnOfTheLoop();
	assert.equal(client.names, ['connect', 'close']);
	await gone();
});

order('the listener accepts connections in the order in which they came', async () => {
	const server = await new RecordedListener().onTcp();
	const ports = [];
	for (let i = 0; i < 20; i++) {
		const client = await connected(server.port);
		ports.push(client);
	}
	await server.next(20);
	const seen = server.accepted.map(({ handle }) => handle.remote);
	assert.equal(
		seen,
		ports.map(({ handle }) => handle.local),
	);
	for (const client of ports) await client.gone();
	await server.gone();
});

order.run();
