/** The callback API: connecting. */
import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '@tooling/test';
import { connect, listen } from '@net/loop';
import { hasIPv6, onLinux, openSockets, temporaryFolder } from './support/machine.ts';
import { Log, rejection, serve } from './support/serving.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const connecting = suite('connect');
const folder = temporaryFolder();
connecting.after(() => folder.remove());

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const { port } = acceptor;
	await acceptor.close();
	return port ?? 0;
}

connecting('the open handler is called before the promise is fulfilled, with the same connection', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const log = new Log();
	const connection = await connect({ port: String(acceptor.port), host: '127.0.0.1' }, log.handlers);
	assert.equal(log.names, ['open']);
	assert.is(log.connection, connection);
	connection.close();
	await acceptor.close();
});

connecting("refused: the promise has the system's error, the handlers are not called", async () => {
	const port = await deadPort();
	const log = new Log();
	const error = await rejection(connect({ port, host: '127.0.0.1' }, log.handlers));
	assert.is(error.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
	assert.equal({ ...error }, { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port });
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	assert.equal(log.names, []);
});

connecting('a path that is not there', async () => {
	const path = folder.path('none');
	const error = await rejection(connect({ path }));
	assert.is(error.message, `connect ENOENT ${path}`);
	assert.equal({ ...error }, { errno: -2, code: 'ENOENT', syscall: 'connect', address: path });
});

connecting('names are resolved by lookup, which is asked for all addresses', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const asked: unknown[] = [];
	const connection = await connect({
		port: acceptor.port,
		host: 'some.where',
		family: 4,
		lookup: (host, options, callback) => {
			asked.push(host, { ...options });
			callback(null, [{ address: '127.0.0.1', family: 4 }]);
		},
	});
	assert.equal(asked, ['some.where', { family: 4, all: true }]);
	assert.is(connection.remoteAddress, '127.0.0.1');
	connection.close();
	const one = await connect({
		port: acceptor.port,
		host: 'some.where',
		lookup: (_host, _options, callback) => callback(null, '127.0.0.1', 4),
	});
	one.close();
	const local = await connect({ port: acceptor.port, host: 'localhost', family: 4 });
	local.close();
	await acceptor.close();
});

connecting('addresses are tried in their order until one answers', async () => {
	// Addresses of this test alone: on 127.0.0.1 somebody else may well listen on the same port.
	const acceptor = await listen({ port: 0, host: '127.0.0.9' });
	const connection = await connect({
		port: acceptor.port,
		host: 'some.where',
		lookup: (_host, _options, callback) =>
			callback(
				null,
				['127.0.0.7', '127.0.0.8', '127.0.0.9'].map((address) => ({ address, family: 4 })),
			),
	});
	assert.is(connection.remoteAddress, '127.0.0.9');
	connection.close();
	await acceptor.close();
});

connecting('when all addresses fail, the error has them all', async () => {
	const port = await deadPort();
	const error = await rejection(
		connect({
			port,
			host: 'some.where',
			lookup: (_host, _options, callback) =>
				callback(
					null,
					['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
				),
		}),
	);
	assert.instance(error, AggregateError);
	assert.is(error.code, 'ECONNREFUSED');
	const messages = error instanceof AggregateError ? error.errors.map(({ message }) => message) : [];
	assert.equal(messages, [`connect ECONNREFUSED 127.0.0.1:${port}`, `connect ECONNREFUSED 127.0.0.2:${port}`]);
});

connecting('what lookup answers wrongly is the error', async () => {
	const failure = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
	assert.is(
		await rejection(connect({ port: 1, host: 'x', lookup: (_host, _options, callback) => callback(failure, []) })),
		failure,
	);
	const empty = await rejection(
		connect({ port: 1, host: 'x', lookup: (_host, _options, callback) => callback(null, []) }),
	);
	assert.is(empty.code, 'ENOTFOUND');
	const family = await rejection(
		connect({
			port: 1,
			host: 'x',
			lookup: (_host, _options, callback) => callback(null, [{ address: '::1', family: 7 }]),
		}),
	);
	assert.is(family.code, 'ERR_INVALID_ADDRESS_FAMILY');
});

connecting('from a given address and port', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const localPort = await deadPort();
	const connection = await connect({ port: acceptor.port, host: '127.0.0.1', localAddress: '127.0.0.2', localPort });
	assert.is(connection.localAddress, '127.0.0.2');
	assert.is(connection.localPort, localPort);
	connection.close();
	const error = await rejection(
		connect({ port: acceptor.port, host: '127.0.0.1', localPort: acceptor.port ?? 0, localAddress: '127.0.0.1' }),
	);
	assert.is(error.code, 'EADDRINUSE');
	await acceptor.close();
});

