/** AsyncLocalStorage and async_hooks: which context each event and callback runs in. */
import { AsyncLocalStorage, AsyncResource, executionAsyncId } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

const storage = new AsyncLocalStorage<string>();

scenario('a refused connection: error and close', async (net, recorder) => {
	const server = await recorder.serve(net);
	server.close();
	await recorder.once(server, 'close');
	const client = storage.run('made', () => recorder.own(net.connect(server.port, '127.0.0.1')));
	client.on('error', () => recorder.log('error', storage.getStore()));
	client.on('connectionAttemptFailed', () => recorder.log('failed', storage.getStore()));
	client.on('close', () => recorder.log('close', storage.getStore()));
	await recorder.once(client, 'close');
});

scenario('a lookup of the user: called and answered', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end());
	const lookup = (_name: string, _options: object, callback: (...answer: unknown[]) => void): void => {
		recorder.log('lookup', storage.getStore());
		storage.run('answer', () => setImmediate(() => callback(null, '127.0.0.1', 4)));
	};
	const client: Socket = storage.run('made', () =>
		Reflect.apply(net.connect, net, [
			{ port: server.port, host: 'example.test', autoSelectFamily: false, lookup },
			() => recorder.log('callback', storage.getStore()),
		]),
	);
	recorder.own(client).resume();
	for (const name of ['lookup', 'connect', 'end', 'close'])
		client.on(name, () => recorder.log(name, storage.getStore()));
	await recorder.once(client, 'close');
});

scenario('new Socket in one store, connect in another', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('x'));
	const socket = storage.run('made', () => recorder.own(new net.Socket()));
	storage.run('connected', () => socket.connect(server.port, '127.0.0.1'));
	for (const name of ['connect', 'ready', 'data', 'end', 'finish', 'close']) {
		socket.on(name, () => recorder.log(name, storage.getStore()));
	}
	await recorder.once(socket, 'close');
});

scenario('enterWith in the connection listener holds for its socket', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		recorder.own(socket);
		storage.enterWith('entered');
		socket.on('data', () => recorder.log('data', storage.getStore()));
		socket.on('end', () => recorder.log('end', storage.getStore()));
		setImmediate(() => recorder.log('immediate', storage.getStore()));
	});
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.end('x');
	client.resume();
	await recorder.once(client, 'close');
});

scenario('two connections have contexts of their own', async (net, recorder) => {
	let number = 0;
	const server = await recorder.serve(net, (socket) => {
		recorder.own(socket);
		const lane = recorder.lane(`peer ${++number}`);
		storage.enterWith(`store ${number}`);
		socket.on('end', () => lane.log('end', storage.getStore()));
		socket.resume();
	});
	for (let i = 0; i < 2; i++) {
		const client = recorder.own(net.connect(server.port, '127.0.0.1'));
		client.end();
		await recorder.once(client.resume(), 'close');
	}
});

scenario('onread runs where the socket was made', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('for onread'));
	const callback = (): boolean => {
		recorder.log('onread', storage.getStore());
		return true;
	};
	const client = storage.run('made', () =>
		recorder.own(net.connect({ port: server.port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(99), callback } })),
	);
	client.on('end', () => recorder.log('end', storage.getStore()));
	await recorder.once(client, 'close');
});

scenario('callbacks of end, destroy and setTimeout(0)', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.resume();
	storage.run('ended', () => client.end('x', () => recorder.log('end callback', storage.getStore())));
	client.on('close', () => recorder.log('close', storage.getStore()));
	await closed();
});

scenario('drain', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	storage.run('written', () => {
		while (client.write(Buffer.alloc(65_536)));
	});
	const drained = recorder.once(client, 'drain').then(() => {});
	client.once('drain', () => recorder.log('drain', storage.getStore()));
	peer.resume();
	await drained;
	client.destroy();
	await closed();
});

scenario('server.close(callback) and its event', async (net, recorder) => {
	const server = storage.run('made', () => recorder.own(net.createServer()));
	storage.run('listened', () => server.listen(0, '127.0.0.1'));
	server.on('listening', () => recorder.log('listening', storage.getStore()));
	server.on('close', () => recorder.log('close', storage.getStore()));
	await recorder.once(server, 'listening');
	const closed = recorder.once(server, 'close');
	storage.run('closed', () => server.close(() => recorder.log('callback', storage.getStore())));
	await closed;
});

scenario('an error of listen', async (net, recorder) => {
	const first = await recorder.serve(net);
	const server = recorder.own(net.createServer());
	server.on('error', () => recorder.log('error', storage.getStore()));
	const failed = recorder.once(server, 'error');
	storage.run('listened', () => server.listen(first.port, '127.0.0.1'));
	await failed;
});

scenario('an abort: error and close', async (net, recorder) => {
	const controller = new AbortController();
	const { client, peer, closed } = await recorder.pair(net, { client: { signal: controller.signal } });
	peer.on('error', () => {}).resume();
	for (const name of ['error', 'close']) client.on(name, () => recorder.log(name, storage.getStore()));
	storage.run('aborted', () => controller.abort());
	await closed();
});

scenario('a timeout that was set in a store', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	const fired = recorder.once(client, 'timeout');
	storage.run('set', () => client.setTimeout(10, () => recorder.log('timeout', storage.getStore())));
	await fired;
	client.destroy();
	await closed();
});

scenario('AsyncResource.bind keeps a listener where it was bound', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const data = recorder.once(peer, 'data');
	storage.run('bound', () =>
		peer.on(
			'data',
			AsyncResource.bind(() => recorder.log('data', storage.getStore())),
		),
	);
	client.write('x');
	await data;
	client.destroy();
	await closed();
});

scenario('each kind of event has an execution context of its own', async (net, recorder) => {
	const here = executionAsyncId();
	const server = recorder.own(net.createServer());
	const ids = new Map<string, number>();
	const note = (name: string) => (): void => {
		ids.set(name, executionAsyncId());
	};
	server.on('connection', note('connection'));
	server.on('connection', (peer) => peer.on('data', note('peer data')).end());
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const address = server.address();
	const client = recorder.own(net.connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1'));
	client.on('end', note('client end'));
	client.resume();
	client.end('x');
	await recorder.once(client, 'close');
	recorder.log('own', [...ids.values()].includes(here), new Set(ids.values()).size);
	recorder.log('seen', [...ids.keys()].sort());
});

scenario('for await and promises keep the store of their function', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('abc'));
	await storage.run('function', async () => {
		const client = recorder.own(net.connect(server.port, '127.0.0.1'));
		for await (const chunk of client) recorder.log(String(chunk), storage.getStore());
		recorder.log('after', storage.getStore());
	});
});

scenario('a BoundSocket: events of the socket that adopted it', async (net, recorder) => {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return recorder.log('missing');
	const server = await recorder.serve(net, (peer) => peer.end('x'));
	const bound: unknown = storage.run('bound', () => Reflect.construct(constructor, [{ host: '127.0.0.1' }]));
	const socket: unknown = storage.run('adopted', () => Reflect.construct(net.Socket, [{ handle: bound }]));
	if (!(socket instanceof net.Socket)) return;
	recorder.own(socket);
	for (const name of ['connect', 'data', 'end', 'close']) socket.on(name, () => recorder.log(name, storage.getStore()));
	storage.run('connected', () => invoke(socket, 'connect', [server.port, '127.0.0.1']));
	await recorder.once(socket, 'close');
});
