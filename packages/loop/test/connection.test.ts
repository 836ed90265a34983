/** The callback API: the life of a connection. */
import { skip } from '@tooling/test';
import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection, Handle, connect, listen } from '@net/loop';
import { onLinux, temporaryFolder } from './support/machine.ts';
import { Log, rejection, serve } from './support/serving.ts';
import { turnOfTheLoop } from './support/waiter.ts';

const life = suite('Connection');
const folder = temporaryFolder();
life.after(() => folder.remove());

life('open, data, end, close on both ends; the peer ends by itself', async () => {
	const { ours, theirs, connection, gone } = await serve({}, { data: (peer, chunk) => void peer.write(chunk) });
	connection.end('ping');
	await ours.until('close');
	await theirs.until('close');
	assert.equal(theirs.names, ['open', 'data', 'end', 'close']);
	assert.equal(ours.names, ['open', 'data', 'end', 'close']);
	assert.is(ours.text, 'ping');
	assert.is(ours.value('close'), false);
	assert.is(theirs.value('close'), false);
	await gone();
});

life('what is written in the end handler is sent before the connection ends itself', async () => {
	const { ours, connection, gone } = await serve({}, { end: (peer) => void peer.write('last words') });
	connection.end();
	await ours.until('close');
	assert.is(ours.text, 'last words');
	await gone();
});

life('with allowHalfOpen nothing ends by itself', async () => {
	const { ours, theirs, connection, peer, gone } = await serve({}, {}, { listen: { allowHalfOpen: true } });
	connection.end('question');
	await theirs.until('end');
	for (let i = 0; i < 3; i++) await turnOfTheLoop();
	peer.write('a late ');
	await turnOfTheLoop();
	peer.end('answer');
	await ours.until('close');
	await theirs.until('close');
	assert.is(ours.text, 'a late answer');
	await gone();
});

life('handlers are optional, and a connection without them ends and closes', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const log = new Log();
	const connection = await connect({ port: acceptor.port, host: '127.0.0.1' }, log.handlers);
	connection.end(Buffer.alloc(200_000));
	await log.until('close');
	assert.equal(log.names, ['open', 'end', 'close']);
	await acceptor.close();
});

life('it is a handle, and data is called without anything in between', async () => {
	const data = (): void => {};
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const connection = await connect({ port: acceptor.port, host: '127.0.0.1' }, { data });
	assert.instance(connection, Handle);
	assert.instance(connection, Connection);
	const stored: unknown = connection.events.data;
	assert.is(stored, data);
	connection.close();
	await acceptor.close();
});

life("a write after the own end throws, after the peer's it answers false", async () => {
	const { ours, theirs, connection, peer, gone } = await serve();
	connection.end();
	assert.throws(
		() => connection.write('more'),
		(error: Error & { code: string }) =>
			error.code === 'ERR_STREAM_WRITE_AFTER_END' && error.message === 'write after end',
	);
	assert.throws(() => connection.end('more'), /write after end/);
	connection.end();
	await theirs.until('end');
	assert.is(peer.write('nobody listens'), false);
	await ours.until('close');
	await theirs.until('close');
	assert.is(peer.write('nobody at all'), false);
	assert.is(peer.bytesWritten, 0);
	await gone();
});

life('bad chunks and encodings throw', async () => {
	const { connection, gone } = await serve();
	const write = (...parameters: unknown[]): unknown => Reflect.apply(connection.write, connection, parameters);
	for (const chunk of [undefined, null, 1, {}, [], new Uint16Array(2)]) {
		assert.throws(
			() => write(chunk),
			(error: { code: string }) => error.code === 'ERR_INVALID_ARG_TYPE',
		);
	}
	assert.throws(
		() => write('x', 'nonsense'),
		(error: { code: string }) => error.code === 'ERR_UNKNOWN_ENCODING',
	);
	assert.is(connection.bytesWritten, 0);
	await gone();
});

life('write says when to wait, and drain when to go on', async () => {
	const { ours, theirs, connection, peer, gone } = await serve({}, {}, { listen: { pauseOnConnect: true } });
	const chunk = Buffer.alloc(1 << 20, 'd');
	assert.is(connection.write('small'), true);
	await turnOfTheLoop();
	assert.is(ours.count('drain'), 0);
	let written = 5;
	for (let i = 0; i < 16; i++) {
		assert.is(connection.write(chunk), false);
		written += chunk.length;
	}
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.is(ours.count('drain'), 0);
	peer.resume();
	await ours.until('drain');
	await theirs.when(() => peer.bytesRead === written, 'all bytes');
	assert.is(connection.bytesWritten, written);
	// Nobody has to wait for a small one, so nothing drains.
	connection.write('small again');
	await theirs.when(() => peer.bytesRead === written + 11, 'the rest');
	await turnOfTheLoop();
	assert.is(ours.count('drain'), 1);
	await gone();
});

life('error, then close: the peer has reset', async () => {
	const { ours, theirs, connection, gone } = await serve();
	connection.reset();
	await theirs.until('close');
	await ours.until('close');
	assert.equal(theirs.names, ['open', 'error', 'close']);
	const error = theirs.value('error');
	assert.instance(error, Error);
	assert.match(String(error), 'read ECONNRESET');
	assert.equal({ ...(error as object) }, { errno: -104, code: 'ECONNRESET', syscall: 'read' });
	assert.is(theirs.value('close'), true);
	assert.equal(ours.names, ['open', 'close']);
	assert.is(ours.value('close'), false);
	await gone();
});

