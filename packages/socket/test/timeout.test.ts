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

// Timers of one duration run out in the order in which they were started, on the busiest machine: a second one, started
// after the socket's, comes first if the socket's was started anew.

timeout('starts anew with each write', async () => {
	const { socket, peer, done } = await connectedPair();
	peer.resume();
	for (let i = 0; i < 3; i++) {
		const { order, over } = timeoutAndTimer(socket, 10);
		socket.write('x');
		await over;
		assert.equal(order, ['timer', 'timeout']);
	}
	await done();
});

timeout('starts anew with each read', async () => {
	const { socket, peer, done } = await connectedPair();
	// Longer and longer, until the bytes come before the time is over.
	for (let milliseconds = 50, inTime = 0; inTime < 3; milliseconds *= inTime === 0 ? 2 : 1) {
		const { order, over } = timeoutAndTimer(socket, milliseconds);
		socket.once('data', () => order.push('data'));
		peer.write('y');
		await over;
		if (order[0] !== 'data') continue;
		assert.equal(order, ['data', 'timer', 'timeout']);
		inTime++;
	}
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

/** Sets the socket's timeout, then starts a timer of as many milliseconds, and notes which is over first. */
function timeoutAndTimer(socket: Socket, milliseconds: number): { order: string[]; over: Promise<unknown> } {
	const order: string[] = [];
	const timedOut = new Promise<void>((resolve) => {
		socket.setTimeout(milliseconds, () => resolve(void order.push('timeout')));
	});
	const timer = new Promise<void>((resolve) => {
		setTimeout(() => resolve(void order.push('timer')), milliseconds);
	});
	return { order, over: Promise.all([timedOut, timer]) };
}

function code(expected: string): (error: unknown) => boolean {
	return (error) => Object(error).code === expected;
}

/** Time is what is tested here. */
function later(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

timeout.run();
