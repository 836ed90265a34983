import { getEventListeners, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createServer } from '@net/server';
import type { Server } from '@net/server';
import { startCommand } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const listening = suite('listen');
const folder = mkdtempSync(join(tmpdir(), 'net-server-'));
listening.after(() => rmSync(folder, { recursive: true }));

listening('without a host it is there for both families, at once', async () => {
	const server = createServer().listen(0);
	const { address, family, port } = Object(server.address());
	assert.is(server.listening, true);
	await once(server, 'listening');
	if (family === 'IPv6') {
		assert.is(address, '::');
		await connectTo({ port, host: '::1' });
	}
	await connectTo({ port, host: '127.0.0.1' });
	await close(server);
	assert.is(server.address(), null);
});

listening('with no descriptor left it fails as on node:net, by an error event', async () => {
	const program = fileURLToPath(new URL('programs/listen-no-descriptors.mjs', import.meta.url));
	const told: string[] = [];
	for (const module of ['node:net', '@net/server']) {
		const limited = ['sh', '-c', 'ulimit -n 200; exec "$0" "$@"', process.execPath, program, module];
		await using run = startCommand(limited);
		assert.is(await run.ended, 0, run.output());
		told.push(run.output());
	}
	assert.is(told[1], told[0]);
	assert.is(told[0]?.match(/^EMFILE listen /gm)?.length, 5);
});

listening('ipv6Only leaves IPv4 alone', async () => {
	const server = createServer().listen({ port: 0, host: '::', ipv6Only: true });
	await once(server, 'listening');
	const { port } = Object(server.address());
	// On 127.0.0.1 somebody else may well listen on that port, now that others can.
	const client = net.connect({ port, host: '127.0.0.9' });
	const error = await new Promise((resolve) => client.once('error', resolve));
	assert.is(Object(error).code, 'ECONNREFUSED');
	await close(server);
});

listening('a host is looked up', async () => {
	const server = createServer().listen({ port: 0, host: 'localhost' });
	assert.is(server.listening, false);
	assert.is(server.address(), null);
	await once(server, 'listening');
	assert.match(Object(server.address()).address, /^(127\.0\.0\.1|::1)$/);
	await close(server);
});

listening('a port in use is an error, and the server can try again', async () => {
	const first = createServer().listen(0, '127.0.0.1');
	await once(first, 'listening');
	const { port } = Object(first.address());
	const second = createServer().listen(port, '127.0.0.1');
	const error = Object(await new Promise((resolve) => second.once('error', resolve)));
	assert.is(error.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
	assert.equal([error.code, error.syscall, error.address, error.port], ['EADDRINUSE', 'listen', '127.0.0.1', port]);
	assert.is(second.listening, false);
	await close(first);
	second.listen(port, '127.0.0.1');
	await once(second, 'listening');
	await close(second);
});

listening('a Unix socket: address, modes, in use, gone at close', async () => {
	const path = join(folder, 'server.sock');
	const server = createServer().listen({ path, readableAll: true, writableAll: true });
	await once(server, 'listening');
	assert.is(server.address(), path);
	assert.is(statSync(path).mode & 0o666, 0o666);
	await connectTo({ path });
	const second = createServer().listen(path);
	const error = Object(await new Promise((resolve) => second.once('error', resolve)));
	assert.is(error.message, `listen EADDRINUSE: address already in use ${path}`);
	await close(server);
	assert.is(existsSync(path), false);
});

listening('a file in the way is not removed', async () => {
	const path = join(folder, 'file');
	writeFileSync(path, 'mine');
	const server = createServer().listen(path);
	const error = await new Promise((resolve) => server.once('error', resolve));
	assert.is(Object(error).code, 'EADDRINUSE');
	assert.is(existsSync(path), true);
});

listening('twice is an error of the program', async () => {
	const server = createServer().listen(0);
	assert.throws(() => server.listen(0), code('ERR_SERVER_ALREADY_LISTEN'));
	await close(server);
});

listening('bad arguments throw, and leave the server usable', async () => {
	const server = createServer();
	const call = (...args: unknown[]) => Reflect.apply(server.listen, server, args);
	assert.throws(() => call(65_536), code('ERR_SOCKET_BAD_PORT'));
	assert.throws(() => call({}), code('ERR_INVALID_ARG_VALUE'));
	assert.throws(() => call({ path: '\0abstract', readableAll: true }), code('ERR_INVALID_ARG_VALUE'));
	assert.throws(() => call({ port: 0, signal: {} }), code('ERR_INVALID_ARG_TYPE'));
	server.listen(0);
	await once(server, 'listening');
	await close(server);
});

listening('closed while the host is looked up, it never listens', async () => {
	const server = createServer();
	server.on('listening', () => assert.unreachable());
	server.listen({ port: 0, host: 'localhost' });
	server.close();
	await once(server, 'close');
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(server.listening, false);
});

listening('an abort closes it, and leaves nothing on the signal', async () => {
	const controller = new AbortController();
	const server = createServer().listen({ port: 0, signal: controller.signal });
	await once(server, 'listening');
	controller.abort();
	await once(server, 'close');
	assert.is(getEventListeners(controller.signal, 'abort').length, 0);

	const closed = new AbortController();
	const second = createServer().listen({ port: 0, signal: closed.signal });
	await close(second);
	assert.is(getEventListeners(closed.signal, 'abort').length, 0);
});

listening("another server's listener can be taken over", async () => {
	const first = createServer().listen(0, '127.0.0.1');
	await once(first, 'listening');
	const second = createServer((socket) => socket.end('second')).listen(first);
	await once(second, 'listening');
	assert.equal(second.address(), first.address());
	const client = net.connect(Object(second.address()).port, '127.0.0.1');
	const [chunk] = await once(client, 'data');
	assert.is(String(chunk), 'second');
	client.destroy();
	first.close();
	await close(second);
});

async function connectTo(target: net.NetConnectOpts): Promise<void> {
	const client = net.connect(target);
	await once(client, 'connect');
	client.destroy();
	await once(client, 'close');
}

async function close(server: Server): Promise<void> {
	server.on('connection', (socket) => socket.destroy());
	server.close();
	await once(server, 'close');
}

function code(expected: string): (error: unknown) => boolean {
	return (error) => Object(error).code === expected;
}

listening.run();
