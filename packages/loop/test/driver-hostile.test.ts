/** Nothing that a peer sends, or fails to send, crashes the process or costs it a descriptor. Seeded, so that it can be repeated. */
// net-test: limit 120 s
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Handle, HandleEvents } from '@net/loop';
import { RecordedListener, connected, driver } from './support/handles.ts';
import { onLinux, openSockets } from './support/machine.ts';
import { turnOfTheLoop, within } from './support/waiter.ts';

const hostile = suite(`driver ${driver.name}: hostile peers`);

const PEERS = 60;
const STEPS = 12;

/** Does something to an open handle that a program might do, sense or not. */
function act(handle: Handle, random: Random): void {
	switch (random.below(12)) {
		case 0:
			return handle.pause();
		case 1:
		case 2:
			return handle.resume();
		case 3:
			return handle.shutdown();
		case 4:
			if (random.below(4) === 0) handle.close();
			return;
		case 5:
			if (random.below(4) === 0) handle.reset();
			return;
		case 6:
			return handle.flush();
		case 7:
			handle.unref();
			return handle.ref();
		case 8:
			void [handle.local, handle.remote, handle.fd, handle.backlog];
			return;
		case 9:
			handle.write(Buffer.alloc(random.below(300_000), 1));
			return;
		default:
			handle.write('x'.repeat(random.below(3000)));
	}
}

/** Does the same from outside, with Node's own sockets. */
function attack(socket: Socket, random: Random): void {
	switch (random.below(9)) {
		case 0:
			socket.pause();
			return;
		case 1:
			socket.resume();
			return;
		case 2:
			socket.end();
			return;
		case 3:
			socket.destroy();
			return;
		case 4:
			// Behind an unsent half-close libuv refuses a reset, and Node's socket would never close.
			if (!socket.writableEnded) socket.resetAndDestroy();
			return;
		case 5:
			if (!socket.writableEnded) socket.write(Buffer.alloc(random.below(300_000), 2));
			return;
		default:
			if (!socket.writableEnded) socket.write('y'.repeat(random.below(3000)));
	}
}

for (let seed = 1; seed <= 20; seed++) {
	hostile(`seed ${seed}: peers that write, stall, end, vanish and reset at random`, async () => {
		const random = new Random(seed);
		const before = onLinux ? openSockets().length : 0;
		const react: Partial<HandleEvents> = {
			data: (handle) => act(handle, random),
			end: (handle) => act(handle, random),
			error: (handle) => act(handle, random),
			written: (handle) => void (random.below(3) === 0 && act(handle, random)),
			shutdown: (handle) => act(handle, random),
		};
		const server = await new RecordedListener(react).onTcp();
		const sockets: Socket[] = [];
		const gone: Promise<unknown>[] = [];
		for (let i = 0; i < PEERS; i++) {
			const socket = createConnection({ port: server.port, host: '127.0.0.1', allowHalfOpen: random.below(2) === 0 });
			socket.on('error', () => {});
			sockets.push(socket);
			gone.push(new Promise((resolve) => socket.on('close', resolve)));
			if (random.below(4) === 0) attack(socket, random);
		}
		for (let step = 0; step < STEPS; step++) {
			for (const socket of sockets) if (random.below(2) === 0) attack(socket, random);
			for (const { handle } of server.accepted) if (random.below(3) === 0) act(handle, random);
			await turnOfTheLoop();
		}
		for (const socket of sockets) socket.destroy();
		await within(Promise.all(gone), 'the peers to be gone');
		for (const { handle } of server.accepted) {
			handle.events = { ...handle.events, data: () => {}, end: () => {}, error: () => {} };
		}
		await server.gone();
		for (const peer of server.accepted) {
			assert.is(peer.count('close'), 1);
			assert.is(peer.names.at(-1), 'close');
			assert.ok(peer.count('end') + peer.count('error') <= 1, peer.names.join());
		}
		await turnOfTheLoop();
		if (onLinux) assert.ok(openSockets().length <= before + 1, `${openSockets().length} open, ${before} before`);
	});

	hostile(`seed ${seed}: both ends ours, both at random`, async () => {
		const random = new Random(seed + 100);
		const before = onLinux ? openSockets().length : 0;
		const react: Partial<HandleEvents> = {
			data: (handle) => void (random.below(2) === 0 && act(handle, random)),
			end: (handle) => act(handle, random),
			error: (handle) => act(handle, random),
			shutdown: (handle) => act(handle, random),
		};
		const server = await new RecordedListener(react).onTcp();
		const clients = await Promise.all(Array.from({ length: PEERS }, () => connected(server.port, react)));
		for (let step = 0; step < STEPS; step++) {
			for (const { handle } of [...clients, ...server.accepted]) if (random.below(3) === 0) act(handle, random);
			await turnOfTheLoop();
		}
		for (const client of clients) await client.gone();
		await server.gone();
		await turnOfTheLoop();
		for (const { names } of [...clients, ...server.accepted]) {
			assert.is(names.filter((name) => name === 'close').length, 1);
			assert.is(names.at(-1), 'close');
		}
		if (onLinux) assert.ok(openSockets().length <= before + 1, `${openSockets().length} open, ${before} before`);
	});
}

hostile('a flood of connections that leave at once', async () => {
	const server = await new RecordedListener({ data: (handle, chunk) => void handle.write(chunk) }).onTcp();
	const gone: Promise<unknown>[] = [];
	for (let i = 0; i < 300; i++) {
		const socket = createConnection(server.port, '127.0.0.1');
		socket.on('error', () => {});
		gone.push(new Promise((resolve) => socket.on('close', resolve)));
		if (i % 3 === 0) socket.destroy();
		else if (i % 3 === 1) socket.on('connect', () => socket.resetAndDestroy());
		else socket.on('connect', () => socket.destroy());
	}
	await within(Promise.all(gone), 'the flood to pass');
	const client = await connected(server.port);
	client.handle.write('anybody left?');
	await client.until('data');
	assert.is(client.text, 'anybody left?');
	await client.gone();
	await server.gone();
	assert.equal(server.errors, []);
});

hostile.run();
