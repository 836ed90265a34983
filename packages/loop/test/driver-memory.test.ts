/** The driver contract: chunks large and strange, and the memory that they cost. */
/// <reference lib="es2024.arraybuffer" />
import { skip } from '@tooling/test';
import { constants, freemem } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RecordedListener, connected, connectedPair, driver } from './support/handles.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const memory = suite(`driver ${driver.name}: memory`);

const PIECES = 20;
for (const size of [16_384, 24_000, 32_767, 32_768, 40_000, 65_536]) {
	memory(`a peer that sends pieces of ${size} bytes makes us hold at most about twice of it`, async () => {
		const { client, peer, gone } = await connectedPair();
		let sent = 0;
		for (let i = 0; i < PIECES; i++) {
			client.handle.write(Buffer.alloc(size));
			sent += size;
			await peer.when(() => peer.handle.bytesRead === sent, `piece ${i}`);
		}
		const held = [...new Set(peer.chunks.map(({ buffer }) => buffer))];
		const pinned = held.reduce((sum, { byteLength }) => sum + byteLength, 0);
		assert.ok(pinned <= 2.2 * sent, `${sent} bytes sent, ${pinned} held`);
		await gone();
	});
}

const LENGTH = 16 << 20;
memory('a view that grows after it was written sends what it was', async () => {
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	const peer = await server.next();
	const resizable = new ArrayBuffer(LENGTH, { maxByteLength: 2 * LENGTH });
	client.handle.write(new Uint8Array(resizable).fill(1));
	client.handle.flush();
	assert.ok(client.handle.backlog > 0, 'the kernel took it whole');
	resizable.resize(2 * LENGTH);
	peer.handle.resume();
	assert.is(await client.until('written'), 0);
	client.handle.shutdown();
	await peer.until('end');
	assert.is(client.handle.bytesWritten, LENGTH);
	assert.is(peer.handle.bytesRead, LENGTH);
	assert.ok(peer.chunks.every((chunk) => chunk.every((byte) => byte === 1)));
	await client.gone();
	await server.gone();
});

memory('a chunk whose memory is taken away while it is sent arrives whole, or its write fails', async () => {
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	const peer = await server.next();
	const chunk = new Uint8Array(LENGTH).fill(1);
	client.handle.write(chunk);
	client.handle.flush();
	assert.ok(client.handle.backlog > 0, 'the kernel took it whole');
	const kept = structuredClone(chunk, { transfer: [chunk.buffer] });
	assert.equal([chunk.length, kept.length], [0, LENGTH]);
	client.handle.write(Buffer.alloc(50_000, 2));
	peer.handle.resume();
	const errno = await client.until('written');
	if (errno === 0) await peer.when(() => peer.handle.bytesRead === LENGTH + 50_000, 'all of it');
	else assert.is(errno, -constants.errno.EFAULT);
	await client.gone();
	await peer.when(() => peer.count('end') + peer.count('error') > 0, 'its end');
	const bytes = Buffer.concat(peer.chunks);
	// Nothing comes in the place of what is missing.
	assert.is(bytes.subarray(0, LENGTH).indexOf(2), -1);
	assert.is(bytes.length > LENGTH, errno === 0);
	await server.gone();
});

const BEYOND_INT32 = 2 ** 31 + 10;
memory('a chunk of more than 2 GiB is sent as any other', async () => {
	// Its pages are never touched, so it costs addresses only; but not every machine gives even those.
	if (freemem() < 8 * 2 ** 30) skip('less than 8 GiB are free');
	const server = await new RecordedListener({}, true).onTcp();
	const client = await connected(server.port);
	client.handle.write(Buffer.allocUnsafeSlow(BEYOND_INT32));
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	assert.equal(client.names, ['connect']);
	assert.is(client.handle.bytesWritten, BEYOND_INT32);
	const { backlog } = client.handle;
	assert.ok(backlog > 0 && backlog < BEYOND_INT32 + 1, `backlog ${backlog}`);
	await client.gone();
	await server.gone();
});

memory.run();
