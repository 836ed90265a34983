import { once } from 'node:events';

import { connect } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { startPeer } from '../support/peer.ts';

const lookup = suite('lookup');

type Callback = (error: Error | null, address?: unknown, family?: unknown) => void;

lookup('a name is looked up with the options that were given', async () => {
	const server = await startPeer();
	const asked: unknown[] = [];
	const socket = connect({
		port: server.port,
		host: 'some.name',
		family: 4,
		hints: 0,
		lookup(host: string, options: object, callback: Callback) {
			asked.push(host, options);
			callback(null, '127.0.0.1', 4);
		},
	});
	await once(socket, 'connect');
	assert.equal(asked, ['some.name', { family: 4, hints: 0 }]);
	socket.destroy();
	await server.close();
});

lookup('localhost is the default, and resolved by the system', async () => {
	const server = await startPeer();
	const socket = connect({ port: server.port, family: 4 });
	const [error, address, family, host] = await once(socket, 'lookup');
	assert.equal([error, address, family, host], [null, '127.0.0.1', 4, 'localhost']);
	await once(socket, 'connect');
	socket.destroy();
	await server.close();
});

lookup('an address is not looked up', async () => {
	const server = await startPeer();
	const socket = connect({ port: server.port, host: '127.0.0.1', lookup: () => assert.unreachable() });
	await once(socket, 'connect');
	socket.destroy();
	await server.close();
});

lookup('a failed lookup is the error of the socket', async () => {
	const failed = new Error('no such name');
	const socket = connect({
		port: 1,
		host: 'x',
		lookup: (_host: string, _options: object, callback: Callback) => callback(failed),
	});
	const error = await new Promise((resolve) => socket.once('error', resolve));
	assert.is(error, failed);
});

const badAnswers: [answer: unknown[], code: string][] = [
	[['not an address', 4], 'ERR_INVALID_IP_ADDRESS'],
	[[undefined, 4], 'ERR_INVALID_IP_ADDRESS'],
	[['127.0.0.1', 5], 'ERR_INVALID_ADDRESS_FAMILY'],
];
for (const [answer, code] of badAnswers) {
	lookup(`a lookup that answers ${JSON.stringify(answer)} is an error`, async () => {
		const socket = connect({
			port: 1,
			host: 'x',
			family: 4,
			lookup: (_host: string, _options: object, callback: Callback) => callback(null, ...answer),
		});
		const error = await new Promise((resolve) => socket.once('error', resolve));
		assert.is(Object(error).code, code);
	});
}

lookup('an answer that comes after destroy() is ignored', async () => {
	let callback: Callback = () => {};
	const socket = connect({
		port: 1,
		host: 'x',
		lookup: (_host: string, _options: object, answer: Callback) => (callback = answer),
	});
	socket.on('connectionAttempt', () => assert.unreachable());
	socket.destroy();
	await once(socket, 'close');
	callback(null, [{ address: '127.0.0.1', family: 4 }]);
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(socket.readyState, 'closed');
});

lookup('bad options throw at the call', () => {
	const cases: [options: object, code: string][] = [
		[{}, 'ERR_MISSING_ARGS'],
		[{ port: 65_536 }, 'ERR_SOCKET_BAD_PORT'],
		[{ port: 1, host: 1 }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, host: 'a\0b' }, 'ERR_INVALID_ARG_VALUE'],
		[{ port: 1, localAddress: 'here' }, 'ERR_INVALID_IP_ADDRESS'],
		[{ port: 1, localPort: '1' }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, lookup: 1 }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, autoSelectFamily: 1 }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, autoSelectFamilyAttemptTimeout: 0 }, 'ERR_OUT_OF_RANGE'],
		[{ path: 1 }, 'ERR_INVALID_ARG_TYPE'],
	];
	for (const [options, code] of cases) {
		assert.throws(
			() => Reflect.apply(connect, undefined, [options]),
			(error: unknown) => Object(error).code === code,
			JSON.stringify(options),
		);
	}
});

lookup.run();
