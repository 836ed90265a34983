import { once } from 'node:events';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { connectedPair, textOf } from './support/peer.ts';

const reading = suite('read');

reading('bytes come as data, and are counted', async () => {
	const { socket, peer, done } = await connectedPair();
	peer.end('hello');
	assert.is(await textOf(socket), 'hello');
	assert.is(socket.bytesRead, 5);
	await done();
	assert.is(socket.bytesRead, 5);
});

reading('a paused socket reads nothing; resumed, all of it in order', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.pause();
	const chunk = Buffer.alloc(1_048_576, 'abcdefgh');
	peer.end(chunk);
	let read = 0;
	let wrong = 0;
	socket.on('data', (piece: Buffer) => {
		if (!piece.equals(chunk.subarray(read, read + piece.length))) wrong++;
		read += piece.length;
		socket.pause();
		setImmediate(() => socket.resume());
	});
	assert.is(read, 0);
	socket.resume();
	await once(socket, 'end');
	assert.is(read, chunk.length);
	assert.is(wrong, 0);
	await done();
});

reading('backpressure reaches the peer', async () => {
	const { socket, peer, done } = await connectedPair();
	const chunk = Buffer.alloc(65_536);
	let sent = 0;
	while (sent < 64 * 1_048_576 && peer.write(chunk)) sent += chunk.length;
	await new Promise((resolve) => setImmediate(resolve));
	assert.ok(peer.writableLength > 0);
	assert.ok(socket.readableLength <= socket.readableHighWaterMark + chunk.length);
	let read = 0;
	socket.on('data', (piece: Buffer) => (read += piece.length));
	peer.end();
	await once(socket, 'end');
	assert.is(read, sent + chunk.length);
	await done();
});

reading('end, finish, close come in this order when the peer ends', async () => {
	const { socket, peer, done } = await connectedPair();
	const order: string[] = [];
	for (const event of ['end', 'finish', 'close']) socket.on(event, () => order.push(event));
	socket.resume();
	peer.end();
	await once(socket, 'close');
	assert.equal(order, ['end', 'finish', 'close']);
	await done();
});

reading('half-open: the writable side lives on', async () => {
	const { socket, peer, done } = await connectedPair({ allowHalfOpen: true });
	socket.resume();
	peer.end();
	await once(socket, 'end');
	assert.is(socket.readyState, 'writeOnly');
	const text = textOf(peer);
	socket.end('late answer');
	assert.is(await text, 'late answer');
	await done();
});

reading('a reset is an error of read, and close says so', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.resume();
	const closed = once(socket, 'close').catch(() => once(socket, 'close'));
	const failed = new Promise<unknown>((resolve) => socket.once('error', resolve));
	peer.resetAndDestroy();
	const error = Object(await failed);
	assert.is(error.message, 'read ECONNRESET');
	assert.is(error.syscall, 'read');
	assert.equal(await closed, [true]);
	await done();
});

reading('async iteration and setEncoding', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.setEncoding('utf8');
	const bytes = Buffer.from('€uro');
	peer.write(bytes.subarray(0, 1));
	setImmediate(() => peer.end(bytes.subarray(1)));
	let text = '';
	for await (const chunk of socket) text += chunk;
	assert.is(text, '€uro');
	await done();
});

reading.run();
