/** What comes before what: two sockets' events, ticks, promise jobs, immediates, timers. */
import type { Socket } from 'node:net';
import type { Lane, Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** A tick and a promise job, each recorded when it runs. */
function jobs(lane: Lane, label: string): void {
	process.nextTick(() => lane.log(`tick of ${label}`));
	void Promise.resolve().then(() => lane.log(`promise of ${label}`));
}

/** Two connections to one server. */
async function twoPeers(net: Net, recorder: Recorder): Promise<{ clients: Socket[]; peers: Socket[] }> {
	const server = await recorder.serve(net);
	const clients: Socket[] = [];
	const peers: Socket[] = [];
	for (let i = 0; i < 2; i++) {
		const accepted = recorder.once(server, 'connection');
		const client = recorder.own(net.connect(server.port, '127.0.0.1'));
		const [peer] = await accepted;
		if (!(peer instanceof net.Socket)) throw new Error('no socket');
		clients.push(client);
		peers.push(recorder.own(peer));
	}
	return { clients, peers };
}

/** Blocks the thread, so that what both sent is ready at the same look at the kernel. */
function block(milliseconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

scenario("ticks and promise jobs of one socket's data run before the other socket's data", async (net, recorder) => {
	const { clients, peers } = await twoPeers(net, recorder);
	const seen: string[] = [];
	const done = new Promise<void>((resolve) => {
		for (const peer of peers) {
			peer.on('data', () => {
				seen.push('data');
				process.nextTick(() => seen.push('tick'));
				void Promise.resolve().then(() => {
					seen.push('promise');
					if (seen.length === 6) resolve();
				});
			});
		}
	});
	await recorder.rounds(2);
	for (const client of clients) client.write('x');
	process.nextTick(() => block(5));
	await done;
	recorder.log('seen', seen);
});

scenario('in the data listener: ticks first, then promise jobs', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const data = new Promise<void>((resolve) => {
		peer.once('data', () => {
			recorder.log('data');
			jobs(recorder, 'data');
			process.nextTick(() => {
				recorder.log('second tick');
				process.nextTick(() => recorder.log('nested tick'));
			});
			setImmediate(() => {
				recorder.log('immediate');
				resolve();
			});
		});
	});
	client.write('x');
	await data;
	client.destroy();
	await closed();
});

scenario('two listeners of one data event run together, then the ticks', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const data = recorder.once(peer, 'data');
	peer.on('data', () => {
		recorder.log('first');
		jobs(recorder, 'first');
	});
	peer.on('data', () => {
		recorder.log('second');
		jobs(recorder, 'second');
	});
	client.write('x');
	await data;
	await recorder.rounds(1);
	client.destroy();
	await closed();
});

scenario('the connection listener: ticks and promise jobs before data', async (net, recorder) => {
	const lane = recorder.lane('peer');
	const { client, peer, closed } = await recorder.pair(net, {
		accepted(socket) {
			lane.log('connection');
			jobs(lane, 'connection');
			socket.on('data', (chunk: Buffer) => lane.log('data', chunk));
		},
	});
	const data = recorder.once(peer, 'data');
	client.write('x');
	await data;
	client.destroy();
	await closed();
});

scenario('data, end, close of a peer, with their ticks', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	for (const name of ['data', 'end', 'finish', 'close']) {
		peer.on(name, () => {
			recorder.log(name);
			jobs(recorder, name);
		});
	}
	client.end('x');
	client.resume();
	await closed();
	await recorder.rounds(1);
});

scenario('listening, then connection: never the other way round', async (net, recorder) => {
	const server = recorder.own(net.createServer(() => recorder.log('connection')));
	server.on('listening', () => {
		recorder.log('listening');
		jobs(recorder, 'listening');
	});
	server.listen({ port: 0, host: '127.0.0.1' });
	await recorder.once(server, 'listening');
	const address = server.address();
	const client = recorder.own(
		net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1'),
	);
	await recorder.once(server, 'connection');
	client.destroy();
});

scenario('listening on a path: after ticks that were queued before, before later ones', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	server.on('listening', () => recorder.log('listening'));
	process.nextTick(() => recorder.log('tick before'));
	server.listen(recorder.path('order.sock'));
	process.nextTick(() => recorder.log('tick after'));
	await recorder.once(server, 'listening');
	await recorder.rounds(1);
});

scenario('close of a server: its event after a tick', async (net, recorder) => {
	const server = await recorder.serve(net);
	server.on('close', () => {
		recorder.log('close');
		jobs(recorder, 'close');
	});
	server.close();
	process.nextTick(() => recorder.log('tick after close()'));
	setImmediate(() => recorder.log('immediate'));
	await recorder.once(server, 'close');
	await recorder.rounds(2);
});

scenario('close of a destroyed socket comes after the ticks and promise jobs', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.on('close', () => recorder.log('close'));
	client.destroy();
	process.nextTick(() => recorder.log('tick'));
	void Promise.resolve().then(() => recorder.log('promise'));
	setImmediate(() => recorder.log('immediate'));
	await closed();
});

scenario('error and close of a destroyed socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.on('error', () => {}).resume();
	client.on('error', () => {
		recorder.log('error');
		jobs(recorder, 'error');
	});
	client.on('close', () => recorder.log('close'));
	client.destroy(new Error('x'));
	process.nextTick(() => recorder.log('tick'));
	setImmediate(() => recorder.log('immediate'));
	await closed();
});

scenario('a write callback against ticks that were queued before it', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	process.nextTick(() => recorder.log('tick before'));
	const written = new Promise<void>((resolve) => {
		client.write('x', () => {
			recorder.log('written');
			jobs(recorder, 'written');
			setImmediate(resolve);
		});
	});
	await written;
	client.destroy();
	await closed();
});

scenario('a write callback and an immediate', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	setImmediate(() => recorder.log('immediate'));
	client.write('x', () => recorder.log('written'));
	await recorder.rounds(2);
	client.destroy();
	await closed();
});

scenario('writes and end: callbacks, finish, end callback', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.resume();
	client.on('finish', () => recorder.log('finish'));
	client.write('a', () => recorder.log('a'));
	client.write('b', () => recorder.log('b'));
	client.end('c', () => recorder.log('end callback'));
	await closed();
});

scenario('a timer that is due and data that is there: both come', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const both = Promise.all([recorder.once(peer, 'data'), new Promise((resolve) => setTimeout(resolve, 1))]);
	client.write('x');
	process.nextTick(() => block(5));
	await both;
	recorder.log('both came');
	client.destroy();
	await closed();
});

scenario('connect listeners, their ticks, then ready', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.resume());
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	for (const name of ['connect', 'ready']) {
		client.on(name, () => {
			recorder.log(name);
			jobs(recorder, name);
		});
	}
	await recorder.once(client, 'ready');
	await recorder.rounds(1);
	client.destroy();
});

scenario('an answer written in the data listener comes back in the same order', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	let asked = 0;
	peer.on('data', (chunk: Buffer) => {
		for (const letter of chunk.toString()) peer.write(`${letter}${asked++} `);
	});
	const answer = recorder.received(client, 12);
	for (const letter of 'abcd') client.write(letter);
	recorder.log('answer', await answer);
	client.destroy();
	await closed();
});
