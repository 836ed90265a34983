import { once } from 'node:events';

import { Socket } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { connectedPair } from './support/peer.ts';

const timeout = suite('setTimeout');

timeout('tells that nothing happened, and closes nothing', async () => {
	const { socket, done } = await connectedPair();
	assert.is(socket.timeout, undefined);
	assert.is(socket.setTimeout(1), socket);
	assert.is(socket.timeout, 1);
	await once(socket, 'timeout');
	assert.is(socket.readyState, 'open');
	await done();
});

timeout('starts anew with each read and write', async () => {
	const { socket, peer, done } = await connectedPair();
	const order: string[] = [];
	// Long enough for a busy machine: four times the pause between two bytes.
	socket.setTimeout(400, () => order.push('timeout'));
	socket.on('data', () => order.push('data'));
	peer.resume();
	for (let i = 0; i < 5; i++) {
		await later(100);
		if (i % 2 === 0) socket.write('x');
		else peer.write('y');
	}
	await once(socket, 'timeout');
	assert.equal(order, ['data', 'data', 'timeout']);
	await done();
});

timeout('0 switches it off and takes the callback back', async () => {
	const { socket, done } = await connectedPair();
	const callback = (): void => assert.unreachable();
	socket.setTimeout(1, callback);
	socket.setTimeout(0, callback);
	assert.is(socket.listenerCount('timeout'), 0);
	await later(5);
	await done();
});

timeout('does not run on a socket that was destroyed', async () => {
	const { socket, done } = await connectedPair();
	socket.setTimeout(1, () => assert.unreachable());
	await done();
	await later(5);
	assert.is(socket.setTimeout(5).timeout, 1);
});

timeout('refuses what is no time', () => {
	const socket = new Socket();
	const call = (...args: unknown[]) => Reflect.apply(socket.setTimeout, socket, args);
	assert.throws(() => call('1'), code('ERR_INVALID_ARG_TYPE'));
	assert.throws(() => call(-1), code('ERR_OUT_OF_RANGE'));
	assert.throws(() => call(Infinity), code('ERR_OUT_OF_RANGE'));
	assert.throws(() => call(10, 'x'), code('ERR_INVALID_ARG_TYPE'));
	socket.destroy();
});

function code(expected: string): (error: unknown) => boolean {
	return (error) => Object(error).code === expected;
}

/** Time is what is tested here. */
function later(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

timeout.run();
