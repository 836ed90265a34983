import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { inherits } from 'node:util';

import { Server, createServer } from '@net/server';
import { Socket } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const servers = suite('Server');

servers('is made with and without new, on another this, and extended', () => {
	for (const made of [new Server(), Server(), createServer()]) {
		assert.instance(made, Server);
		assert.instance(made, EventEmitter);
		assert.is(made.constructor.name, 'Server');
	}
	function Old(this: Server): void {
		Reflect.apply(Server, this, [{ allowHalfOpen: true }]);
	}
	inherits(Old, Server);
	assert.is(Reflect.construct(Old, []).allowHalfOpen, true);
	class Counting extends Server {
		count = 0;
	}
	assert.instance(new Counting(), Server);
});

servers('an echo server', async () => {
	const server = createServer((socket) => {
		assert.instance(socket, Socket);
		assert.is(socket.server, server);
		socket.write('hello\r\n');
		socket.pipe(socket);
	});
	const port = await listen(server);
	const client = net.connect(port, '127.0.0.1');
	client.setEncoding('utf8');
	let text = '';
	client.on('data', (chunk) => {
		text += chunk;
		if (text === 'hello\r\nworld') client.end();
	});
	client.write('world');
	await once(client, 'close');
	assert.is(text, 'hello\r\nworld');
	await close(server);
});

servers('counts its connections, and closes when the last is gone', async () => {
	const server = createServer();
	const port = await listen(server);
	const [first, second] = [net.connect(port, '127.0.0.1'), net.connect(port, '127.0.0.1')];
	const accepted: Socket[] = [];
	while (accepted.length < 2) accepted.push((await once(server, 'connection'))[0]);
	assert.is(await count(server), 2);
	let closed = false;
	server.close(() => (closed = true));
	assert.is(server.listening, false);
	for (const socket of accepted) socket.resume();
	first.destroy();
	await Promise.race(accepted.map((socket) => once(socket, 'close')));
	assert.is(await count(server), 1);
	assert.is(closed, false);
	second.destroy();
	await once(server, 'close');
	assert.is(closed, true);
	assert.is(await count(server), 0);
});

servers('close() of a server that does not listen says so', async () => {
	const error = await new Promise((resolve) => createServer().close(resolve));
	assert.is(Object(error).code, 'ERR_SERVER_NOT_RUNNING');
});

servers('can be disposed of, also twice', async () => {
	const server = createServer();
	await listen(server);
	await server[Symbol.asyncDispose]();
	assert.is(server.listening, false);
	await server[Symbol.asyncDispose]();
});

servers("Node's http server speaks over its sockets", async () => {
	const body = Buffer.alloc(3_000_000, 'x');
	const web = http.createServer((request, response) => {
		let size = 0;
		request.on('data', (chunk) => (size += chunk.length));
		request.on('end', () => response.end(size === 0 ? 'hello' : body));
	});
	web.on('upgrade', (_request, socket, head) => socket.end(`HTTP/1.1 101 OK\r\n\r\n${head}`));
	const server = createServer((socket) => web.emit('connection', socket));
	const port = await listen(server);
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	assert.is(await request(port, agent), 'hello');
	assert.is((await request(port, agent, body)).length, body.length);
	assert.is(await request(port, agent), 'hello');
	agent.destroy();

	const client = net.connect(port, '127.0.0.1');
	client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhead');
	let answer = '';
	client.on('data', (chunk) => (answer += chunk));
	await once(client, 'end');
	assert.match(answer, /101 OK\r\n\r\nhead$/);
	await close(server);
});

servers('refuses bad options', () => {
	const make = (...args: unknown[]) => Reflect.construct(Server, args);
	assert.throws(() => make(1), code('ERR_INVALID_ARG_TYPE'));
	assert.throws(() => make({ highWaterMark: '1' }), code('ERR_INVALID_ARG_TYPE'));
	assert.throws(() => make({ keepAliveInitialDelay: '1' }), code('ERR_INVALID_ARG_TYPE'));
	assert.throws(() => make({ blockList: {} }), code('ERR_INVALID_ARG_TYPE'));
	assert.is(make(null).listening, false);
});

async function listen(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return Object(server.address()).port;
}

async function close(server: Server): Promise<void> {
	server.close();
	await once(server, 'close');
}

function count(server: Server): Promise<number> {
	return new Promise((resolve) => server.getConnections((_error, connections) => resolve(connections)));
}

function request(port: number, agent: http.Agent, body?: Buffer): Promise<string> {
	return new Promise((resolve, reject) => {
		const asked = http.request({ port, host: '127.0.0.1', agent, method: body ? 'POST' : 'GET' }, (response) => {
			let text = '';
			response.on('data', (chunk) => (text += chunk));
			response.on('end', () => resolve(text));
		});
		asked.on('error', reject);
		asked.end(body);
	});
}

function code(expected: string): (error: unknown) => boolean {
	return (error) => Object(error).code === expected;
}

servers.run();
