import { once } from 'node:events';

import { Socket, connect } from '@net/socket';
import { currentDriver } from '@net/loop';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { connectedPair, startPeer } from './support/peer.ts';

const settings = suite('settings');

settings('all setters return the socket, in any state', async () => {
	const fresh = new Socket();
	const { socket, done } = await connectedPair();
	for (const each of [fresh, socket]) {
		assert.is(each.setNoDelay(), each);
		assert.is(each.setNoDelay(false), each);
		assert.is(each.setKeepAlive(true, 5000), each);
		assert.is(each.setKeepAlive({ enable: true, initialDelay: 1000, interval: 2000, count: 3 }), each);
		assert.is(each.setKeepAlive(), each);
		assert.is(each.setTypeOfService(8), each);
		assert.is(each.ref().unref().ref(), each);
	}
	await done();
	assert.is(socket.setNoDelay(), socket);
});

settings('what is set before the connection holds for it', async () => {
	const server = await startPeer();
	const socket = new Socket({ typeOfService: 16 });
	assert.is(socket.getTypeOfService(), 16);
	socket.setTypeOfService(8);
	socket.connect(server.port, '127.0.0.1');
	await once(socket, 'connect');
	assert.is(socket.getTypeOfService(), 8);
	socket.destroy();
	await server.close();
});

settings('the driver is told once, and only what changed', async () => {
	const server = await startPeer();
	const driver = currentDriver();
	const told: unknown[] = [];
	const { setKeepAlive, setNoDelay } = driver;
	driver.setNoDelay = (handle, on) => told.push(['noDelay', on]) && setNoDelay.call(driver, handle, on);
	driver.setKeepAlive = (handle, ...rest) => told.push(rest) && setKeepAlive.call(driver, handle, ...rest);
	try {
		const socket = connect({
			port: server.port,
			host: '127.0.0.1',
			noDelay: true,
			keepAlive: true,
			keepAliveInitialDelay: 2500,
		});
		await once(socket, 'connect');
		assert.equal(told, [
			['noDelay', true],
			[true, 2, 0, 0],
		]);
		socket.setNoDelay(true);
		socket.setKeepAlive(true, 2000);
		assert.is(told.length, 2);
		socket.setNoDelay(false);
		socket.setKeepAlive(true, 3000, 1000, 4);
		assert.equal(told.slice(2), [
			['noDelay', false],
			[true, 3, 1, 4],
		]);
		socket.destroy();
	} finally {
		Object.assign(driver, { setNoDelay, setKeepAlive });
		await server.close();
	}
});

settings('a type of service outside 0–255 is refused', () => {
	const socket = new Socket();
	for (const bad of [-1, 256, 1.5]) {
		assert.throws(
			() => socket.setTypeOfService(bad),
			(error: unknown) => Object(error).code === 'ERR_OUT_OF_RANGE',
		);
	}
	assert.throws(
		() => socket.setTypeOfService(NaN),
		(error: unknown) => Object(error).code === 'ERR_INVALID_ARG_TYPE',
	);
});

settings.run();
