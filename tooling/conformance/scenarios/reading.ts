/** pause(), resume(), read(), readable and what is read before anybody listens. */
import { scenario } from '../src/scenario.ts';

scenario('data waits until somebody listens', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.write('patience');
	await recorder.rounds(5);
	recorder.log('flowing', peer.readableFlowing);
	recorder.log('data', await recorder.received(peer, 8));
	recorder.log('flowing', peer.readableFlowing);
	client.destroy();
	await closed();
});

scenario('pause holds data back, resume gives it', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const seen: string[] = [];
	peer.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
	recorder.log('returns itself', peer.pause() === peer, peer.isPaused());
	client.write('held');
	await recorder.rounds(5);
	recorder.log('while paused', seen.join(''));
	const data = recorder.once(peer, 'data');
	recorder.log('returns itself', peer.resume() === peer, peer.isPaused());
	await data;
	recorder.log('after', seen.join(''), peer.bytesRead);
	client.destroy();
	await closed();
});

scenario('pause in the data listener', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	let sum = 0;
	let paused = 0;
	peer.on('data', (chunk: Buffer) => {
		if (peer.isPaused()) lane.log('data while paused');
		sum += chunk.length;
		peer.pause();
		paused++;
		setImmediate(() => peer.resume());
	});
	client.end(Buffer.alloc(300_000));
	client.resume();
	await recorder.once(peer, 'end');
	lane.log('all', sum, paused > 1);
	await closed();
});

scenario('end waits while paused', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	lane.events(peer, ['end']);
	peer.on('data', (chunk: Buffer) => lane.log('data', chunk));
	peer.pause();
	client.end('x');
	client.resume();
	await recorder.rounds(5);
	lane.log('paused', peer.readableEnded);
	peer.resume();
	await closed();
});

scenario('readable and read', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	peer.once('readable', () => {
		lane.log('readable', peer.readableLength);
		lane.log('read(2)', peer.read(2));
		lane.log('read()', peer.read());
		lane.log('read()', peer.read());
	});
	const readable = recorder.once(peer, 'readable');
	client.write('abcdef');
	await readable;
	client.destroy();
	peer.destroy();
	await closed();
});

scenario('read() before anything came', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.log('read', peer.read(), peer.readableLength);
	const readable = recorder.once(peer, 'readable');
	client.write('x');
	await readable;
	recorder.log('read', peer.read());
	client.destroy();
	peer.destroy();
	await closed();
});

scenario('unshift gives data back', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const first = recorder.once(peer, 'data');
	client.write('ab');
	const [chunk] = await first;
	peer.pause();
	if (Buffer.isBuffer(chunk)) peer.unshift(chunk.subarray(1));
	recorder.log('first', chunk);
	const again = recorder.once(peer, 'data');
	peer.resume();
	recorder.log('again', ...(await again));
	client.destroy();
	await closed();
});

scenario('pauseOnConnect: nothing is read until resume', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { pauseOnConnect: true } });
	recorder.log('paused', peer.isPaused(), peer.readableFlowing);
	client.write('wait');
	await recorder.rounds(5);
	recorder.log('nothing', peer.bytesRead, peer.readableLength);
	const data = recorder.received(peer, 4);
	peer.resume();
	recorder.log('data', await data);
	client.destroy();
	await closed();
});

scenario('a socket that reads nothing sees no end of its peer', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { pauseOnConnect: true } });
	recorder.events(peer, ['end', 'close', 'error']);
	client.end('x');
	await recorder.once(client, 'finish');
	await recorder.rounds(5);
	recorder.log('state', peer.readyState, peer.destroyed);
	client.resume();
	peer.resume();
	await closed();
});

scenario('pause before the connection', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end('greeting'));
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.on('data', (chunk: Buffer) => recorder.log('data', chunk));
	client.pause();
	await recorder.once(client, 'connect');
	await recorder.rounds(5);
	recorder.log('paused', client.isPaused(), client.bytesRead);
	client.resume();
	await recorder.once(client, 'close');
});

scenario('bytesRead of what nobody reads', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const got = recorder.received(peer, 10);
	client.write('0123456789');
	await got;
	recorder.log('read', peer.bytesRead);
	client.destroy();
	await closed();
	recorder.log('after', peer.bytesRead, client.bytesRead);
});

scenario('a chunk belongs to the receiver', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const first = recorder.once(peer, 'data');
	client.write('first');
	const [kept] = await first;
	const second = recorder.once(peer, 'data');
	client.write('other');
	await second;
	recorder.log('kept', kept, Buffer.isBuffer(kept));
	if (Buffer.isBuffer(kept)) kept.fill(0);
	const third = recorder.once(peer, 'data');
	client.write('third');
	recorder.log('third', ...(await third));
	client.destroy();
	await closed();
});

scenario('readable: false makes a socket that only writes', (net, recorder) => {
	for (const options of [{ readable: false }, { writable: false }, { readable: false, writable: false }, {}]) {
		const socket = new net.Socket(options);
		recorder.log(recorder.names.show(options), socket.readable, socket.writable, socket.readyState);
	}
});

scenario('a chunk has memory of its own', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.end('x');
	const [chunk] = await recorder.once(client, 'data');
	recorder.log('own', Buffer.isBuffer(chunk) && chunk.buffer.byteLength === chunk.length);
	await closed();
});
