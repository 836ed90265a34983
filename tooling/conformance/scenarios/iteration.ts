/** Async iteration, pipeline, finished, pipe, web streams: sockets as streams. */
import { once } from 'node:events';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { scenario } from '../src/scenario.ts';

scenario('for await reads until the end', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.end('iterated');
	client.resume();
	let text = '';
	for await (const chunk of peer) text += String(chunk);
	recorder.log('text', text, peer.destroyed);
	await closed();
});

scenario('leaving for await destroys the socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.on('error', () => {});
	client.resume();
	client.write('first');
	for await (const chunk of peer) {
		recorder.log('chunk', chunk);
		break;
	}
	recorder.log('destroyed', peer.destroyed);
	await closed();
});

scenario('for await throws the error of a reset', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	setImmediate(() => client.resetAndDestroy());
	try {
		for await (const chunk of peer) recorder.log('chunk', chunk);
		recorder.log('no error');
	} catch (error) {
		recorder.log('error', error);
	}
	await closed();
});

scenario('pipeline through a socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const collected = new PassThrough();
	const parts: string[] = [];
	collected.on('data', (chunk: Buffer) => parts.push(chunk.toString()));
	const receiving = pipeline(peer, collected);
	await pipeline(Readable.from(['a', 'b', 'c']), client);
	await receiving;
	recorder.log('received', parts.join(''));
	client.resume();
	await closed();
});

scenario('a pipeline whose source fails destroys the socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['error', 'close']);
	peer.on('error', () => {}).resume();
	async function* failing(): AsyncGenerator<string> {
		yield 'before';
		throw new Error('source failed');
	}
	try {
		await pipeline(failing, client);
	} catch (error) {
		recorder.log('rejected', error);
	}
	recorder.log('destroyed', client.destroyed);
	await closed();
});

scenario('finished resolves and rejects', async (net, recorder) => {
	const first = await recorder.pair(net);
	const done = finished(first.client);
	first.client.resume();
	first.peer.resume();
	first.client.end();
	recorder.log('resolved', await done);
	await first.closed();
	const second = await recorder.pair(net);
	second.peer.on('error', () => {}).resume();
	const failed = finished(second.client).catch((error: unknown) => error);
	second.client.destroy();
	recorder.log('premature', await failed);
	await second.closed();
});

scenario('pipe ends the destination, with end: false it does not', async (net, recorder) => {
	for (const end of [true, false]) {
		const { client, peer, closed } = await recorder.pair(net, { server: { allowHalfOpen: true } });
		peer.pipe(peer, { end });
		const received = recorder.received(client, 4);
		client.end('pipe');
		recorder.log('echo', await received);
		await recorder.rounds(3);
		recorder.log('ended', peer.writableEnded);
		peer.end();
		await closed();
	}
});

scenario('events.once of connect and of an error', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.log('connect', await once(client, 'connect'));
	const closed = recorder.once(server, 'close');
	client.destroy();
	server.close();
	await closed;
	const refused = recorder.own(net.connect(server.port, '127.0.0.1'));
	await once(refused, 'connect').catch((error: unknown) => recorder.log('rejected', error));
});

scenario('iterator helpers of streams', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.end('abc');
	client.resume();
	const upper = await peer
		.setEncoding('utf8')
		.map((text: string) => text.toUpperCase())
		.toArray();
	recorder.log('upper', upper.join(''));
	await closed();
});

scenario('Duplex.toWeb and back', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.pipe(peer);
	const web = Duplex.toWeb(client);
	const writer = web.writable.getWriter();
	await writer.write(Buffer.from('web'));
	const reader = web.readable.getReader();
	const { value } = await reader.read();
	recorder.log('read', Buffer.from(value).toString());
	await writer.close();
	await reader.cancel().catch(() => {});
	await closed();
});

scenario('two pipes make a proxy', async (net, recorder) => {
	const halfOpen = { allowHalfOpen: true };
	const origin = await recorder.serve(net, (socket) => socket.pipe(socket), halfOpen);
	const originPort = origin.port;
	const proxy = await recorder.serve(
		net,
		(socket) => {
			const onward = recorder.own(net.connect({ port: originPort, host: '127.0.0.1', ...halfOpen }));
			socket.pipe(onward).pipe(socket);
		},
		halfOpen,
	);
	const client = recorder.own(net.connect({ port: proxy.port, host: '127.0.0.1', ...halfOpen }));
	const text = recorder.text(client);
	client.write('through ');
	client.end('a proxy');
	recorder.log('text', await text);
});
