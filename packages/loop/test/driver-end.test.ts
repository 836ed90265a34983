/** The driver contract: how connections end (rules 3 and 6). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Recorded, RecordedListener, connected, connectedPair, driver } from './support/handles.ts';
import { E, temporaryFolder } from './support/machine.ts';
import { Waiter, turnOfTheLoop } from './support/waiter.ts';

const ending = suite(`driver ${driver.name}: ending`);
const folder = temporaryFolder();
ending.after(() => folder.remove());

ending('half-open: the one who ended still receives', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.write('question');
	client.handle.shutdown();
	await peer.until('end');
	assert.is(peer.text, 'question');
	peer.handle.write('a long ');
	await turnOfTheLoop();
	peer.handle.write('answer');
	peer.handle.shutdown();
	await client.until('end');
	assert.is(client.text, 'a long answer');
	await peer.until('shutdown');
	assert.equal(peer.told.at(-1), ['shutdown', 0]);
	await gone();
});

ending('both ended: the handle stays until its owner closes it', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.shutdown();
	peer.handle.shutdown();
	await client.until('end');
	await peer.until('end');
	await client.until('shutdown');
	await peer.until('shutdown');
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	assert.is(client.count('close') + peer.count('close'), 0);
	assert.is(client.handle.closed, false);
	await gone();
	assert.is(client.count('close') + peer.count('close'), 2);
});

ending('a second half-close does nothing', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.shutdown();
	client.handle.shutdown();
	await client.until('shutdown');
	await peer.until('end');
	client.handle.shutdown();
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	assert.is(client.count('shutdown'), 1);
	assert.is(peer.count('end'), 1);
	await gone();
});

ending('what is written behind the half-close fails with EPIPE', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.shutdown();
	await client.until('shutdown');
	client.handle.write('too late');
	await client.until('written');
	assert.equal(client.told.at(-1), ['written', E.PIPE]);
	await peer.until('end');
	assert.is(peer.text, '');
	await gone();
});

ending('reset: the peer is told ECONNRESET, the owner only close', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.reset();
	assert.is(await peer.until('error'), E.CONNRESET);
	await client.until('close');
	assert.equal(client.names, ['connect', 'close']);
	assert.is(peer.count('end'), 0);
	await gone();
});

ending('reset of a Unix socket closes it', async () => {
	const path = folder.path('reset');
	const server = await new RecordedListener().onPath(path);
	const client = new Recorded();
	driver.connectPath(client.handle, path);
	await client.until('connect');
	const peer = await server.next();
	client.handle.reset();
	await client.until('close');
	await peer.until('end');
	assert.equal([client.names, peer.names], [['connect', 'close'], ['end']]);
	await server.gone();
});

for (const how of ['close', 'reset'] as const) {
	ending(`${how} while it connects: only close is told`, async () => {
		const server = await new RecordedListener().onTcp();
		const client = new Recorded();
		driver.connectTcp(client.handle, '127.0.0.1', server.port);
		client.handle.write('never');
		client.handle[how]();
		await client.until('close');
		for (let i = 0; i < 3; i++) await turnOfTheLoop();
		assert.equal(client.names, ['close']);
		await server.gone();
	});

	ending(`${how} within the connect event`, async () => {
		const server = await new RecordedListener().onTcp();
		const client = new Recorded(undefined, { connect: (handle) => handle[how]() });
		driver.connectTcp(client.handle, '127.0.0.1', server.port);
		await client.until('close');
		assert.equal(client.names, ['connect', 'close']);
		const peer = await server.next();
		await peer.when(() => peer.count('end') + peer.count('error') === 1, 'the end of it');
		await server.gone();
	});

	ending(`${how} within the data event: nothing follows but close`, async () => {
		const { client, peer, gone } = await connectedPair({}, { data: (handle) => handle[how]() });
		client.handle.write(Buffer.alloc(1 << 20));
		await peer.until('close');
		assert.equal(peer.names, ['data', 'close']);
		await client.when(() => client.count('end') + client.count('error') > 0, 'the end of it');
		await gone();
	});
}

for (const [when, schedule] of [
	['within', (then: () => void): void => then()],
	['a tick after', (then: () => void): void => process.nextTick(then)],
	['a promise job after', (then: () => void): void => void Promise.resolve().then(then)],
] as const) {
	ending(`handles opened ${when} another's close are told of their own life only`, async () => {
		// Both ends close in the same step of the loop, and the next opens while the second has not been told yet.
		const server = await new RecordedListener({ end: (handle) => handle.close() }).onTcp();
		const clients: Recorded[] = [];
		const opened = new Waiter(() => `${clients.length} opened`);
		const open = (): void => {
			if (clients.length === 20) return;
			const client = new Recorded(undefined, {
				connect: (handle) => handle.close(),
				close: () => schedule(open),
			});
			clients.push(client);
			driver.connectTcp(client.handle, '127.0.0.1', server.port);
			opened.check();
		};
		open();
		await opened.until(() => clients.length === 20, 'the last one');
		for (const client of clients) await client.until('close');
		for (const peer of server.accepted) await peer.until('close');
		for (const client of clients) assert.equal(client.names, ['connect', 'close']);
		await server.gone();
		for (const peer of server.accepted) assert.is(peer.count('close'), 1);
	});
}

ending('a listener closed within accept drops what else has come', async () => {
	const server = await new RecordedListener().onTcp();
	const { accept } = server.listener.events;
	server.listener.events.accept = (listener, handle) => {
		accept(listener, handle);
		listener.close();
	};
	const clients = Array.from({ length: 5 }, () => new Recorded());
	for (const { handle } of clients) driver.connectTcp(handle, '127.0.0.1', server.port);
	for (const client of clients) await client.until('connect');
	await server.next();
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.is(server.accepted.length, 1);
	for (const client of clients) await client.gone();
	await server.gone();
});

ending('a closed listener refuses at once, its connections go on', async () => {
	const { server, client, peer, gone } = await connectedPair();
	const { port } = server;
	server.listener.close();
	server.listener.close();
	const late = new Recorded();
	driver.connectTcp(late.handle, '127.0.0.1', port);
	assert.is(await late.until('connect'), E.CONNREFUSED);
	await late.gone();
	client.handle.write('still here');
	await peer.until('data');
	assert.is(server.listener.local, undefined);
	await gone();
});

ending('writing to a peer that has reset fails, and only once', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.pause();
	peer.handle.reset();
	await peer.until('close');
	// The kernel may take what is written before the reset has come.
	let errno = 0;
	for (let times = 1; errno === 0; times++) {
		client.handle.write('is anybody there?');
		errno = Number(await client.until('written', times));
	}
	assert.ok(errno === E.PIPE || errno === E.CONNRESET, `errno ${errno}`);
	await gone();
});

ending('a peer that resets in the middle of a large write: written and error tell', async () => {
	const { client, peer, gone } = await connectedPair({}, { data: (handle) => handle.reset() });
	client.handle.write(Buffer.alloc(32 << 20));
	await peer.until('close');
	const errno = Number(await client.until('written'));
	assert.ok(errno === E.PIPE || errno === E.CONNRESET, `errno ${errno}`);
	assert.is((await client.until('error').then(Number)) < 0, true);
	assert.is(client.count('written'), 1);
	assert.is(client.handle.outstanding, 0);
	await gone();
});

ending('data and end that came while paused are told on resume', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.pause();
	peer.handle.write('kept');
	peer.handle.shutdown();
	await peer.until('shutdown');
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.equal(client.names, ['connect']);
	client.handle.resume();
	await client.until('end');
	assert.equal(client.told.slice(1), [['data', 'kept'], ['end']]);
	await gone();
});

ending('a reset that came while paused is told on resume', async () => {
	const { client, peer, gone } = await connectedPair();
	client.handle.pause();
	peer.handle.reset();
	await peer.until('close');
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.equal(client.names, ['connect']);
	client.handle.resume();
	assert.is(await client.until('error'), E.CONNRESET);
	await gone();
});

ending('closing with bytes unread or unsent leaves nobody waiting', async () => {
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	const peer = await server.next();
	client.handle.write(Buffer.alloc(16 << 20));
	await turnOfTheLoop();
	peer.handle.close();
	await peer.until('close');
	assert.ok(Number(await client.until('written')) < 0, 'not all of it can have been sent');
	await client.gone();
	assert.equal([peer.count('close'), client.count('written'), client.count('close')], [1, 1, 1]);
	await server.gone();
});

ending('a paused handle that is closed forgets what it held', async () => {
	const { client, peer, gone } = await connectedPair();
	peer.handle.write('never seen');
	client.handle.pause();
	await peer.until('written');
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	client.handle.resume();
	client.handle.close();
	await client.until('close');
	assert.equal(client.names, ['connect', 'close']);
	await gone();
});

ending.run();
