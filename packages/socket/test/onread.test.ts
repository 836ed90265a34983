import { once } from 'node:events';

import { connect } from '@net/socket';
import type { OnReadOptions } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { startPeer } from './support/peer.ts';

const onread = suite('onread');

onread('bytes go into the one buffer, piece after piece', async () => {
	const server = await startPeer();
	const memory = Buffer.alloc(4);
	const pieces: string[] = [];
	const socket = connect({
		port: server.port,
		host: '127.0.0.1',
		onread: {
			buffer: memory,
			callback(size, buffer) {
				assert.is(buffer, memory);
				pieces.push(Buffer.from(buffer.subarray(0, size)).toString());
			},
		},
	});
	socket.on('data', () => pieces.push('the stream should see nothing'));
	const peer = await server.accepted;
	peer.end('abcdefghij');
	await once(socket, 'end');
	assert.is(pieces.join(''), 'abcdefghij');
	assert.ok(pieces.every((piece) => piece.length <= 4));
	assert.is(socket.bytesRead, 10);
	await server.close();
});

onread('a function is asked for a buffer each time', async () => {
	const server = await startPeer();
	let asked = 0;
	let text = '';
	const socket = connect({
		port: server.port,
		host: '127.0.0.1',
		onread: {
			buffer: () => {
				asked++;
				return new Uint8Array(3);
			},
			callback(size, buffer) {
				text += Buffer.from(buffer.subarray(0, size)).toString();
			},
		},
	});
	(await server.accepted).end('1234567');
	socket.resume();
	await once(socket, 'end');
	assert.is(text, '1234567');
	assert.is(asked, 1 + Math.ceil(7 / 3));
	await server.close();
});

onread('a callback that returns false pauses, also in the middle of what came', async () => {
	const server = await startPeer();
	const pieces: string[] = [];
	const socket = connect({
		port: server.port,
		host: '127.0.0.1',
		onread: {
			buffer: Buffer.alloc(2),
			callback(size, buffer) {
				pieces.push(Buffer.from(buffer.subarray(0, size)).toString());
				return false;
			},
		},
	});
	(await server.accepted).end('aabbcc');
	const ended = once(socket, 'end');
	let seen = 0;
	while (seen < 3) {
		await new Promise((resolve) => setImmediate(resolve));
		if (pieces.length === seen) continue;
		assert.is(pieces.length, seen + 1);
		assert.is(socket.bytesRead, pieces.join('').length);
		seen = pieces.length;
		socket.resume();
	}
	socket.resume();
	await ended;
	assert.equal(pieces, ['aa', 'bb', 'cc']);
	await server.close();
});

/** Sends pieces of ten bytes to functions that throw at times. */
async function withExceptions(makeOnread: (pieces: string[]) => OnReadOptions): Promise<void> {
	const uncaught: unknown[] = [];
	const onUncaught = (error: unknown): void => void uncaught.push(error);
	process.on('uncaughtException', onUncaught);
	const server = await startPeer();
	const pieces: string[] = [];
	const socket = connect({ port: server.port, host: '127.0.0.1', onread: makeOnread(pieces) });
	const sent = Array.from({ length: 100 }, (_, index) => String(index).padStart(10)).join('');
	(await server.accepted).end(sent);
	await once(socket, 'end');
	process.off('uncaughtException', onUncaught);
	assert.is(pieces.join(''), sent);
	assert.is(socket.bytesRead, sent.length);
	assert.ok(uncaught.length > 0, 'nothing was thrown');
	await server.close();
}

onread('a callback that throws loses none of the bytes behind it', () =>
	withExceptions((pieces) => ({
		buffer: Buffer.alloc(10),
		callback(size, buffer) {
			pieces.push(Buffer.from(buffer.subarray(0, size)).toString());
			if (pieces.length % 7 === 0) throw new Error('broken callback');
		},
	})),
);

onread('a function that throws instead of giving memory loses no bytes', () => {
	let asked = 0;
	return withExceptions((pieces) => ({
		buffer() {
			if (++asked % 7 === 0) throw new Error('no memory');
			return Buffer.alloc(10);
		},
		callback(size, buffer) {
			pieces.push(Buffer.from(buffer.subarray(0, size)).toString());
		},
	}));
});

onread('what was left of a connection is not told of the next one', async () => {
	const server = await startPeer();
	let text = '';
	const options = { port: server.port, host: '127.0.0.1' };
	const socket = connect({
		...options,
		onread: {
			buffer: Buffer.alloc(4),
			callback(size, buffer) {
				text += Buffer.from(buffer.subarray(0, size)).toString();
				return false;
			},
		},
	});
	const first = await server.accepted;
	first.write('old bytes');
	while (text === '') await new Promise((resolve) => setImmediate(resolve));
	socket.destroy();
	await once(socket, 'close');
	assert.is(socket.bytesRead, 4);
	socket.connect(options);
	await once(socket, 'connect');
	assert.is(socket.bytesRead, 0);
	socket.resume();
	for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
	assert.is(text, 'old ');
	socket.destroy();
	await once(socket, 'close');
	await server.close();
});

onread.run();
