/** Calls from within listeners and callbacks of the same socket or server. */
import { scenario } from '../src/scenario.ts';

scenario('write in the finish listener fails as after end', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	peer.on('error', () => {}).resume();
	client.resume();
	client.on('error', (error) => lane.log('error', error));
	client.on('finish', () =>
		lane.log(
			'write',
			client.write('late', (error) => lane.log('callback', error)),
		),
	);
	client.end();
	await closed();
});

scenario('destroy in a write callback', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['error', 'close']);
	peer.on('error', () => {}).resume();
	client.write('a', () => {
		lane.log('a');
		client.destroy();
	});
	client.write('b', (...values) => lane.log('b', ...values));
	await closed();
});

scenario('end in the drain listener', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['finish', 'close']);
	client.on('drain', () => {
		lane.log('drain');
		client.end('last');
	});
	client.resume();
	peer.pause();
	let sum = 0;
	peer.on('data', (chunk: Buffer) => (sum += chunk.length));
	client.write(Buffer.alloc(16 * 1024 * 1024));
	setImmediate(() => peer.resume());
	await closed();
	recorder.lane('peer').log('all', sum === 16 * 1024 * 1024 + 4);
});

scenario('connect again in the close listener', async (net, recorder) => {
	let connections = 0;
	const server = await recorder.serve(net, (socket) => {
		connections++;
		socket.end(String(connections));
	});
	const client = recorder.own(new net.Socket());
	client.on('data', (chunk: Buffer) => recorder.log('data', chunk));
	const done = new Promise<void>((resolve) => {
		client.on('close', (...values) => {
			recorder.log('close', ...values, client.bytesRead);
			if (connections === 3) resolve();
			else client.connect(server.port, '127.0.0.1');
		});
	});
	client.connect(server.port, '127.0.0.1');
	await done;
});

scenario('listen again in the close listener', async (net, recorder) => {
	const server = await recorder.serve(net);
	const again = new Promise<void>((resolve) => {
		server.once('close', () => {
			recorder.log('close', server.listening);
			server.listen(0, '127.0.0.1', () => {
				recorder.log('listening', server.listening);
				resolve();
			});
		});
	});
	server.close();
	await again;
});

scenario('close in the listening listener', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	const closed = recorder.once(server, 'close');
	server.listen(0, '127.0.0.1', () => {
		server.close((...values) => recorder.log('closed', ...values));
		recorder.log('listening', server.listening);
	});
	await closed;
});

scenario('pause, resume and pause again in one data event', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	const first = recorder.once(peer, 'data');
	peer.once('data', () => {
		peer.pause();
		peer.resume();
		peer.pause();
	});
	client.write('one');
	await first;
	client.write('two');
	await recorder.rounds(4);
	lane.log('paused', peer.isPaused(), peer.readableFlowing);
	const second = recorder.once(peer, 'data');
	peer.resume();
	lane.log('two', ...(await second));
	client.destroy();
	await closed();
});

scenario('a new listener in a data event does not see that event', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	const first = recorder.once(peer, 'data');
	peer.once('data', () => {
		peer.on('data', (chunk: Buffer) => lane.log('second listener', chunk));
	});
	client.write('one');
	await first;
	const second = recorder.once(peer, 'data');
	client.write('two');
	await second;
	client.destroy();
	await closed();
});

scenario('the other end is destroyed in a data event', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	lane.events(peer, ['end', 'close']);
	peer.on('error', (error) => lane.log('error', Reflect.get(error, 'code')));
	peer.on('data', (chunk: Buffer) => {
		lane.log('data', chunk);
		client.destroy();
	});
	client.write('x');
	await closed();
});

scenario('a listener of data that takes itself away stops the flow no further', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	const first = recorder.once(peer, 'data');
	client.write('one');
	await first;
	lane.log('flowing without a listener', peer.readableFlowing, peer.listenerCount('data'));
	client.write('lost');
	while (peer.bytesRead < 7) await recorder.rounds(1);
	const text = recorder.text(peer);
	client.end('seen');
	client.resume();
	lane.log('text', await text);
	await closed();
});

scenario('end of the peer in its connection listener, with data and half-open', async (net, recorder) => {
	const server = await recorder.serve(
		net,
		(socket) => {
			socket.end('at once');
			void recorder.text(socket).then((text) => recorder.lane('peer').log('text', text));
			socket.on('close', (...values) => recorder.lane('peer').log('close', ...values));
		},
		{ allowHalfOpen: true },
	);
	const accepted = recorder.once(server, 'connection');
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }));
	const [peer] = await accepted;
	const closed = peer instanceof net.Socket ? recorder.once(peer, 'close') : undefined;
	recorder.lane('client').log('text', await recorder.text(client));
	client.end('answer');
	await Promise.all([recorder.once(client, 'close'), closed]);
});

scenario('setTimeout anew in the timeout listener', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	let count = 0;
	const third = new Promise<void>((resolve) => {
		client.on('timeout', () => {
			recorder.log('timeout', ++count);
			if (count === 3) resolve();
			client.setTimeout(count === 3 ? 0 : 5);
		});
	});
	client.setTimeout(5);
	await third;
	client.destroy();
	await closed();
});

scenario('more than ten writes before the connection warn nobody', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.pipe(socket));
	const warn = (warning: Error): void => recorder.log('warning', warning.name);
	process.on('warning', warn);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	for (let i = 0; i < 20; i++) client.write('x');
	recorder.log('echo', await recorder.received(client, 20));
	process.off('warning', warn);
	client.destroy();
	await recorder.once(client, 'close');
});

scenario("emit('connection') with any stream reaches the listener", async (net, recorder) => {
	const { PassThrough } = await import('node:stream');
	const stream = new PassThrough();
	const server = net.createServer((socket) => recorder.log('the same', Object.is(socket, stream)));
	recorder.log('returns', server.emit('connection', stream));
});

scenario('this of every listener is the socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	for (const name of ['data', 'end', 'finish', 'close']) {
		peer.on(name, function (this: unknown) {
			recorder.lane('peer').log(name, this === peer);
		});
	}
	client.resume();
	client.end('x');
	await closed();
});
