/** connect() that fails: wrong arguments throw, refusals are events. */
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** A port on which nobody listens: taken, then given back. */
async function deadPort(net: Net, recorder: Recorder, host = '127.0.0.1'): Promise<number> {
	const server = await recorder.serve(net, undefined, { listen: { port: 0, host } });
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
	return server.port;
}

const events = ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connect', 'ready', 'end', 'error', 'close'];

scenario('refused: error, then close with true', async (net, recorder) => {
	const client = recorder.own(net.connect(await deadPort(net, recorder), '127.0.0.1'));
	recorder.events(client, events);
	client.on('error', () => {
		recorder.log('in error', recorder.state(client));
		process.nextTick(() => recorder.log('tick of error'));
	});
	await recorder.once(client, 'close');
	recorder.log('after', recorder.state(client), Reflect.get(client, 'errored') !== null);
});

scenario('refused on IPv6', async (net, recorder) => {
	const client = recorder.own(net.connect(await deadPort(net, recorder, '::1'), '::1'));
	recorder.events(client, events);
	await recorder.once(client, 'close');
});

scenario('refused without family selection', async (net, recorder) => {
	const port = await deadPort(net, recorder);
	const client = recorder.own(net.connect({ port, host: '127.0.0.1', autoSelectFamily: false }));
	recorder.events(client, events);
	await recorder.once(client, 'close');
});

scenario('refused with a local address in the error', async (net, recorder) => {
	const port = await deadPort(net, recorder);
	const client = recorder.own(net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' }));
	recorder.events(client, ['error', 'close']);
	await recorder.once(client, 'close');
});

scenario('a path that does not exist', async (net, recorder) => {
	const client = recorder.own(net.connect(recorder.path('nobody.sock')));
	recorder.events(client, events);
	recorder.log('at once', client.connecting, client.destroyed);
	await recorder.once(client, 'close');
});

scenario('a path that is a file', async (net, recorder) => {
	const { writeFileSync } = await import('node:fs');
	const path = recorder.path('file');
	writeFileSync(path, '');
	const client = recorder.own(net.connect({ path }));
	recorder.events(client, events);
	await recorder.once(client, 'close');
});

scenario('a path that is too long', async (net, recorder) => {
	const path = recorder.path('x'.repeat(120));
	recorder.alias(path, 'long path');
	recorder.attempt('connect', () => {
		const client = recorder.own(net.connect({ path }));
		recorder.events(client, ['error', 'close']);
		return client.connecting;
	});
	recorder.attempt('listen', () => {
		const server = recorder.own(net.createServer());
		recorder.events(server, ['error', 'listening'], 'server');
		return server.listen(path) === server;
	});
	await recorder.rounds(3);
});

scenario('writes before a refusal: their callbacks get the error', async (net, recorder) => {
	const client = recorder.own(net.connect(await deadPort(net, recorder), '127.0.0.1'));
	client.write('one', (...values) => recorder.log('first callback', ...values));
	client.write('two', (...values) => recorder.log('second callback', ...values));
	recorder.events(client, ['error', 'close']);
	await recorder.once(client, 'close');
	recorder.log('after', client.bytesWritten, client.bufferSize);
});

scenario('end before a refusal: its callback gets the error', async (net, recorder) => {
	const client = recorder.own(net.connect(await deadPort(net, recorder), '127.0.0.1'));
	recorder.events(client, ['error', 'finish', 'close']);
	client.end('bye', (...values: unknown[]) => recorder.log('callback', ...values));
	await recorder.once(client, 'close');
});

scenario('destroyed while connecting: close alone', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.events(client, events);
	client.destroy();
	recorder.log('at once', recorder.state(client));
	await recorder.once(client, 'close');
	await recorder.rounds(2);
});

scenario('destroyed with an error while connecting', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.events(client, events);
	client.destroy(new Error('enough'));
	await recorder.once(client, 'close');
});

scenario('an error without listener is uncaught', async (net, recorder) => {
	const client = recorder.own(net.connect(await deadPort(net, recorder), '127.0.0.1'));
	client.on('close', (...values) => recorder.log('close', ...values));
	await recorder.once(client, 'close');
});

scenario('ports that are none throw', (net, recorder) => {
	for (const port of [-1, 65536, 1.5, NaN, '65536', '', ' ', 'x', true, null, undefined, {}]) {
		recorder.attempt(
			`port ${recorder.names.show(port)}`,
			() => invoke(net, 'connect', [{ port, host: '127.0.0.1' }]) !== null,
		);
	}
	recorder.call(net, 'connect', 65536);
	recorder.call(net, 'connect', -1, '127.0.0.1');
});

scenario('calls without port or path throw', (net, recorder) => {
	recorder.call(net, 'connect');
	recorder.call(net, 'connect', {});
	recorder.call(net, 'connect', { host: '127.0.0.1' });
	recorder.call(new net.Socket(), 'connect');
	recorder.call(new net.Socket(), 'connect', {});
});

scenario('options of wrong types throw', (net, recorder) => {
	const wrong: Record<string, unknown>[] = [
		{ host: 5 },
		{ host: {} },
		{ localAddress: 'x' },
		{ localAddress: 5 },
		{ localPort: 'x' },
		{ localPort: -1 },
		{ localPort: 65536 },
		{ localPort: true },
		{ lookup: 5 },
		{ lookup: 'x' },
		{ autoSelectFamily: 'yes' },
		{ autoSelectFamilyAttemptTimeout: 0 },
		{ autoSelectFamilyAttemptTimeout: 'x' },
		{ hints: -1, host: 'localhost' },
		{ family: 5, host: 'localhost' },
		{ timeout: 'x' },
		{ timeout: -1 },
		{ onread: 5 },
		{ blockList: {} },
		{ signal: 5 },
	];
	for (const options of wrong) {
		recorder.attempt(`connect ${recorder.names.show(options)}`, () => {
			const socket: unknown = invoke(net, 'connect', [{ port: 1, host: '127.0.0.1', ...options }]);
			return socket instanceof net.Socket && recorder.own(socket).on('error', () => {}).connecting;
		});
	}
	for (const path of [5, true, {}, []]) recorder.call(net, 'connect', { path });
});

scenario('a local address of the other family', async (net, recorder) => {
	const port = await deadPort(net, recorder);
	const client = recorder.own(net.connect({ port, host: '127.0.0.1', localAddress: '::1' }));
	recorder.events(client, ['error', 'close']);
	await recorder.once(client, 'close');
});

scenario('a local address that this machine does not have', async (net, recorder) => {
	const port = await deadPort(net, recorder);
	const client = recorder.own(net.connect({ port, host: '127.0.0.1', localAddress: '192.0.2.1' }));
	recorder.events(client, ['error', 'close']);
	await recorder.once(client, 'close');
});

scenario('an address that no TCP connection goes to fails at once', async (net, recorder) => {
	const client = recorder.own(net.connect({ port: 1, host: '255.255.255.255' }));
	recorder.events(client, ['connectionAttempt', 'connectionAttemptFailed', 'error', 'close']);
	await recorder.once(client, 'close');
});

scenario(
	'a path that does not exist, asked for by an event of the poll phase: immediates come first',
	async (net, recorder) => {
		const { client, peer } = await recorder.pair(net);
		client.write('x');
		await recorder.once(peer, 'data');
		const failing = recorder.own(net.connect(recorder.path('missing.sock')));
		recorder.events(failing, ['error', 'close']);
		setImmediate(() => recorder.log('immediate'));
		failing.on('error', () => setImmediate(() => recorder.log('immediate of the error')));
		await recorder.once(failing, 'close');
	},
);
