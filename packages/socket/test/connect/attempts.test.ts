import { once } from 'node:events';

import { connect } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { closedPort, startPeer } from '../support/peer.ts';

const attempts = suite('attempts');

/** An attempt must not time out because the machine is busy. */
const autoSelectFamilyAttemptTimeout = 60_000;

attempts('a refused connection is an error with all of its fields', async () => {
	const port = await closedPort();
	const socket = connect(port, '127.0.0.1');
	const failed = once(socket, 'connectionAttemptFailed');
	const error = await failure(socket);
	assert.equal({ ...error }, { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port });
	assert.is(error.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
	assert.equal(await failed, ['127.0.0.1', port, 4, error]);
	assert.equal(await once(socket, 'close'), [true]);
});

attempts('a path that nobody listens on is refused in the next round of the loop', async () => {
	const socket = connect('/nowhere/at/all.sock');
	assert.is(socket.connecting, true);
	const error = await failure(socket);
	assert.is(error.message, 'connect ENOENT /nowhere/at/all.sock');
	assert.is(error.address, '/nowhere/at/all.sock');
	assert.is('port' in error, false);
});

attempts('a path that is too long is invalid, and not cut', async () => {
	const path = `/tmp/${'x'.repeat(200)}`;
	const error = await failure(connect(path));
	assert.is(error.code, 'EINVAL');
});

attempts('all addresses of a name are tried, families in turn, until one answers', async () => {
	const server = await startPeer();
	const socket = connect({
		port: server.port,
		host: 'some.name',
		lookup: answer('::1', '127.0.0.2', '::1', '127.0.0.1'),
		autoSelectFamilyAttemptTimeout,
	});
	const tried: unknown[] = [];
	socket.on('connectionAttempt', (address, _port, family) => tried.push([address, family]));
	await once(socket, 'connect');
	assert.equal(tried.slice(0, 2), [
		['::1', 6],
		['127.0.0.2', 4],
	]);
	assert.is(socket.remoteAddress, '127.0.0.1');
	assert.equal(socket.autoSelectFamilyAttemptedAddresses, [
		`::1:${server.port}`,
		`127.0.0.2:${server.port}`,
		`127.0.0.1:${server.port}`,
	]);
	socket.destroy();
	await server.close();
});

attempts('when all fail, the error has them all', async () => {
	const port = await closedPort();
	const lookup = answer('127.0.0.1', '::1');
	const socket = connect({ port, host: 'some.name', lookup, autoSelectFamilyAttemptTimeout });
	const error = await failure(socket);
	assert.instance(error, AggregateError);
	assert.is(error.code, 'ECONNREFUSED');
	assert.equal(
		error.errors?.map(({ message }) => message),
		[`connect ECONNREFUSED 127.0.0.1:${port}`, `connect ECONNREFUSED ::1:${port}`],
	);
});

attempts('the local end is bound, and told in errors', async () => {
	const server = await startPeer();
	const localPort = await closedPort();
	const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.1', localPort });
	await once(socket, 'connect');
	assert.is(socket.localPort, localPort);
	socket.destroy();
	await once(socket, 'close');
	await server.close();

	const refused = { port: server.port, host: '127.0.0.1', localAddress: '127.0.0.1', localPort: await closedPort() };
	const error = await failure(connect(refused));
	assert.match(error.message, `- Local (127.0.0.1:${refused.localPort})`);
	assert.is(error.localAddress, '127.0.0.1');
	assert.is(error.localPort, refused.localPort);
});

attempts('a blocked address is not connected to', async () => {
	const asked: unknown[] = [];
	const blockList = { check: (...question: unknown[]) => asked.push(question) > 0 };
	const error = await failure(connect({ port: 1, host: '127.0.0.1', blockList }));
	assert.is(error.code, 'ERR_IP_BLOCKED');
	assert.equal(asked, [['127.0.0.1', 'ipv4']]);
});

attempts('a socket that is destroyed in its first event does not connect', async () => {
	const server = await startPeer();
	const socket = connect(server.port, '127.0.0.1');
	socket.on('connectionAttempt', () => socket.destroy());
	socket.on('connect', () => assert.unreachable());
	await once(socket, 'close');
	await server.close();
});

function answer(...addresses: string[]) {
	return (_host: string, options: object, callback: (error: null, found: object[]) => void): void => {
		assert.is(Object(options).all, true);
		const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
		setImmediate(callback, null, found);
	};
}

/** The socket's error, whose further properties depend on what failed. */
/** A connect error, or an AggregateError of several. */
interface Failure extends Error {
	code?: string;
	address?: string;
	localAddress?: string;
	localPort?: number;
	errors?: Error[];
}

async function failure(socket: ReturnType<typeof connect>): Promise<Failure> {
	return new Promise((resolve) => socket.once('error', resolve));
}

attempts.run();
