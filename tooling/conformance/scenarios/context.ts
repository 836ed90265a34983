/** AsyncLocalStorage and the resource that events run in. */
import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { scenario } from '../src/scenario.ts';

const storage = new AsyncLocalStorage<string>();

scenario('a client sees the store of where it was made', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end('x'));
	const client = storage.run('client store', () => recorder.own(net.connect(server.port, '127.0.0.1')));
	for (const name of ['lookup', 'connect', 'ready', 'data', 'end', 'close']) {
		client.on(name, () => recorder.log(name, storage.getStore()));
	}
	await recorder.once(client, 'close');
});

scenario('a server sees the store of where it listens', async (net, recorder) => {
	const seen = new Promise<void>((resolve) => {
		const server = storage.run('made', () =>
			recorder.own(
				net.createServer((socket) => {
					recorder.log('connection', storage.getStore());
					socket.on('data', () => recorder.log('data', storage.getStore()));
					socket.on('close', () => {
						recorder.log('close', storage.getStore());
						resolve();
					});
					socket.end();
				}),
			),
		);
		storage.run('listened', () =>
			server.listen({ port: 0, host: '127.0.0.1' }, () => {
				recorder.log('listening', storage.getStore());
				const address = server.address();
				const port = typeof address === 'object' && address !== null ? address.port : 0;
				storage.run('client', () => recorder.own(net.connect(port, '127.0.0.1')).end('x').resume());
			}),
		);
	});
	await seen;
});

scenario('a write callback sees the store of its write', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	await new Promise<void>((resolve) => {
		storage.run('first', () => client.write('a', () => recorder.log('a', storage.getStore())));
		storage.run('second', () => {
			client.write('b', () => {
				recorder.log('b', storage.getStore());
				resolve();
			});
		});
	});
	client.destroy();
	await closed();
});

scenario('a store that is entered in an event is not seen by other sockets', async (net, recorder) => {
	const peers: Socket[] = [];
	const server = await recorder.serve(net, (socket) => void peers.push(recorder.own(socket)));
	const clients: Socket[] = [];
	for (let i = 0; i < 4; i++) {
		const accepted = recorder.once(server, 'connection');
		clients.push(recorder.own(net.connect(server.port, '127.0.0.1')));
		await accepted;
	}
	let told = 0;
	await new Promise<void>((resolve) => {
		for (const peer of peers) {
			peer.once('data', () => {
				recorder.log('data', storage.getStore());
				storage.enterWith('entered');
				process.nextTick(() => recorder.log('tick', storage.getStore()));
				told++;
				if (told === 4) setImmediate(resolve);
			});
		}
		// In one turn, so that all of it comes in one wake-up of the other side.
		for (const client of clients) client.write('x');
	});
	for (const client of clients) client.destroy();
});

scenario('a listener that was added in a store does not see it', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const data = recorder.once(peer, 'data');
	storage.run('where added', () => peer.on('data', () => recorder.log('data', storage.getStore())));
	client.write('x');
	await data;
	client.destroy();
	await closed();
});

scenario('close and getConnections callbacks', async (net, recorder) => {
	const server = await recorder.serve(net);
	await new Promise<void>((resolve) => {
		storage.run('counting', () =>
			server.getConnections(() => {
				recorder.log('getConnections', storage.getStore());
				resolve();
			}),
		);
	});
	await new Promise<void>((resolve) => {
		storage.run('closing', () =>
			server.close(() => {
				recorder.log('close', storage.getStore());
				resolve();
			}),
		);
	});
});

scenario('a timeout listener', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	await new Promise<void>((resolve) => {
		storage.run('timing', () =>
			client.setTimeout(5, () => {
				recorder.log('timeout', storage.getStore());
				resolve();
			}),
		);
	});
	client.destroy();
	await closed();
});

scenario('events of one socket run in one execution context', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const ids = new Set<number>();
	peer.on('data', () => ids.add(executionAsyncId()));
	for (let i = 0; i < 3; i++) {
		const data = recorder.once(peer, 'data');
		client.write('x');
		await data;
	}
	recorder.log('one id that is not 0', ids.size, !ids.has(0));
	client.destroy();
	await closed();
});
