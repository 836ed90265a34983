/** The driver contract: what a listener throws (rule 2). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Recorded, RecordedListener, connected, driver } from './support/handles.ts';
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

exceptions.run();
