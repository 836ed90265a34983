/** server.listen() that fails: wrong arguments throw, what the kernel refuses is an event. */
import { createServer } from 'node:net';
import { invoke, serverEvents } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** Listens where that fails; shows the event and what is left. */
async function fail(net: Net, recorder: Recorder, label: string, ...values: unknown[]): Promise<void> {
	const server = recorder.own(net.createServer());
	recorder.events(server, serverEvents, label);
	invoke(server, 'listen', values);
	recorder.log(`${label} listening at once`, server.listening);
	await recorder.once(server, 'error');
	recorder.log(`${label} after`, server.listening, server.address());
}

scenario('a port in use', async (net, recorder) => {
	const first = await recorder.serve(net);
	await fail(net, recorder, 'number', first.port, '127.0.0.1');
	await fail(net, recorder, 'options', { port: first.port, host: '127.0.0.1' });
});

scenario('a port in use by an IPv6 server of its own', async (net, recorder) => {
	const first = await recorder.serve(net, undefined, { listen: { port: 0, host: '::1' } });
	await fail(net, recorder, 'ipv6', first.port, '::1');
});

scenario('an address that this machine does not have', async (net, recorder) => {
	await fail(net, recorder, 'IPv4', 0, '192.0.2.1');
	await fail(net, recorder, 'IPv6', 0, '2001:db8::1');
});

scenario('a host that does not exist', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	server.listen(0, 'does-not-exist.invalid');
	const [error] = await recorder.once(server, 'error');
	// Offline and online resolvers answer with different codes.
	if (error instanceof Error) {
		recorder.log('error', error.name, Reflect.get(error, 'syscall'), Reflect.get(error, 'hostname'));
		recorder.log('text', error.message.startsWith('getaddrinfo '));
	}
	recorder.log('after', server.listening);
});

scenario('after a port in use the same server can listen elsewhere', async (net, recorder) => {
	const first = await recorder.serve(net);
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening', 'error', 'close']);
	server.listen(first.port, '127.0.0.1');
	await recorder.once(server, 'error');
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
});

scenario('listen from within the error listener', async (net, recorder) => {
	const first = await recorder.serve(net);
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening']);
	server.once('error', (error) => {
		recorder.log('error', error);
		server.listen(0, '127.0.0.1');
	});
	server.listen(first.port, '127.0.0.1');
	await recorder.once(server, 'listening');
});

scenario('a failed listen leaves its callback for the next one', async (net, recorder) => {
	const first = await recorder.serve(net);
	const server = recorder.own(net.createServer());
	server.listen(first.port, '127.0.0.1', () => recorder.log('callback of the first'));
	await recorder.once(server, 'error');
	recorder.log('listeners', server.listenerCount('listening'));
	server.listen(0, '127.0.0.1', () => recorder.log('callback of the second'));
	await recorder.once(server, 'listening');
});

scenario('ports out of range throw', (net, recorder) => {
	for (const port of [-1, 65536, 1.5, NaN, Infinity, '65536', '-1', '', ' ', 'x']) {
		const server = recorder.own(net.createServer());
		if (typeof port === 'string' && port !== '' && Number.isNaN(Number(port))) continue;
		recorder.call(server, 'listen', { port });
	}
	recorder.call(net.createServer(), 'listen', 65536);
	recorder.call(net.createServer(), 'listen', -1, '127.0.0.1');
});

scenario('arguments of wrong types throw', (net, recorder) => {
	for (const value of [
		true,
		false,
		{},
		{ fd: 'x' },
		{ port: true },
		{ host: 'localhost' },
		{ path: 5 },
		[],
		Symbol.iterator,
	]) {
		recorder.call(net.createServer(), 'listen', value);
	}
});

scenario('a host of a wrong type throws or is ignored', async (net, recorder) => {
	for (const host of [5, true, {}, null, '']) {
		const server = recorder.own(net.createServer());
		server.on('error', (error) => recorder.log('error', error));
		recorder.attempt(`host ${typeof host} ${String(host)}`, () => {
			invoke(server, 'listen', [{ port: 0, host }]);
			return server.listening;
		});
		await recorder.rounds(2);
	}
});

scenario('a signal of a wrong type throws', (net, recorder) => {
	for (const signal of [5, 'x', {}, null]) {
		recorder.call(recorder.own(net.createServer()), 'listen', { port: 0, host: '127.0.0.1', signal });
	}
});

scenario('descriptors that are none, or no socket', async (net, recorder) => {
	recorder.call(net.createServer(), 'listen', { fd: -1 });
	const { openSync, closeSync } = await import('node:fs');
	await fail(net, recorder, 'unused', { fd: 9999 });
	const file = openSync('/dev/null', 'r');
	recorder.alias(file, 'file');
	const server = recorder.own(net.createServer());
	const failed = recorder.once(server, 'error');
	server.listen({ fd: file });
	const [error] = await failed;
	recorder.log('a file', error instanceof Error ? Reflect.get(error, 'code') : error);
	closeSync(file);
});

scenario('a port in use by a server that is not ours', async (net, recorder) => {
	const foreign = recorder.own(createServer());
	foreign.listen(0, '127.0.0.1');
	await recorder.once(foreign, 'listening');
	const address = foreign.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	recorder.alias(port, 'port');
	await fail(net, recorder, 'foreign', port, '127.0.0.1');
});

scenario('an error without listener is thrown', async (net, recorder) => {
	const first = await recorder.serve(net);
	const server = recorder.own(net.createServer());
	// The kit's listener of uncaughtException records it.
	server.listen(first.port, '127.0.0.1');
	await recorder.rounds(3);
	recorder.log('after', server.listening);
});
