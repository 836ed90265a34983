/** The callback API: listening. */
import { skip } from '@tooling/test';
import { existsSync, statSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Acceptor, Listener, connect, listen } from '@net/loop';
import { hasIPv6, temporaryFolder } from './support/machine.ts';
import { runProgram } from './support/program.ts';
import { Log, rejection } from './support/serving.ts';
import { turnOfTheLoop, within } from './support/waiter.ts';

const listening = suite('listen');
const folder = temporaryFolder();
listening.after(() => folder.remove());

listening('an acceptor is a listener with an address and a port', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	assert.instance(acceptor, Acceptor);
	assert.instance(acceptor, Listener);
	assert.equal(acceptor.address(), { address: '127.0.0.1', family: 'IPv4', port: acceptor.port });
	await acceptor.close();
	assert.is(acceptor.address(), null);
	assert.is(acceptor.port, undefined);
});

listening('without host it takes IPv6 and IPv4', async () => {
	if (!hasIPv6) skip('no ::1 here');
	const log = new Log();
	const acceptor = await listen({ port: 0 }, log.handlers);
	for (const host of ['127.0.0.1', '::1']) {
		const connection = await connect({ port: acceptor.port, host });
		assert.is(connection.remoteAddress, host);
		connection.close();
	}
	await log.until('close', 2);
	assert.is(log.count('open'), 2);
	await acceptor.close();
});

listening('ipv6Only', async () => {
	if (!hasIPv6) skip('no ::1 here');
	const acceptor = await listen({ port: 0, host: '::', ipv6Only: true });
	// On 127.0.0.1 somebody else may well listen on that port, now that others can.
	assert.is((await rejection(connect({ port: acceptor.port, host: '127.0.0.9' }))).code, 'ECONNREFUSED');
	await acceptor.close();
});

listening('a name is looked up', async () => {
	const acceptor = await listen({ port: 0, host: 'localhost' });
	assert.type(acceptor.port, 'number');
	await acceptor.close();
	assert.is((await rejection(listen({ port: 0, host: 'no.such.host.invalid' }))).code !== undefined, true);
});

listening('a port in use', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	const { port } = acceptor;
	const error = await rejection(listen({ port, host: '127.0.0.1' }));
	assert.is(error.message, `listen EADDRINUSE: address already in use 127.0.0.1:${port}`);
	assert.equal({ ...error }, { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address: '127.0.0.1', port });
	await acceptor.close();
	const again = await listen({ port, host: '127.0.0.1' });
	await again.close();
});

listening('a path: its file, its mode, in use, and gone after close', async () => {
	const path = folder.path('socket');
	const acceptor = await listen({ path, readableAll: true, writableAll: true });
	assert.is(acceptor.address(), path);
	assert.is(acceptor.port, undefined);
	assert.is(statSync(path).mode & 0o666, 0o666);
	const error = await rejection(listen({ path }));
	assert.is(error.message, `listen EADDRINUSE: address already in use ${path}`);
	await acceptor.close();
	assert.is(existsSync(path), false);
});

listening('pauseOnConnect: bytes come when asked for', async () => {
	const log = new Log();
	const acceptor = await listen({ port: 0, host: '127.0.0.1', pauseOnConnect: true }, log.handlers);
	const connection = await connect({ port: acceptor.port, host: '127.0.0.1' });
	connection.write('patience');
	await log.until('open');
	for (let i = 0; i < 5; i++) await turnOfTheLoop();
	assert.equal(log.names, ['open']);
	log.connection.resume();
	await log.until('data');
	assert.is(log.text, 'patience');
	connection.close();
	await log.until('close');
	await acceptor.close();
});

listening('close: at once, the same promise again, connections go on', async () => {
	const log = new Log({ data: (connection, chunk) => void connection.write(chunk) });
	const acceptor = await listen({ port: 0, host: '127.0.0.1' }, log.handlers);
	const { port } = acceptor;
	const mine = new Log();
	const connection = await connect({ port, host: '127.0.0.1' }, mine.handlers);
	await log.until('open');
	const first = acceptor.close();
	assert.is(acceptor.close(), first);
	await within(first, 'close');
	assert.is((await rejection(connect({ port, host: '127.0.0.1' }))).code, 'ECONNREFUSED');
	connection.end('still served');
	await mine.until('close');
	assert.is(mine.text, 'still served');
	await log.until('close');
});

listening('await using closes it', async () => {
	const acceptor = await listen({ port: 0, host: '127.0.0.1' });
	await acceptor[Symbol.asyncDispose]();
	assert.is(acceptor.closed, true);
});

listening('a signal that aborts: before, after', async () => {
	const before = await rejection(listen({ port: 0, signal: AbortSignal.abort('no') }));
	assert.equal([before.name, before.cause], ['AbortError', 'no']);
	const controller = new AbortController();
	const acceptor = await listen({ port: 0, host: '127.0.0.1', signal: controller.signal });
	controller.abort();
	assert.is(acceptor.closed, true);
	await acceptor.close();
});

listening('reusePort lets several listen on one port', async () => {
	const first = await listen({ port: 0, host: '127.0.0.1', reusePort: true });
	const [major = 0] = process.versions.node.split('.').map(Number);
	if (first.driver.name === 'portable' && major < 22) {
		await first.close();
		skip("the host's node:net has no reusePort");
	}
	const second = await listen({ port: first.port, host: '127.0.0.1', reusePort: true });
	assert.is(second.port, first.port);
	await first.close();
	await second.close();
});

listening('out of descriptors: who comes is dropped, and accepting goes on afterwards', async () => {
	const { code, stdout, stderr } = await runProgram('out-of-descriptors');
	assert.is(stderr, '');
	assert.is(stdout, 'dropped\nserved\n');
	assert.is(code, 0);
});

listening("wrong options and handlers are rejected with Node's codes", async () => {
	const cases: [options: unknown, handlers: unknown, code: string][] = [
		[undefined, {}, 'ERR_INVALID_ARG_TYPE'],
		['8124', {}, 'ERR_INVALID_ARG_TYPE'],
		[{}, {}, 'ERR_INVALID_ARG_VALUE'],
		[{ port: -1 }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: 'http' }, {}, 'ERR_SOCKET_BAD_PORT'],
		[{ port: 0, host: {} }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ path: {} }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ fd: 1.5 }, {}, 'ERR_OUT_OF_RANGE'],
		[{ port: 0, backlog: '9' }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 0, backlog: -1 }, {}, 'ERR_OUT_OF_RANGE'],
		[{ port: 0, ipv6Only: 1 }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 0, reusePort: 'yes' }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 0, signal: {} }, {}, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 0 }, { data: 1 }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 0 }, { acceptError: 1 }, 'ERR_INVALID_ARG_TYPE'],
		[{ port: 0 }, [], 'ERR_INVALID_ARG_TYPE'],
	];
	// Wrong on purpose, so the types have to be told otherwise.
	const call = listen as (options: unknown, handlers: unknown) => ReturnType<typeof listen>;
	for (const [options, handlers, code] of cases) {
		assert.is((await rejection(call(options, handlers))).code, code, JSON.stringify([options, handlers]));
	}
});

listening.run();
