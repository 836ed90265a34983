/** The driver contract: bytes in, bytes out, and who has to wait (rules 3, 4 and 5). */
import { createHash } from 'node:crypto';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Recorded, RecordedListener, connected, connectedPair, driver } from './support/handles.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const bytes = suite(`driver ${driver.name}: bytes`);

bytes('strings are sent in their encoding, counted in bytes', async () => {
	const { client, peer, gone } = await connectedPair();
	const cases: [text: string, encoding: BufferEncoding][] = [
		['', 'utf8'],
		['grüße €', 'utf8'],
		['\ud83d\ude00 \ud800!', 'utf8'],
		['grüße', 'latin1'],
		['€ wide', 'utf16le'],
		['00ff7f80', 'hex'],
		['AP9/gA==', 'base64'],
		['AP9_gA', 'base64url'],
		['é', 'ascii'],
		['x'.repeat(100_000), 'utf8'],
		['ü'.repeat(100_000), 'utf8'],
	];
	const expected = Buffer.concat(cases.map(([text, encoding]) => Buffer.from(text, encoding)));
	for (const [text, encoding] of cases) client.handle.write(text, encoding);
	assert.is(client.handle.bytesWritten, expected.length);
	await peer.when(() => peer.handle.bytesRead >= expected.length, 'all bytes');
	assert.ok(Buffer.concat(peer.chunks).equals(expected));
	await client.until('written');
	assert.equal(client.told[1], ['written', 0]);
	await gone();
});

bytes('a view into a larger buffer sends its own part only', async () => {
	const { client, peer, gone } = await connectedPair();
	const large = new Uint8Array(200_000).map((_, i) => i % 251);
	const parts = [
		large.subarray(3, 10),
		large.subarray(100, 100),
		large.subarray(50_000, 150_000),
		large.subarray(199_999),
	];
	for (const part of parts) client.handle.write(part);
	const expected = Buffer.concat(parts);
	await peer.when(() => peer.handle.bytesRead >= expected.length, 'all bytes');
	assert.ok(Buffer.concat(peer.chunks).equals(expected));
	await gone();
});

bytes('an empty write is completed like any other', async () => {
	const { client, gone } = await connectedPair();
	assert.is(client.handle.write(''), true);
	await client.until('written');
	client.handle.write(new Uint8Array(0));
	await client.until('written', 2);
	assert.equal(client.told.slice(1), [
		['written', 0],
		['written', 0],
	]);
	await gone();
});

bytes("a chunk is the receiver's for good", async () => {
	const { client, peer, gone } = await connectedPair();
	const copies: Buffer[] = [];
	const { events } = peer.handle;
	peer.handle.events = {
		...events,
		data: (handle, chunk) => {
			copies.push(Buffer.from(chunk));
			events.data(handle, chunk);
		},
	};
	const random = new Random(7);
	let sent = 0;
	for (let round = 0; round < 60; round++) {
		const length = 1 + random.below(round % 3 === 0 ? 100_000 : 300);
		client.handle.write(Buffer.alloc(length, round + 1));
		sent += length;
		await peer.when(() => peer.handle.bytesRead >= sent, `${sent} bytes`);
	}
	peer.chunks.forEach((chunk, i) => assert.ok(chunk.equals(copies[i] ?? Buffer.alloc(0)), `chunk ${i} has changed`));
	// Writing into one harms no other.
	const [first] = peer.chunks;
	first?.fill(0xff);
	peer.chunks
		.slice(1)
		.forEach((chunk, i) => assert.ok(chunk.equals(copies[i + 1] ?? Buffer.alloc(0)), `chunk ${i + 1}`));
	await gone();
});

bytes('a peer that does not read makes the writer wait', async () => {
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	const peer = await server.next();
	assert.is(peer.handle.reading, false);
	const piece = Buffer.alloc(1 << 20, 'w');
	const pieces = 24;
	for (let i = 0; i < pieces; i++) assert.is(client.handle.write(piece), false);
	for (let i = 0; i < 20; i++) await turnOfTheLoop();
	assert.is(client.count('written'), 0);
	assert.is(client.handle.unsent, pieces * piece.length);
	assert.is(peer.handle.bytesRead, 0);
	peer.handle.resume();
	await client.until('written');
	await peer.when(() => peer.handle.bytesRead === pieces * piece.length, 'all');
	assert.is(client.count('written'), 1);
	assert.is(client.handle.write('small again'), true);
	await client.gone();
	await server.gone();
});

