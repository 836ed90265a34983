/** The driver contract: what a listener throws (rule 2). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Handle, Listener } from '@net/loop';
import type { Driver } from '@net/loop';
import { Recorded, RecordedListener, connected, connectedPair, driver, portOf } from './support/handles.ts';
import { onLinux, openSockets } from './support/machine.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const exceptions = suite(`driver ${driver.name}: exceptions`);

exceptions('an exception in a listener reaches uncaughtException and costs nobody an event', async () => {
	const caught: unknown[] = [];
	const onException = (error: unknown): void => void caught.push(error);
	process.on('uncaughtException', onException);
	try {
		const failing = (what: string) => (): void => {
			throw new Error(what);
		};
		const server = await new RecordedListener({ data: failing('data'), end: failing('end') }).onTcp();
		const clients = [];
		for (let i = 0; i < 3; i++) {
			clients.push(
				await connected(server.port, {
					written: failing('written'),
					shutdown: failing('shutdown'),
					close: failing('close'),
				}),
			);
		}
		await server.next(3);
		for (const client of clients) {
			client.handle.write('x');
			client.handle.shutdown();
		}
		for (const peer of server.accepted) await peer.until('end');
		for (const client of clients) await client.until('shutdown');
		for (const client of clients) await client.gone();
		for (const peer of server.accepted) assert.equal(peer.names, ['data', 'end']);
		for (const client of clients) assert.equal(client.names, ['connect', 'written', 'shutdown', 'close']);
		await server.gone();
		await turnOfTheLoop();
		const messages = caught.map((error) => (error instanceof Error ? error.message : String(error))).sort();
		const thrice = (what: string): string[] => [what, what, what];
		assert.equal(messages, [
			...thrice('close'),
			...thrice('data'),
			...thrice('end'),
			...thrice('shutdown'),
			...thrice('written'),
		]);
	} finally {
		process.off('uncaughtException', onException);
	}
});

exceptions('an exception in accept or connect costs nobody an event', async () => {
	const caught: unknown[] = [];
	const onException = (error: unknown): void => void caught.push(error);
	process.on('uncaughtException', onException);
	try {
		const server = await new RecordedListener().onTcp();
		const { accept } = server.listener.events;
		server.listener.events.accept = (listener, handle) => {
			accept(listener, handle);
			throw new Error('accept');
		};
		const clients: Recorded[] = [];
		for (let i = 0; i < 4; i++) {
			const client = new Recorded(undefined, {
				connect: () => {
					throw new Error('connect');
				},
			});
			driver.connectTcp(client.handle, '127.0.0.1', server.port);
			clients.push(client);
		}
		for (const client of clients) {
			await client.until('connect');
			client.handle.resume();
		}
		await server.next(4);
		for (const peer of server.accepted) peer.handle.write('hello');
		for (const client of clients) await client.until('data');
		for (const client of clients) await client.gone();
		await server.gone();
		assert.is(caught.length, 8);
	} finally {
		process.off('uncaughtException', onException);
	}
});

exceptions('an exception over a chunk that was held costs neither the next one nor what comes later', async () => {
	const caught: unknown[] = [];
	const onException = (error: unknown): void => void caught.push(error);
	process.on('uncaughtException', onException);
	try {
		const { client, peer, gone } = await connectedPair({
			data: (_, chunk) => {
				if (chunk.toString() === 'first') throw new Error('on purpose');
			},
		});
		client.handle.pause();
		// As a driver does with what it had received already.
		client.handle.completeRead(Buffer.from('first'));
		client.handle.completeRead(Buffer.from('second'));
		client.handle.resume();
		await client.until('data', 2);
		peer.handle.write('third');
		await client.until('data', 3);
		assert.equal(
			client.told.filter(([name]) => name === 'data').map(([, text]) => text),
			['first', 'second', 'third'],
		);
		assert.is(client.handle.bytesRead, 16);
		assert.is(caught.length, 1);
		await gone();
	} finally {
		process.off('uncaughtException', onException);
	}
});

exceptions('a class of handles that throws costs the connection, and no descriptor', async () => {
	class Broken extends Handle {
		constructor(ours: Driver) {
			super(ours);
			throw new Error('on purpose');
		}
	}
	const caught: unknown[] = [];
	const onException = (error: unknown): void => void caught.push(error);
	process.on('uncaughtException', onException);
	try {
		const listener = new Listener(driver, { listen() {}, accept() {}, error() {}, close() {} }, false, Broken);
		assert.is(driver.listenTcp(listener, undefined, 0, 511, 0), 0);
		const before = onLinux ? openSockets().length : 0;
		const clients = [];
		for (let i = 0; i < 5; i++) clients.push(await connected(portOf(listener.local)));
		for (const client of clients) {
			await client.when(() => client.count('end') + client.count('error') === 1, 'the end of it');
			await client.gone();
		}
		assert.is(caught.length, 5);
		if (onLinux) assert.is(openSockets().length, before);
		listener.close();
		await turnOfTheLoop();
	} finally {
		process.off('uncaughtException', onException);
	}
});

exceptions('a tick that an exception delayed into a wake-up does not end the turn before its time', async () => {
	const caught: unknown[] = [];
	const onException = (error: unknown): void => void caught.push(error);
	process.on('uncaughtException', onException);
	try {
		const order: string[] = [];
		const server = await new RecordedListener({
			data: (handle) => {
				order.push('data');
				handle.write('answer');
			},
			written: () => order.push('written'),
		}).onTcp();
		const clients = [await connected(server.port), await connected(server.port), await connected(server.port)];
		await server.next(3);
		// Out of a callback of the loop, so that the next one is the wake-up that brings the bytes.
		await new Promise<void>((resolve) => {
			setTimeout(() => {
				process.nextTick(() => {
					throw new Error('on purpose');
				});
				for (const client of clients) client.handle.write('question');
				clients[0]?.handle.flush();
				resolve();
			}, 1);
		});
		for (const client of clients) await client.until('data');
		assert.is(caught.length, 1);
		await server.accepted[2]?.until('written');
		// The portable driver's host delivers each event in a wake-up of its own.
		const once = ['data', 'written'];
		const expected = driver.name === 'portable' ? [...once, ...once, ...once] : [...once, ...once, ...once].sort();
		assert.equal(order, expected);
		for (const client of clients) await client.gone();
		await server.gone();
	} finally {
		process.off('uncaughtException', onException);
	}
});

exceptions.run();
