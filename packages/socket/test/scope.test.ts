import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';

import { connect } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { startPeer } from './support/peer.ts';

const scope = suite('scope');
const storage = new AsyncLocalStorage<string>();

scope("a client socket's events see the store of its connect()", async () => {
	const server = await startPeer();
	const seen: Record<string, string | undefined> = {};
	const socket = storage.run('connect', () => connect(server.port, '127.0.0.1'));
	for (const event of ['connect', 'data', 'end', 'close']) {
		socket.on(event, () => (seen[event] = storage.getStore()));
	}
	await once(socket, 'connect');
	storage.run('peer', () => void server.accepted.then((peer) => peer.end('x')));
	await once(socket, 'close');
	assert.equal(seen, { connect: 'connect', data: 'connect', end: 'connect', close: 'connect' });
	await server.close();
});

scope('callbacks of write and end see the store of the call', async () => {
	const server = await startPeer();
	const socket = storage.run('connect', () => connect(server.port, '127.0.0.1'));
	await once(socket, 'connect');
	(await server.accepted).resume();
	const seen = await new Promise((resolve) => {
		storage.run('write', () => socket.write('x', () => resolve(storage.getStore())));
	});
	assert.is(seen, 'write');
	const finished = new Promise((resolve) => socket.on('finish', () => resolve(storage.getStore())));
	storage.run('end', () => socket.end());
	assert.is(await finished, 'end');
	socket.destroy();
	await server.close();
});

scope('no store leaks from one socket to another', async () => {
	const server = await startPeer();
	const first = connect(server.port, '127.0.0.1');
	await once(first, 'connect');
	const peer = await server.accepted;
	first.on('data', () => storage.enterWith('of the first'));
	const second = connect(server.port, '127.0.0.1');
	await once(second, 'connect');
	const seen = new Promise((resolve) => second.on('close', () => resolve(storage.getStore())));
	peer.write('x');
	await once(first, 'data');
	storage.exit(() => second.destroy());
	assert.is(await seen, undefined);
	first.destroy();
	await server.close();
});

scope.run();