life('an exception in a handler reaches uncaughtException, and the connection still ends', async () => {
	const caught: string[] = [];
	const onException = (error: Error): void => void caught.push(error.message);
	process.on('uncaughtException', onException);
	try {
		const failing = (what: string) => (): void => {
			throw new Error(what);
		};
		const { theirs, ours, connection, gone } = await serve(
			{},
			{ open: failing('open'), data: failing('data'), end: failing('end'), close: failing('close') },
		);
		connection.end('x');
		await ours.until('close');
		await theirs.until('close');
		await turnOfTheLoop();
		assert.equal(caught, ['open', 'data', 'end', 'close']);
		await gone();
		const second = await serve({}, { error: failing('error') });
		second.connection.reset();
		await second.theirs.until('close');
		await turnOfTheLoop();
		assert.is(caught.at(-1), 'error');
		assert.is(second.theirs.value('close'), true);
		await second.gone();
	} finally {
		process.off('uncaughtException', onException);
	}
});

life('pause holds the bytes back, resume lets them come', async () => {
	const { theirs, connection, peer, gone } = await serve();
	peer.pause();
	connection.write('kept');
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.is(theirs.text, '');
	peer.resume();
	await theirs.until('data');
	assert.is(theirs.text, 'kept');
	await gone();
});

life('addresses and ports of both ends', async () => {
	const { connection, peer, acceptor, ours, gone } = await serve();
	assert.is(connection.remoteAddress, '127.0.0.1');
	assert.is(connection.remoteFamily, 'IPv4');
	assert.is(connection.remotePort, acceptor.port);
	assert.is(connection.localAddress, '127.0.0.1');
	assert.is(connection.localFamily, 'IPv4');
	assert.is(connection.localPort, peer.remotePort);
	assert.is(peer.remoteAddress, '127.0.0.1');
	if (connection.driver.name === 'native') assert.ok(connection.fd > 2);
	else assert.is(connection.fd, -1);
	connection.close();
	await ours.until('close');
	assert.equal(
		[connection.localAddress, connection.localPort, connection.remoteAddress, connection.remotePort, connection.fd],
		[undefined, undefined, undefined, undefined, -1],
	);
	await gone();
});

life('Unix sockets have no addresses, and the rest works', async () => {
	const { connection, ours, theirs, gone } = await serve(
		{},
		{ data: (peer, chunk) => void peer.write(chunk) },
		{ listen: { path: folder.path('echo') } },
	);
	assert.is(connection.remoteAddress, undefined);
	assert.is(connection.remotePort, undefined);
	connection.setNoDelay().setKeepAlive(true);
	connection.end('over a path');
	await ours.until('close');
	await theirs.until('close');
	assert.is(ours.text, 'over a path');
	await gone();
});

life("context is the owner's", async () => {
	const { connection, theirs, peer, gone } = await serve(
		{},
		{
			open: (accepted) => (accepted.context = { lines: 0 }),
			data: (accepted) => assert.equal(accepted.context, { lines: 0 }),
		},
	);
	connection.write('x');
	await theirs.until('data');
	assert.equal(peer.context, { lines: 0 });
	await gone();
});

life('setKeepAlive and setNoDelay check their arguments', async () => {
	const { connection, gone } = await serve(
		{},
		{},
		{ connect: { keepAlive: true, keepAliveInitialDelay: 5000, noDelay: true } },
	);
	const call = (method: 'setKeepAlive' | 'setNoDelay', ...parameters: unknown[]): unknown =>
		Reflect.apply(connection[method], connection, parameters);
	assert.is(call('setNoDelay'), connection);
	assert.is(call('setKeepAlive', true, 1500), connection);
	assert.throws(
		() => call('setNoDelay', 'yes'),
		(error: { code: string }) => error.code === 'ERR_INVALID_ARG_TYPE',
	);
	assert.throws(
		() => call('setKeepAlive', true, 'x'),
		(error: { code: string }) => error.code === 'ERR_INVALID_ARG_TYPE',
	);
	assert.throws(
		() => call('setKeepAlive', true, -1),
		(error: { code: string }) => error.code === 'ERR_OUT_OF_RANGE',
	);
	await gone();
});

life('close in any handler is the last word', async () => {
	for (const handler of ['open', 'data', 'end'] as const) {
		const { theirs, ours, connection, gone } = await serve({}, { [handler]: (peer: Connection) => peer.close() });
		if (handler !== 'open') connection.end('x');
		await theirs.until('close');
		assert.is(theirs.names.at(-1), 'close', handler);
		assert.is(theirs.count('close'), 1);
		assert.is(theirs.value('close'), false);
		await ours.until('close');
		await gone();
	}
});

life('a descriptor that is none is refused', async () => {
	const error = await rejection(connect({ fd: 9999 }));
	assert.is(error.message, 'open EBADF');
	assert.equal({ ...error }, { errno: -9, code: 'EBADF', syscall: 'open' });
});

life('a descriptor that was handed over becomes a connection', async () => {
	if (!onLinux) skip('opens a FIFO for both directions');
	const fifo = folder.path('fifo');
	execFileSync('mkfifo', [fifo]);
	const log = new Log();
	const connection = await connect({ fd: openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK) }, log.handlers);
	connection.write('round trip');
	await log.until('data');
	assert.is(log.text, 'round trip');
	connection.close();
	await log.until('close');
	assert.equal(log.names, ['open', 'data', 'close']);
});

life.run();
