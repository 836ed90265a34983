/** Ten thousand connections, then none: every descriptor is back, and a second round costs no more memory. */
// net-test: limit 180 s
import { skip } from '@tooling/test';
import { execFileSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Handle, Listener, noEvents } from '@net/loop';
import { driver, portOf } from './support/handles.ts';
import { onLinux, openSockets } from './support/machine.ts';
import { Waiter, turnOfTheLoop } from './support/waiter.ts';

const many = suite(`driver ${driver.name}: many`);

const CONNECTIONS = 10_000;
/** Below the backlog, so that no SYN is dropped and has to be repeated after a second. */
const AT_ONCE = 250;
/** What a process needs beside the connections' two ends. */
const SPARE_DESCRIPTORS = 200;
/** What a driver may open for itself: the listener, a descriptor in reserve. */
const OWN_SOCKETS = 4;
/** What a second round may add: noise of the heap, a hundredth of what 10,000 leaked connections would take. */
const NOISE_BYTES = 4 << 20;

many('10,000 connections come and go twice', async () => {
	if (!onLinux) skip('looks into /proc');
	const limit = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }));
	const connections = Math.min(CONNECTIONS, Math.floor((limit - SPARE_DESCRIPTORS) / 2));
	if (connections < 100) skip(`only ${limit} descriptors (ulimit -n)`);

	const waiter = new Waiter(() => `${open} open, ${messages} messages, ${closed} closed`);
	let open = 0;
	let messages = 0;
	let closed = 0;
	const events = {
		...noEvents,
		data: (handle: Handle, chunk: Buffer): void => {
			messages++;
			if (handle.context === 'server') handle.write(chunk);
			waiter.check();
		},
		close: (): void => {
			closed++;
			waiter.check();
		},
	};
	const clientEvents = {
		...events,
		connect: (handle: Handle, errno: number): void => {
			if (errno !== 0) throw new Error(`connection ${open} failed: ${errno}`);
			open++;
			handle.resume();
			waiter.check();
		},
	};
	const servers: Handle[] = [];
	const before = openSockets().length;
	const listener = new Listener(driver, {
		listen: () => waiter.check(),
		accept: (_, handle) => {
			handle.context = 'server';
			handle.events = events;
			servers.push(handle);
			waiter.check();
		},
		error: (_, errno) => {
			throw new Error(`accept: ${errno}`);
		},
		close: () => {
			closed++;
			waiter.check();
		},
	});
	driver.listenTcp(listener, '127.0.0.1', 0, 511, 0);
	await waiter.until(() => listener.local !== undefined, 'listening');
	const port = portOf(listener.local);

	const round = async (): Promise<void> => {
		open = messages = closed = 0;
		const clients: Handle[] = [];
		while (clients.length < connections) {
			const upTo = Math.min(connections, clients.length + AT_ONCE);
			while (clients.length < upTo) {
				const client = new Handle(driver, clientEvents);
				assert.is(driver.connectTcp(client, '127.0.0.1', port), 0);
				clients.push(client);
			}
			await waiter.until(() => open === upTo && servers.length === upTo, `${upTo} connections`);
		}
		assert.ok(openSockets().length >= 2 * connections, `${openSockets().length} sockets open, ${before} before`);
		for (const client of clients) client.write('ping');
		await waiter.until(() => messages === 2 * connections, 'an echo on each');
		// By reset, or so many connections in TIME_WAIT would use up the machine's ports.
		for (const client of clients) client.reset();
		for (const server of servers) server.close();
		await waiter.until(() => closed === 2 * connections, 'all closed');
		servers.length = 0;
	};
	await round();
	await turnOfTheLoop();
	const afterFirst = used();
	assert.ok(openSockets().length <= before + OWN_SOCKETS, `${openSockets().length} sockets open, ${before} before`);
	await round();
	await turnOfTheLoop();
	const grown = used() - afterFirst;
	assert.ok(grown < NOISE_BYTES, `${grown} bytes more after the second round`);
	listener.close();
	await waiter.until(() => closed === 2 * connections + 1, 'the listener closed');
	assert.ok(openSockets().length <= before + OWN_SOCKETS, `${openSockets().length} sockets open, ${before} before`);
});

many.run();

/** What is in use on and beside the heap after a collection. */
function used(): number {
	setFlagsFromString('--expose-gc');
	const collect: unknown = runInNewContext('gc');
	if (typeof collect !== 'function') throw new Error('no gc');
	collect();
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}