bytes('who connects and does not read makes the peer wait', async () => {
	const server = await new RecordedListener().onTcp();
	const client = new Recorded();
	driver.connectTcp(client.handle, '127.0.0.1', server.port);
	await client.until('connect');
	const peer = await server.next();
	const total = 24 << 20;
	peer.handle.write(Buffer.alloc(total));
	for (let i = 0; i < 50; i++) await turnOfTheLoop();
	assert.is(peer.count('written'), 0);
	assert.ok(peer.handle.backlog > 0);
	client.handle.resume();
	await client.when(() => client.handle.bytesRead === total, 'all');
	await peer.until('written');
	assert.is(peer.handle.backlog, 0);
	await client.gone();
	await server.gone();
});

bytes('a chunk that waits is sent as it was, piece by piece', async () => {
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	const peer = await server.next();
	const random = new Random(11);
	const sent = createHash('sha256');
	for (let i = 0; i < 200; i++) {
		const chunk = Buffer.alloc(1 + random.below(120_000), random.below(256));
		sent.update(chunk);
		client.handle.write(chunk);
		if (i % 10 === 0) await turnOfTheLoop();
	}
	client.handle.shutdown();
	peer.handle.resume();
	await peer.until('end');
	assert.is(createHash('sha256').update(Buffer.concat(peer.chunks)).digest('hex'), sent.digest('hex'));
	await client.gone();
	await server.gone();
});

bytes('nothing is delivered between pause and resume, and nothing is lost', async () => {
	const { client, peer, gone } = await connectedPair();
	const { events } = peer.handle;
	let whilePaused = 0;
	peer.handle.events = {
		...events,
		data: (handle, chunk) => {
			if (!handle.reading) whilePaused++;
			events.data(handle, chunk);
			handle.pause();
			setImmediate(() => handle.resume());
		},
	};
	const expected = Buffer.alloc(700_000, 'abcdefghij');
	client.handle.write(expected);
	client.handle.shutdown();
	await peer.until('end');
	assert.is(whilePaused, 0);
	assert.ok(Buffer.concat(peer.chunks).equals(expected));
	await gone();
});

bytes('pause and resume in the same turn change nothing', async () => {
	const { client, peer, gone } = await connectedPair();
	for (let i = 0; i < 50; i++) {
		peer.handle.pause();
		peer.handle.resume();
	}
	client.handle.write('still there');
	await peer.until('data');
	assert.is(peer.text, 'still there');
	await gone();
});

bytes('paused from the start, it reads when it is asked', async () => {
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	client.handle.write('patience');
	client.handle.shutdown();
	const peer = await server.next();
	await client.until('shutdown');
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.equal(peer.told, []);
	peer.handle.resume();
	await peer.until('end');
	assert.equal(peer.told, [['data', 'patience'], ['end']]);
	await client.gone();
	await server.gone();
});

bytes('64 MB through an echo and back, checksum equal', async () => {
	const server = await new RecordedListener({
		data: (handle, chunk) => {
			// The recorder keeps chunks; 64 MB of them are too many.
			server.accepted[0]?.chunks.splice(0);
			if (!handle.write(chunk)) handle.pause();
		},
		written: (handle) => handle.resume(),
		end: (handle) => handle.shutdown(),
	}).onTcp();
	const total = 64 << 20;
	const received = createHash('sha256');
	let back = 0;
	const client: Recorded = await connected(server.port, {
		data: (_, chunk) => {
			client.chunks.splice(0);
			client.told.splice(0);
			back += chunk.length;
			received.update(chunk);
		},
	});
	const expected = createHash('sha256');
	const block = Buffer.alloc(1 << 20);
	for (let sent = 0; sent < total; sent += block.length) {
		// A block may not change before it is sent, so each has a buffer of its own.
		const own = Buffer.from(block.fill((sent >> 20) + 1));
		expected.update(own);
		if (!client.handle.write(own)) await client.when(() => client.handle.unsent === 0, 'written');
	}
	client.handle.shutdown();
	await client.when(() => back === total, 'all bytes back');
	assert.is(received.digest('hex'), expected.digest('hex'));
	assert.is(client.handle.bytesRead, total);
	assert.is(client.handle.bytesWritten, total);
	await client.gone();
	await server.gone();
});

bytes('fifty connections at once get their own bytes and no others', async () => {
	const server = await new RecordedListener({ data: (handle, chunk) => void handle.write(chunk) }).onTcp();
	const clients = await Promise.all(Array.from({ length: 50 }, () => connected(server.port)));
	const random = new Random(3);
	const expected = clients.map(() => '');
	for (let round = 0; round < 20; round++) {
		clients.forEach((client, i) => {
			const text = `${i}/${round} ${'-'.repeat(random.below(2000))};`;
			expected[i] += text;
			client.handle.write(text);
		});
		if (round % 3 === 0) await turnOfTheLoop();
	}
	for (const [i, client] of clients.entries()) {
		await client.when(() => client.handle.bytesRead >= (expected[i] ?? '').length, `all of connection ${i}`);
		assert.is(client.text, expected[i]);
	}
	for (const client of clients) await client.gone();
	await server.gone();
});

bytes.run();
