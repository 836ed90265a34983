import { getEventListeners, once, setMaxListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { connect } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { startPeer } from './support/peer.ts';

const signals = suite('signal');

signals('an abort destroys the socket with an AbortError', async () => {
	const server = await startPeer();
	const controller = new AbortController();
	const socket = connect({ port: server.port, host: '127.0.0.1', signal: controller.signal });
	await once(socket, 'connect');
	const failed = new Promise<unknown>((resolve) => socket.once('error', resolve));
	controller.abort();
	assert.is(Object(await failed).name, 'AbortError');
	await server.close();
});

signals('an abort while a name is looked up', async () => {
	const controller = new AbortController();
	const socket = connect({ port: 1, host: 'x', signal: controller.signal, lookup: () => {} });
	const failed = new Promise<unknown>((resolve) => socket.once('error', resolve));
	controller.abort();
	assert.is(Object(await failed).code, 'ABORT_ERR');
});

signals('nothing stays on the signal', async () => {
	const server = await startPeer();
	const controller = new AbortController();
	const socket = connect({ port: server.port, host: '127.0.0.1', signal: controller.signal });
	await once(socket, 'connect');
	assert.ok(getEventListeners(controller.signal, 'abort').length > 0);
	const closed = once(socket, 'close');
	controller.abort();
	socket.on('error', () => {});
	await closed.catch(() => once(socket, 'close'));
	assert.is(getEventListeners(controller.signal, 'abort').length, 0);
	await server.close();
});

signals('what is no signal is refused', () => {
	assert.throws(
		() => Reflect.apply(connect, undefined, [{ port: 1, signal: {} }]),
		(error: unknown) => Object(error).code === 'ERR_INVALID_ARG_TYPE',
	);
});

signals('a signal that outlives its sockets forgets them', async () => {
	setFlagsFromString('--expose-gc');
	const collect: unknown = runInNewContext('gc');
	if (typeof collect !== 'function') throw new Error('no garbage collector');
	const server = await startPeer();
	const { signal } = new AbortController();
	setMaxListeners(0, signal);
	for (let i = 0; i < 20; i++) {
		const socket = connect({ port: server.port, host: '127.0.0.1', signal });
		await once(socket, 'connect');
		await new Promise((resolve) => socket.once('close', resolve).destroy());
	}
	// The last one or two may still be in a register or on the stack.
	while (getEventListeners(signal, 'abort').length > 3) {
		collect();
		await new Promise((resolve) => setImmediate(resolve));
	}
	await server.close();
});

signals.run();
