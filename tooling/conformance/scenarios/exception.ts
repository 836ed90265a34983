/** Exceptions in listeners: uncaughtException, and everybody else's events still come. */
import type { Socket } from 'node:net';
import { scenario } from '../src/scenario.ts';
import type { Body } from '../src/scenario.ts';

function alone(sentence: string, body: Body): void {
	scenario(sentence, body, { process: 'own' });
}

scenario('in a data listener: the next data of the same socket still comes', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	let count = 0;
	const second = new Promise<void>((resolve) => {
		peer.on('data', (chunk: Buffer) => {
			count++;
			recorder.log('data', chunk);
			if (count === 2) return resolve();
			client.write('second');
			throw new Error('in data');
		});
	});
	client.write('first');
	await second;
	recorder.log('state', peer.destroyed, peer.readyState);
	client.destroy();
	await closed();
});

scenario("in one socket's data listener: the other socket's data still comes", async (net, recorder) => {
	const server = await recorder.serve(net);
	const peers: Socket[] = [];
	const clients: Socket[] = [];
	for (let i = 0; i < 3; i++) {
		const accepted = recorder.once(server, 'connection');
		clients.push(recorder.own(net.connect(server.port, '127.0.0.1')));
		const [peer] = await accepted;
		if (!(peer instanceof net.Socket)) throw new Error('no socket');
		peers.push(recorder.own(peer));
	}
	let seen = 0;
	const all = new Promise<void>((resolve) => {
		for (const peer of peers) {
			peer.on('data', () => {
				if (++seen === peers.length) setImmediate(resolve);
				throw new Error('in data');
			});
		}
	});
	for (const client of clients) client.write('x');
	process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5));
	await all;
	recorder.log('seen', seen);
});

scenario('in the connection listener: the next connection still comes', async (net, recorder) => {
	let count = 0;
	const server = await recorder.serve(net, (socket) => {
		recorder.own(socket);
		count++;
		if (count < 3) throw new Error(`in connection ${count}`);
	});
	for (let i = 0; i < 3; i++) {
		const accepted = recorder.once(server, 'connection');
		const client = recorder.own(net.connect(server.port, '127.0.0.1'));
		await recorder.once(client, 'connect');
		if (i < 2) await recorder.rounds(3);
		else await accepted;
	}
	recorder.log('connections', count);
});

scenario('in the end listener: the socket does not end itself any more', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('peer').events(peer, ['finish', 'close']);
	peer.resume();
	peer.on('end', () => {
		throw new Error('in end');
	});
	client.resume();
	client.end();
	await recorder.once(process, 'uncaughtException');
	await recorder.rounds(3);
	recorder.lane('peer').log('state', peer.readyState, peer.writableEnded, peer.destroyed);
	peer.end();
	await closed();
});

scenario('in the connect listener: ready does not come, the socket works', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.pipe(socket));
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.on('connect', () => {
		throw new Error('in connect');
	});
	client.on('ready', () => recorder.log('ready'));
	const uncaught = recorder.once(process, 'uncaughtException');
	await uncaught;
	recorder.log('state', recorder.state(client));
	client.destroy();
	await recorder.once(client, 'close');
});

scenario('in the close listener', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.on('close', () => {
		throw new Error('in close');
	});
	client.destroy();
	const gone = recorder.once(peer, 'close');
	await gone;
	void closed();
	await recorder.rounds(2);
	recorder.log('destroyed', client.destroyed, client.closed);
});

scenario('in a write callback: the next callback still comes', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.write('a', () => {
		recorder.log('a');
		throw new Error('in callback');
	});
	client.write('b', () => recorder.log('b'));
	await recorder.received(peer, 2);
	await recorder.rounds(3);
	client.destroy();
	await closed();
});

scenario('in a listening listener: the server listens', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	server.listen(0, '127.0.0.1', () => {
		throw new Error('in listening');
	});
	await recorder.once(process, 'uncaughtException');
	recorder.log('listening', server.listening);
});

scenario('a promise that rejects in a listener is an unhandled rejection', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const rejected = new Promise<void>((resolve) => {
		process.once('unhandledRejection', (reason) => {
			recorder.log('unhandledRejection', reason);
			resolve();
		});
	});
	peer.on('data', async () => {
		await null;
		throw new Error('rejected');
	});
	client.write('x');
	await rejected;
	client.destroy();
	await closed();
});

alone('uncaught in a data listener ends the process with 1', async (net, recorder) => {
	const { client, peer } = await recorder.pair(net);
	peer.on('data', () => {
		throw new RangeError('thrown in data');
	});
	client.write('x');
});

alone('an error event without listener ends the process with 1', async (net, recorder) => {
	const { client } = await recorder.pair(net);
	client.destroy(new Error('nobody listens'));
});

alone('a refused connection without listener ends the process with 1', (net) => {
	net.createServer().listen(0, '127.0.0.1', function (this: unknown) {
		const server = this;
		if (!(server instanceof net.Server)) return;
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		server.close(() => net.connect(port, '127.0.0.1'));
	});
});

alone('a server error without listener ends the process with 1', (net) => {
	net.createServer().listen('/no/such/folder/server.sock');
});

alone('an uncaughtException listener keeps the process, and the sockets, going', async (net, recorder) => {
	process.on('uncaughtException', (error) => recorder.log('uncaught', error));
	const { client, peer, closed } = await recorder.pair(net);
	peer.once('data', () => {
		throw new Error('first');
	});
	client.write('x');
	await recorder.once(process, 'uncaughtException');
	const text = recorder.text(peer);
	client.end('goes on');
	client.resume();
	recorder.log('text', await text);
	await closed();
});