connecting('IPv6', async () => {
	if (!hasIPv6) skip('no ::1 here');
	const { connection, gone } = await serve({}, {}, { listen: { host: '::1' }, connect: { host: '::1' } });
	assert.is(connection.remoteAddress, '::1');
	assert.is(connection.remoteFamily, 'IPv6');
	await gone();
});

connecting('a signal that aborts: before, during, after', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const place = { port: acceptor.port, host: '127.0.0.1' };
	const before = await rejection(connect({ ...place, signal: AbortSignal.abort('too early') }));
	assert.equal([before.name, before.code, before.cause], ['AbortError', 'ABORT_ERR', 'too early']);

	const controller = new AbortController();
	const log = new Log();
	const during = rejection(connect({ ...place, signal: controller.signal }, log.handlers));
	controller.abort('on the way');
	assert.equal([(await during).name, (await during).cause], ['AbortError', 'on the way']);
	assert.equal(log.names, []);

	// A few promise jobs later the attempt is under way, and only the loop could finish it.
	const connectingNow = new AbortController();
	const underWay = rejection(connect({ ...place, signal: connectingNow.signal }, log.handlers));
	for (let i = 0; i < 20; i++) await undefined;
	connectingNow.abort('under way');
	assert.equal([(await underWay).name, (await underWay).cause], ['AbortError', 'under way']);
	assert.equal(log.names, []);
	assert.is(getEventListeners(connectingNow.signal, 'abort').length, 0);

	const lookingUp = new AbortController();
	const asked = rejection(connect({ port: 1, host: 'x', signal: lookingUp.signal, lookup: () => lookingUp.abort() }));
	assert.is((await asked).name, 'AbortError');

	const late = new AbortController();
	const connection = await connect({ ...place, signal: late.signal }, log.handlers);
	late.abort('enough');
	await log.until('close');
	assert.equal(log.names, ['open', 'error', 'close']);
	assert.match(String(log.value('error')), 'AbortError');
	assert.is(log.value('close'), true);
	assert.is(connection.closed, true);

	const unused = new AbortController();
	const other = await connect({ ...place, signal: unused.signal }, log.handlers);
	other.close();
	await log.until('close', 2);
	assert.is(getEventListeners(unused.signal, 'abort').length, 0);
	unused.abort();
	assert.is(log.count('error'), 1);
	await acceptor.close();
});

connecting('attempts that fail or are aborted leave no descriptor behind', async () => {
	if (!onLinux) skip('looks into /proc');
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const port = await deadPort();
	const before = openSockets().length;
	for (let i = 0; i < 10; i++) {
		await rejection(connect({ port, host: '127.0.0.1' }));
		await rejection(connect({ path: folder.path('none') }));
		const controller = new AbortController();
		const aborted = rejection(connect({ port: acceptor.port, host: '127.0.0.1', signal: controller.signal }));
		for (let j = 0; j < 20; j++) await undefined;
		controller.abort();
		await aborted;
	}
	await acceptor.close();
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.ok(openSockets().length <= before, `${openSockets().length} sockets open, ${before} before`);
});

connecting("wrong options and handlers are rejected with Node's codes", async () => {
	const cases: [options: unknown, handlers: unknown, code: string][] = [
		[undefined, {}, 'ERR_INVALID_ARG_TYPE'],
		[null, {}, 'ERR_INVALID_ARG_TYPE'],
		[8124, {}, 'ERR_INVALID_ARG_TYPE'],
		[{}, {}, 'ERR_MISSING_ARGS'],
		[{ port: -1 }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: 65_536 }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: 1.5 }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: '' }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: true }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: 1, host: 5 }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, family: 5 }, {}, 'ERR_INVALID_ARG_VALUE'],
		[{ port: 1, lookup: 'dns' }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, localAddress: 'here' }, {}, 'ERR_INVALID_IP_ADDRESS'],
		[{ port: 1, localAddress: 1 }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, localPort: 'x' }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ path: 5 }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ fd: '0' }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ fd: -1 }, {}, 'ERR_OUT_OF_RANGE'],
		[{ port: 1, signal: 'stop' }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, noDelay: 1 }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, keepAlive: 'yes' }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, keepAliveInitialDelay: -5 }, {}, 'ERR_OUT_OF_RANGE'],
		[{ port: 1, allowHalfOpen: null }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1, pauseOnConnect: 0 }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1 }, null, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1 }, { data: 'x' }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 1 }, { open: {} }, 'ERR_INVALID_ARG_TYPE'],
	];
	// Wrong on purpose, so the types have to be told otherwise.
	const call = connect as (options: unknown, handlers: unknown) => ReturnType<typeof connect>;
	for (const [options, handlers, code] of cases) {
		assert.is((await rejection(call(options, handlers))).code, code, JSON.stringify([options, handlers]));
	}
});

connecting.run();
