import { once } from 'node:events';

import { connect } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { connectedPair, startPeer, textOf } from './support/peer.ts';

const writing = suite('write');

writing('all that is written in one turn arrives in one piece', async () => {
	const { socket, peer, done } = await connectedPair();
	const pieces: string[] = [];
	peer.on('data', (chunk) => pieces.push(String(chunk)));
	for (let i = 0; i < 20; i++) socket.write(`${i} `);
	await new Promise<void>((resolve) => socket.write('end', () => resolve()));
	if (pieces.length === 0) await once(peer, 'data');
	assert.equal(pieces, ['0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 end']);
	await done();
});

writing('the stream looks as if the kernel had it at once', async () => {
	const { socket, peer, done } = await connectedPair();
	peer.resume();
	assert.is(socket.write('hello'), true);
	assert.is(socket.writableLength, 0);
	assert.is(socket.writableCorked, 0);
	assert.is(socket.writableNeedDrain, false);
	assert.is(socket.bufferSize, 0);
	assert.is(socket.bytesWritten, 5);
	await done();
});

writing('callbacks come in order, before the finish', async () => {
	const { socket, peer, done } = await connectedPair();
	const order: string[] = [];
	socket.on('finish', () => order.push('finish'));
	socket.write('a', () => order.push('a'));
	socket.write('b', 'utf8', () => order.push('b'));
	socket.write('');
	socket.write('', () => order.push('empty'));
	socket.end('c', () => order.push('end'));
	assert.equal(order, []);
	const finished = once(socket, 'finish');
	assert.is(await textOf(peer), 'abc');
	await finished;
	assert.equal(order, ['a', 'b', 'empty', 'end', 'finish']);
	await done();
});

writing('a callback that throws does not take the others with it', async () => {
	const { socket, peer, done } = await connectedPair();
	peer.resume();
	const thrown = once(process, 'uncaughtException');
	socket.write('a', () => {
		throw new Error('in a callback');
	});
	await new Promise<void>((resolve) => socket.write('b', () => resolve()));
	const [error] = await thrown;
	assert.is(error.message, 'in a callback');
	await done();
});

writing('strings of all encodings and bytes arrive as they were meant', async () => {
	const { socket, peer, done } = await connectedPair();
	const encodings: BufferEncoding[] = [
		'utf8',
		'latin1',
		'ascii',
		'utf16le',
		'ucs2',
		'hex',
		'base64',
		'base64url',
		'binary',
	];
	const expected: Buffer[] = [];
	for (const encoding of encodings) {
		const text = Buffer.from('grüße €').toString(encoding);
		expected.push(Buffer.from(text, encoding));
		socket.write(text, encoding);
	}
	socket.write(new Uint8Array([0, 255]));
	expected.push(Buffer.from([0, 255]));
	socket.end();
	const got: Buffer[] = [];
	for await (const chunk of peer) got.push(chunk);
	assert.equal(Buffer.concat(got), Buffer.concat(expected));
	await done();
});

writing('destroy() in the same turn sends what was written', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.write('last words');
	socket.destroy();
	assert.is(await textOf(peer), 'last words');
	await done();
});

writing('a megabyte to a slow reader: false, drain, all of it', async () => {
	const { socket, peer, done } = await connectedPair();
	const chunk = Buffer.alloc(65_536, 'x');
	let written = 0;
	let refused = 0;
	while (written < 32 * 1_048_576 && refused === 0) {
		written += chunk.length;
		if (!socket.write(chunk)) refused++;
	}
	assert.is(refused, 1);
	assert.is(socket.writableNeedDrain, true);
	let read = 0;
	peer.on('data', (piece) => (read += piece.length));
	await once(socket, 'drain');
	assert.is(socket.writableLength, 0);
	socket.end();
	await once(peer, 'end');
	assert.is(read, written);
	assert.is(socket.bytesWritten, written);
	await done();
});

writing('what is written before the connection is counted, and sent', async () => {
	const server = await startPeer();
	const socket = connect(server.port, '127.0.0.1');
	const order: string[] = [];
	socket.on('connect', () => order.push('connect'));
	socket.write('one ', () => order.push('one'));
	socket.write(Buffer.from('two'), () => order.push('two'));
	assert.is(socket.bytesWritten, 7);
	socket.end();
	const peer = await server.accepted;
	assert.is(await textOf(peer), 'one two');
	assert.equal(order, ['connect', 'one', 'two']);
	socket.destroy();
	await server.close();
});

writing('a write that never got a connection fails', async () => {
	const server = await startPeer();
	const socket = connect(server.port, '127.0.0.1');
	const failed = new Promise<unknown>((resolve) => socket.write('never', resolve));
	socket.destroy();
	assert.is(Object(await failed).code, 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION');
	await server.close();
});

writing('a reset reaches callback and error', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.pause();
	const error = new Promise<unknown>((resolve) => socket.once('error', resolve));
	peer.resetAndDestroy();
	await once(peer, 'close');
	socket.resume();
	socket.write('too late', () => {});
	assert.match(String(Object(await error).code), /^(ECONNRESET|EPIPE)$/);
	await done();
});

writing('after the peer ended and was answered, a write is EPIPE', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.resume();
	peer.end();
	await once(socket, 'end');
	const failed = new Promise<unknown>((resolve) => socket.once('error', resolve));
	socket.write('too late');
	const error = Object(await failed);
	assert.is(error.code, 'EPIPE');
	assert.is(error.message, 'This socket has been ended by the other party');
	await done();
});

writing('flush() sends while the thread is busy', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.write('now');
	socket.flush();
	// The kernel has it: the peer reads it without another turn of ours.
	socket.destroy();
	assert.is(await textOf(peer), 'now');
	await done();
});

writing.run();
