/** `@net/node/promises`. */
import { once } from 'node:events';

import net from '@net/node';
import promises, { connect, listen } from '@net/node/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('@net/node/promises');

type Server = InstanceType<typeof net.Server>;

function portOf(server: Server): number {
	return Object(server.address()).port;
}

/** What a promise was rejected with. */
async function reason(
	promise: Promise<unknown>,
): Promise<{ code?: string; name?: string; message: string; cause?: unknown }> {
	try {
		await promise;
	} catch (error) {
		return Object(error);
	}
	throw new Error('it was not rejected');
}

async function closed(server: Server): Promise<void> {
	server.close();
	await once(server, 'close');
}

test('the same by name and as default', () => {
	assert.equal(promises, { connect, listen });
});

test('an echo: listen, connect, loops on both sides', async () => {
	const server = await listen(0, '127.0.0.1');
	assert.instance(server, net.Server);
	assert.ok(server.listening);
	const connections = server[Symbol.asyncIterator]();
	const socket = await connect(portOf(server), '127.0.0.1');
	assert.instance(socket, net.Socket);
	assert.is(socket.readyState, 'open');
	assert.equal(
		['error', 'connect'].map((name) => socket.listenerCount(name)),
		[0, 0],
	);
	socket.end('hello');
	for await (const peer of connections) {
		peer.pipe(peer);
		server.close();
	}
	let text = '';
	for await (const chunk of socket) text += String(chunk);
	assert.is(text, 'hello');
});

test('every form of listen', async () => {
	let connections = 0;
	const count = (peer: InstanceType<typeof net.Socket>): void => {
		connections++;
		peer.destroy();
	};
	const forms = [
		[],
		[0],
		[0, '127.0.0.1', 5],
		[0, '127.0.0.1', count],
		[{ port: 0, host: '127.0.0.1', allowHalfOpen: true }, count],
	];
	for (const form of forms) {
		const server: Server = await Reflect.apply(listen, undefined, form);
		assert.ok(server.listening);
		assert.is(server.listenerCount('connection'), form.includes(count) ? 1 : 0);
		if (form.includes(count)) {
			const socket = await connect({ port: portOf(server), host: '127.0.0.1' });
			await once(socket.resume(), 'close');
		}
		await closed(server);
	}
	assert.is(connections, 2);
});

test('a refused connection and a port in use reject', async () => {
	const server = await listen(0, '127.0.0.1');
	const port = portOf(server);
	assert.is((await reason(listen(port, '127.0.0.1'))).code, 'EADDRINUSE');
	await closed(server);
	assert.is((await reason(connect(port, '127.0.0.1'))).code, 'ECONNREFUSED');
});

test('wrong arguments reject, with the codes of net', async () => {
	assert.is((await reason(connect({} as never))).code, 'ERR_MISSING_ARGS');
	assert.is((await reason(connect(70_000))).code, 'ERR_SOCKET_BAD_PORT');
	assert.is((await reason(listen({}))).code, 'ERR_INVALID_ARG_VALUE');
	assert.is((await reason(listen({ port: 0, signal: 1 as never }))).code, 'ERR_INVALID_ARG_TYPE');
});

test('a signal aborts: before, meanwhile, and a server afterwards', async () => {
	const aborted = AbortSignal.abort(new Error('why'));
	for (const promise of [
		listen({ port: 0, signal: aborted }),
		connect({ port: 1, host: '127.0.0.1', signal: aborted }),
	]) {
		const error = await reason(promise);
		assert.is(error.name, 'AbortError');
		assert.is(error.code, 'ABORT_ERR');
		assert.is(Object(error.cause).message, 'why');
	}
	const meanwhile = new AbortController();
	const connecting = connect({ port: 1, host: 'example.test', lookup: () => {}, signal: meanwhile.signal });
	const starting = listen({ port: 0, host: '127.0.0.1', signal: meanwhile.signal });
	meanwhile.abort();
	assert.is((await reason(connecting)).name, 'AbortError');
	assert.is((await reason(starting)).name, 'AbortError');
	const later = new AbortController();
	const server = await listen({ port: 0, host: '127.0.0.1', signal: later.signal });
	later.abort();
	await once(server, 'close');
	assert.not(server.listening);
});

test('a socket that is destroyed while it connects rejects', async () => {
	const error = await reason(
		connect({
			port: 1,
			host: 'example.test',
			lookup(this: unknown, _name: string, _options: object, callback) {
				callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), '', 4);
			},
		}),
	);
	assert.is(error.code, 'ENOTFOUND');
});

test.run();
