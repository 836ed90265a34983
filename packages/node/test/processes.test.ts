/** Connections and servers that change hands: ours, Node's own, another process'. Not a byte and no descriptor is lost. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import host from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import net from '@net/node';
import { toNodeServer, toNodeSocket } from '@net/node/processes';
import { skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { bytesOf, gone, hostPair, openSockets, pair, portOf, rounds } from './support/sockets.ts';

const processes = suite('processes');

function codeOf(error: unknown): unknown {
	return Object(error).code;
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => 'fulfilled',
		(error: unknown) => codeOf(error),
	);
}

processes('what was received and not read goes with the connection', async () => {
	const before = await openSockets();
	const { near, far } = await pair();
	const payload = randomBytes(300_000);
	far.end(payload);
	// The stream holds some, the handle some, the kernel the rest.
	await once(near, 'readable');
	const first: unknown = near.read(10);
	assert.ok(Buffer.isBuffer(first));
	const closed = once(near, 'close');
	const moved = await toNodeSocket(near);
	assert.ok(moved instanceof host.Socket);
	assert.is(moved.remotePort, far.localPort);
	assert.is(moved.isPaused(), true);
	await closed;
	assert.ok(Buffer.concat([first, await bytesOf(moved)]).equals(payload));
	await gone(moved, far);
	assert.is(await openSockets(), before);
});

processes('what was written and not sent leaves first', async () => {
	const { near, far } = await pair({ allowHalfOpen: true });
	const payload = randomBytes(8_000_000);
	let answered = false;
	near.write(payload, () => (answered = true));
	const moving = toNodeSocket(near);
	await rounds(5);
	assert.is(answered, false, 'the kernel takes no eight megabytes');
	const received = bytesOf(far);
	const moved = await moving;
	assert.is(answered, true);
	moved.end('and then this');
	assert.ok((await received).equals(Buffer.concat([payload, Buffer.from('and then this')])));
	await gone(moved, far);
});

processes('a half-closed connection stays half-closed', async () => {
	const { near, far } = await pair({ allowHalfOpen: true });
	far.allowHalfOpen = true;
	near.end('the end of one side');
	const moved = await toNodeSocket(near);
	assert.is(moved.writable, false);
	assert.is(String(await bytesOf(far)), 'the end of one side');
	far.end('the end of the other');
	assert.is(String(await bytesOf(moved)), 'the end of the other');
	await gone(moved, far);
});

processes('what one wake-up brings for many connections is lost for none', async () => {
	const before = await openSockets();
	const count = 30;
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const nears: InstanceType<typeof net.Socket>[] = [];
	const all = new Promise<void>((resolve) => {
		server.on('connection', (socket) => {
			if (nears.push(socket) === count) resolve();
		});
	});
	const fars = Array.from({ length: count }, () => host.connect(portOf(server), '127.0.0.1'));
	await all;
	server.close();
	let moving: Promise<host.Socket>[] | undefined;
	const early = nears.map(() => '');
	const started = new Promise<void>((resolve) => {
		for (const [i, near] of nears.entries()) {
			near.on('data', (chunk) => {
				early[i] = `${early[i]}${chunk}`;
				// In the midst of the wake-up that received for the others, too.
				moving ??= nears.map((each) => toNodeSocket(each));
				resolve();
			});
		}
	});
	for (const far of fars) far.write(`from ${far.localPort}`);
	await started;
	const moved = await Promise.all(moving ?? []);
	assert.is(moved.length, count);
	for (const far of fars) far.end(' to the end');
	for (const [i, socket] of moved.entries()) {
		const port = socket.remotePort;
		assert.is(early[i] + String(await bytesOf(socket)), `from ${port} to the end`);
	}
	await gone(...moved, ...fars);
	assert.is(await openSockets(), before);
});

processes('what cannot be moved is told, and stays what it was', async () => {
	const { near, far } = await pair();
	assert.is(await rejection(Reflect.apply(toNodeSocket, undefined, [far])), 'ERR_INVALID_ARG_TYPE');
	assert.is(await rejection(Reflect.apply(toNodeSocket, undefined, [{}])), 'ERR_INVALID_ARG_TYPE');
	assert.is(await rejection(toNodeSocket(new net.Socket())), 'ERR_SOCKET_CLOSED');
	near.setEncoding('utf8');
	assert.is(await rejection(toNodeSocket(near)), 'ERR_INVALID_ARG_VALUE');
	far.end('still read');
	assert.equal(await once(near, 'data'), ['still read']);
	await gone(near, far);

	const closed = await pair();
	await gone(closed.near, closed.far);
	assert.is(await rejection(toNodeSocket(closed.near)), 'ERR_SOCKET_CLOSED');

	const free = host.createServer().listen(0, '127.0.0.1');
	await once(free, 'listening');
	const port = portOf(free);
	free.close();
	await once(free, 'close');
	assert.is(await rejection(toNodeSocket(net.connect(port, '127.0.0.1'))), 'ECONNREFUSED');
});

processes('a connection that fails while its bytes leave is not moved', async () => {
	const before = await openSockets();
	const { near, far } = await pair();
	near.on('error', () => {});
	near.write(randomBytes(8_000_000));
	const moving = rejection(toNodeSocket(near));
	far.resetAndDestroy();
	assert.match(String(await moving), /^(EPIPE|ECONNRESET)$/);
	await gone(near, far);
	assert.is(await openSockets(), before);
});

processes('it waits until the connection is there', async () => {
	const server = host.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const moved = await toNodeSocket(net.connect(portOf(server), '127.0.0.1'));
	assert.is(String(await bytesOf(moved)), 'hello');
	await gone(moved);
	server.close();
	await once(server, 'close');
});

processes("Node's socket under ours: what it had read comes first", async () => {
	const before = await openSockets();
	const { near, far } = await hostPair();
	const payload = randomBytes(200_000);
	far.write(payload.subarray(0, 100_000));
	await once(near, 'readable');
	const first: unknown = near.read(10);
	assert.ok(Buffer.isBuffer(first));
	assert.ok(near.readableLength > 0);
	const closed = once(near, 'close');
	const socket = new net.Socket({ handle: near });
	assert.is(socket.readyState, 'open');
	await closed;
	far.end(payload.subarray(100_000));
	assert.ok(Buffer.concat([first, await bytesOf(socket)]).equals(payload));
	assert.is(socket.bytesRead, payload.length - 10);
	await gone(socket, far);
	assert.is(await openSockets(), before);
});

processes("Node's socket that cannot be taken over stays what it was", async () => {
	const before = await openSockets();
	const { near, far } = await hostPair();
	const over = (handle: host.Socket): unknown => {
		try {
			return new net.Socket({ handle });
		} catch (error) {
			return codeOf(error);
		}
	};
	near.write(randomBytes(8_000_000));
	assert.is(over(near), 'EBUSY');
	assert.is(near.destroyed, false);
	const received = bytesOf(far);
	near.end();
	assert.is((await received).length, 8_000_000);
	await gone(near, far);
	assert.is(over(near), 'EBADF');
	assert.is(over(new host.Socket()), 'EBADF');
	assert.is(over(Object.assign({})), 'ERR_INVALID_ARG_TYPE');

	const server = host.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const connecting = host.connect(portOf(server), '127.0.0.1');
	assert.is(over(connecting), 'EALREADY');
	await once(connecting, 'connect');
	connecting.setEncoding('utf8');
	assert.is(over(connecting), 'ERR_INVALID_ARG_TYPE');
	await gone(connecting);
	server.close();
	await once(server, 'close');
	assert.is(await openSockets(), before);
});

processes('a handle can only be had once', async () => {
	if (process.env['NET_LOOP_DRIVER'] === 'portable') skip('there the handle goes on to be in use');
	const before = await openSockets();
	const { near, far } = await hostPair({ pauseOnConnect: true });
	const options: object = { handle: Reflect.get(near, '_handle') };
	const socket = new net.Socket(options);
	await rounds();
	assert.throws(
		() => new net.Socket(options),
		(error: unknown) => codeOf(error) === 'EBADF',
	);
	// Node's socket has a handle that is closed: it closes nothing else.
	near.destroy();
	await rounds();
	far.end('still there');
	assert.is(String(await bytesOf(socket)), 'still there');
	await gone(socket, far);
	assert.is(await openSockets(), before);
});

processes('there and back again, ten times', async () => {
	const before = await openSockets();
	const { near, far } = await pair();
	let socket = near;
	let text = '';
	for (let i = 0; i < 10; i++) {
		far.write(`${i} `);
		const moved = await toNodeSocket(socket);
		far.write(`${i}. `);
		if (i % 2 === 0) text += await new Promise((resolve) => moved.once('data', resolve).resume());
		moved.pause();
		socket = new net.Socket({ handle: moved, manualStart: true });
	}
	far.end();
	text += String(await bytesOf(socket));
	assert.is(text, '0 0. 1 1. 2 2. 3 3. 4 4. 5 5. 6 6. 7 7. 8 8. 9 9. ');
	await gone(socket, far);
	assert.is(await openSockets(), before);
});

processes("a server of Node's on the same socket: each connection comes to ours", async () => {
	const before = await openSockets();
	const server = net.createServer((socket) => socket.end(socket.server === server ? 'ours' : 'not ours'));
	assert.throws(
		() => toNodeServer(server),
		(error: unknown) => codeOf(error) === 'ERR_SERVER_NOT_RUNNING',
	);
	assert.throws(() => Reflect.apply(toNodeServer, undefined, [host.createServer()]), /must be an instance of Server/);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const twin = toNodeServer(server);
	assert.ok(twin instanceof host.Server);
	assert.is(portOf(twin), portOf(server));
	assert.is(toNodeServer(server), twin);
	const closed = once(twin, 'close');
	for (let i = 0; i < 20; i++) {
		const client = host.connect(portOf(server), '127.0.0.1');
		assert.is(String(await bytesOf(client)), 'ours');
	}
	server.close();
	await once(server, 'close');
	await closed;
	assert.is(twin.listening, false);
	assert.is(await openSockets(), before);
});

processes("a server of Node's that was closed by itself: the next is a new one", async () => {
	if (process.env['NET_LOOP_DRIVER'] === 'portable') skip('there it is what listens');
	const server = net.createServer((socket) => socket.end('ours')).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const first = toNodeServer(server);
	first.close();
	await once(first, 'close');
	const second = toNodeServer(server);
	assert.is.not(second, first);
	assert.is(String(await bytesOf(host.connect(portOf(server), '127.0.0.1'))), 'ours');
	let closes = 0;
	first.on('close', () => closes++);
	server.close();
	await once(server, 'close');
	await rounds();
	assert.is(second.listening, false);
	assert.is(closes, 0);
});

processes('without a descriptor left connections stay where they are', async () => {
	const program = fileURLToPath(new URL('programs/no-descriptors.mjs', import.meta.url));
	// Few of them, so that they are used up soon; without the loader that runs this test.
	const env = { ...process.env, NODE_OPTIONS: '' };
	const command = 'ulimit -n 60 && exec "$0" "$1"';
	const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, program], {
		env,
		timeout: 30_000,
	});
	// The portable driver needs no second descriptor.
	const told = process.env['NET_LOOP_DRIVER'] === 'portable' ? '' : 'dup EMFILE, open EMFILE, dup EMFILE';
	assert.equal(stdout.split('\n'), ['there and back', 'there and back', 'true', told, '']);
});

processes.run();
