/** `for await (const socket of server)`. */
import { once } from 'node:events';

import { Server, createServer } from '@net/server';
import { connect } from '@net/socket';
import type { Socket } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('connections');

async function listening(): Promise<{ server: Server; port: number }> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

test('a loop over a server gets its connections, and ends when it closes', async () => {
	const { server, port } = await listening();
	const clients = [1, 2, 3].map((number) => connect(port, '127.0.0.1').end(String(number)));
	const texts: string[] = [];
	for await (const socket of server) {
		let text = '';
		for await (const chunk of socket) text += String(chunk);
		texts.push(text);
		if (texts.length === clients.length) server.close();
	}
	assert.equal(texts.sort(), ['1', '2', '3']);
	assert.is(server.listenerCount('connection'), 0);
	assert.is(server.listenerCount('error'), 0);
});

test('what came before it is asked for waits, in order', async () => {
	const { server, port } = await listening();
	const connections = server[Symbol.asyncIterator]();
	const seen: Socket[] = [];
	server.on('connection', (socket) => seen.push(socket));
	const clients = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
	while (seen.length < 2) await once(server, 'connection');
	for (const socket of seen) assert.is((await connections.next()).value, socket);
	const none = connections.next();
	for (const socket of [...clients, ...seen]) socket.destroy();
	server.close();
	assert.equal(await none, { value: undefined, done: true });
	assert.equal(await connections.next(), { value: undefined, done: true });
});

test('leaving the loop destroys what nobody asked for; the server goes on', async () => {
	const { server, port } = await listening();
	const connections = server[Symbol.asyncIterator]();
	const client = connect(port, '127.0.0.1');
	client.resume();
	await once(server, 'connection');
	await connections.return?.();
	await once(client, 'close');
	assert.ok(server.listening);
	assert.is(server.listenerCount('connection'), 0);
	server.close();
	await once(server, 'close');
});

test('one that is gone before it is asked for is left out', async () => {
	const { server, port } = await listening();
	const connections = server[Symbol.asyncIterator]();
	const client = connect(port, '127.0.0.1');
	const [socket] = await once(server, 'connection');
	socket.destroy(new Error('before anybody looked'));
	client.resume();
	await once(client, 'close');
	const next = connections.next();
	server.close();
	assert.equal(await next, { value: undefined, done: true });
});

test("the server's error ends the loop, once", async () => {
	const { server, port } = await listening();
	const other = new Server();
	const connections = other[Symbol.asyncIterator]();
	other.listen(port, '127.0.0.1');
	try {
		await connections.next();
		assert.unreachable();
	} catch (error) {
		assert.is(Object(error).code, 'EADDRINUSE');
	}
	assert.equal(await connections.next(), { value: undefined, done: true });
	const late = new Server();
	const queued = late[Symbol.asyncIterator]();
	late.emit('error', new Error('kept until somebody asks'));
	try {
		await queued.next();
		assert.unreachable();
	} catch (error) {
		assert.is(Object(error).message, 'kept until somebody asks');
	}
	server.close();
	await once(server, 'close');
});

test.run();
