import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import net from 'node:net';

import { Server, createServer } from '@net/server';
import type { ServerOptions } from '@net/server';
import { Socket } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const accepting = suite('accept');

accepting('pauseOnConnect: nothing is read until resume()', async () => {
	const { client, server, socket } = await accept({ pauseOnConnect: true });
	client.end('hello');
	assert.is(socket.isPaused(), true);
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(socket.bytesRead, 0);
	let text = '';
	socket.on('data', (chunk) => (text += chunk));
	socket.resume();
	await once(socket, 'end');
	assert.is(text, 'hello');
	await close(server, client, socket);
});

accepting('allowHalfOpen and highWaterMark are those of the server', async () => {
	const { client, server, socket } = await accept({ allowHalfOpen: true, highWaterMark: 1234 });
	assert.is(socket.allowHalfOpen, true);
	assert.is(socket.readableHighWaterMark, 1234);
	assert.is(socket.writableHighWaterMark, 1234);
	await close(server, client, socket);
});

accepting('one connection too many is dropped, and told', async () => {
	const { client, server, socket } = await accept({});
	server.maxConnections = 1;
	const { port } = Object(server.address());
	const dropped = once(server, 'drop');
	const second = net.connect(port, '127.0.0.1');
	const [told] = await dropped;
	assert.is(Object.getPrototypeOf(told), null);
	assert.equal(
		{ ...told },
		{
			localAddress: '127.0.0.1',
			localPort: port,
			localFamily: 'IPv4',
			remoteAddress: '127.0.0.1',
			remotePort: told.remotePort,
			remoteFamily: 'IPv4',
		},
	);
	second.resume();
	await once(second, 'close');
	await close(server, client, socket);
});

accepting('a blocked peer gets no socket', async () => {
	const asked: unknown[] = [];
	const server = createServer({ blockList: { check: (...question: unknown[]) => asked.push(question) > 0 } }, () =>
		assert.unreachable(),
	).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = net.connect(Object(server.address()).port, '127.0.0.1');
	client.on('error', () => {});
	client.resume();
	await new Promise((resolve) => client.once('close', resolve));
	assert.equal(asked, [['127.0.0.1', 'ipv4']]);
	await close(server, client);
});

for (const [where, options] of [
	['a drop listener', {}],
	['the check of a block list', { blockList: { check: () => fail('the check of a block list') } }],
] as const) {
	accepting(`an exception in ${where} leaves no connection open`, async () => {
		const server = createServer(options, () => assert.unreachable()).listen(0, '127.0.0.1');
		if (where === 'a drop listener') server.on('drop', () => fail(where)).maxConnections = 0;
		await once(server, 'listening');
		const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
		const client = net.connect(Object(server.address()).port, '127.0.0.1');
		client.on('error', () => {}).resume();
		await new Promise((resolve) => client.once('close', resolve));
		assert.match(String(await uncaught), where);
		await close(server, client);
	});
}

accepting('an exception in one connection listener costs no other its event', async () => {
	const server = createServer((socket) => {
		socket.end('fine');
		if (++connections === 1) throw new Error('in the listener');
	}).listen(0, '127.0.0.1');
	let connections = 0;
	await once(server, 'listening');
	const { port } = Object(server.address());
	const thrown = once(process, 'uncaughtException');
	const texts = await Promise.all([textFrom(port), textFrom(port), textFrom(port)]);
	assert.equal(texts, ['fine', 'fine', 'fine']);
	assert.is((await thrown)[0].message, 'in the listener');
	server.close();
	await once(server, 'close');
});

accepting('with captureRejections an async listener that fails destroys its socket', async () => {
	EventEmitter.captureRejections = true;
	const server = createServer(async (socket) => {
		socket.on('error', (error) => (failed = error));
		throw new Error('rejected');
	}).listen(0, '127.0.0.1');
	let failed: Error | undefined;
	EventEmitter.captureRejections = false;
	await once(server, 'listening');
	await textFrom(Object(server.address()).port);
	assert.is(failed?.message, 'rejected');
	server.close();
	await once(server, 'close');
});

accepting('channels tell of sockets and of listening', async () => {
	const told: string[] = [];
	const names = ['net.server.socket', 'tracing:net.server.listen:asyncStart', 'tracing:net.server.listen:asyncEnd'];
	const listeners = names.map((name) => {
		// The portable driver's host publishes its own.
		const listener = (message: unknown): void => {
			const { server, socket } = Object(message);
			if (server instanceof Server || socket instanceof Socket)
				told.push(`${name} ${Object.keys(Object(message)).join()}`);
		};
		diagnostics.subscribe(name, listener);
		return (): boolean => diagnostics.unsubscribe(name, listener);
	});
	const { client, server, socket } = await accept({});
	listeners.forEach((unsubscribe) => unsubscribe());
	assert.equal(told, [
		'tracing:net.server.listen:asyncStart server,options',
		'tracing:net.server.listen:asyncEnd server',
		'net.server.socket socket',
	]);
	await close(server, client, socket);
});

accepting('connections see the store of listen(), their own events see none', async () => {
	const storage = new AsyncLocalStorage<string>();
	const seen: (string | undefined)[] = [];
	const server = createServer((socket) => {
		seen.push(storage.getStore());
		socket.on('data', () => seen.push(storage.getStore()));
		socket.on('end', () => socket.end());
	});
	storage.run('listen', () => server.listen(0, '127.0.0.1'));
	await once(server, 'listening');
	const client = net.connect(Object(server.address()).port, '127.0.0.1');
	client.end('x');
	client.resume();
	await once(client, 'close');
	assert.equal(seen, ['listen', undefined]);
	await close(server, client);
});

async function accept(options: ServerOptions): Promise<{ client: net.Socket; server: Server; socket: Socket }> {
	const server = createServer(options).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = net.connect(Object(server.address()).port, '127.0.0.1');
	const [socket] = await once(server, 'connection');
	socket.on('error', () => {});
	return { client, server, socket };
}

/** Destroys what is open and waits until the server is closed. */
async function close(server: Server, ...sockets: { destroy: () => unknown }[]): Promise<void> {
	const closed = once(server, 'close');
	server.close();
	for (const socket of sockets) socket.destroy();
	await closed;
}

function fail(where: string): never {
	throw new Error(where);
}

function textFrom(port: number): Promise<string> {
	return new Promise((resolve) => {
		let text = '';
		const client = net.connect(port, '127.0.0.1');
		client.on('data', (chunk) => (text += chunk));
		client.on('error', () => {});
		client.on('close', () => resolve(text));
	});
}

accepting.run();
