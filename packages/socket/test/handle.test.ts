import { once } from 'node:events';
import net from 'node:net';

import { connect } from '@net/socket';
import type { Socket } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { connectedPair, startPeer } from './support/peer.ts';

const handles = suite('handle');

handles('sockets that close together: each is told, and what their listeners open lives', async () => {
	const server = net.createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const open = (): Socket => connect(Object(server.address()).port, '127.0.0.1');
	const sockets = Array.from({ length: 5 }, open);
	await Promise.all(sockets.map((socket) => once(socket, 'connect')));
	const reopened = sockets.map(async (socket) => {
		const told = [...(await once(socket, 'close'))];
		const next = open();
		await once(next, 'connect');
		next.destroy();
		return [...told, ...(await once(next, 'close'))];
	});
	for (const socket of sockets) socket.destroy();
	assert.equal(
		await Promise.all(reopened),
		Array.from(sockets, () => [false, false]),
	);
	server.close();
	await once(server, 'close');
});

handles('counters and state outlive the connection', async () => {
	const { socket, peer, done } = await connectedPair();
	socket.write('four');
	peer.write('three');
	const [chunk] = await once(socket, 'data');
	await done();
	assert.is(socket.bytesWritten, 4);
	assert.is(socket.bytesRead, chunk.length);
	assert.is(socket.destroyed, true);
	assert.is(socket.remoteAddress, undefined);
	assert.is(socket.bufferSize, undefined);
});

handles('close tells whether there was an error', async () => {
	for (const error of [undefined, new Error('mine')]) {
		const server = await startPeer();
		const socket = connect(server.port, '127.0.0.1');
		await once(socket, 'connect');
		socket.on('error', (told) => assert.is(told, error));
		const closed = new Promise<unknown>((resolve) => socket.once('close', resolve));
		socket.destroy(error);
		assert.is(await closed, error !== undefined);
		await server.close();
	}
});

handles('a socket that never connected closes as well', async () => {
	const { Socket } = await import('@net/socket');
	const socket = new Socket();
	const closed = once(socket, 'close');
	socket.destroy();
	assert.equal(await closed, []);
});

handles.run();
