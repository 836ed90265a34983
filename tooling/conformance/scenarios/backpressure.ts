/** More bytes than buffers take: return values, drain, slow readers. */
import { createHash } from 'node:crypto';
import { scenario } from '../src/scenario.ts';

const megabyte = 1024 * 1024;

scenario('1 MB through a slow reader arrives whole', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const sent = Buffer.from(Array.from({ length: megabyte }, (_, i) => (i * 31 + (i >> 8)) & 255));
	const hash = createHash('sha256');
	let length = 0;
	peer.on('data', (chunk: Buffer) => {
		hash.update(chunk);
		length += chunk.length;
		peer.pause();
		setImmediate(() => peer.resume());
	});
	client.resume();
	client.end(sent, () => recorder.lane('client').log('finished'));
	await recorder.once(peer, 'end');
	recorder.log('length', length);
	recorder.log('equal', hash.digest('hex') === createHash('sha256').update(sent).digest('hex'));
	await closed();
});

scenario('1 MB through a slow reader on a Unix socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true });
	let sum = 0;
	peer.on('readable', () => {
		for (let chunk: Buffer | null = peer.read(1000); chunk !== null; chunk = peer.read(1000)) sum += chunk.length;
	});
	client.resume();
	client.end(Buffer.alloc(megabyte));
	await recorder.once(peer, 'end');
	recorder.log('length', sum, peer.bytesRead, client.bytesWritten);
	await closed();
});

scenario('write says true when the kernel takes all at once, even above the high water mark', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.on('drain', () => recorder.log('drain'));
	recorder.log('small', client.write('x'), client.writableNeedDrain);
	recorder.log('large', client.write(Buffer.alloc(client.writableHighWaterMark)), client.writableNeedDrain);
	await recorder.rounds(3);
	client.destroy();
	await closed();
});

scenario('write says false when the kernel takes no more, drain follows', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	peer.pause();
	lane.log('write', client.write(Buffer.alloc(16 * megabyte)), client.writableNeedDrain, client.writableLength > 0);
	const drained = recorder.once(client, 'drain');
	peer.resume();
	await drained;
	lane.log('drained', client.writableNeedDrain, client.writableLength);
	client.destroy();
	await closed();
});

scenario('drain only after false', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	let drains = 0;
	client.on('drain', () => drains++);
	for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => client.write('small', () => resolve()));
	recorder.log('drains', drains);
	client.destroy();
	await closed();
});

scenario('drain comes before the callbacks', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	peer.resume();
	client.on('drain', () => lane.log('drain'));
	client.write(Buffer.alloc(16 * megabyte), () => lane.log('callback'));
	await recorder.once(client, 'drain');
	await recorder.rounds(1);
	client.destroy();
	await closed();
});

scenario('a paused reader: the writer fills up, and goes on after resume', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.pause();
	let accepted = 0;
	const chunk = Buffer.alloc(65_536);
	const total = 256;
	let finished = 0;
	for (; accepted < total; accepted++) client.write(chunk, () => finished++);
	await recorder.rounds(5);
	recorder.log('not all has left', finished < total, client.writableLength > 0);
	peer.resume();
	client.end();
	await recorder.once(peer, 'end');
	recorder.log('all arrived', peer.bytesRead === total * chunk.length, finished);
	client.resume();
	await closed();
});

scenario('many small writes arrive in order', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.resume();
	const expected: string[] = [];
	for (let i = 0; i < 2000; i++) {
		client.write(`${i},`);
		expected.push(`${i},`);
	}
	client.end();
	recorder.log('equal', (await text) === expected.join(''));
	await closed();
});

scenario('an echo of 1 MB by pipe', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.pipe(peer);
	const sent = Buffer.alloc(megabyte, 'abcdefg');
	const echo = recorder.received(client, megabyte);
	client.write(sent);
	recorder.log('equal', (await echo).equals(sent));
	client.end();
	await closed();
	recorder.log('counters', client.bytesRead, client.bytesWritten, peer.bytesRead, peer.bytesWritten);
});

scenario(
	'high water marks are the stream defaults',
	(net, recorder) => {
		const socket = new net.Socket();
		recorder.log('marks', socket.readableHighWaterMark, socket.writableHighWaterMark);
	},
	{ follows: 'host' },
);

scenario("the highWaterMark option of a server is its sockets'", async (net, recorder) => {
	const { peer, client, closed } = await recorder.pair(net, { server: { highWaterMark: 1234 } });
	recorder.log('marks', peer.readableHighWaterMark, peer.writableHighWaterMark);
	client.destroy();
	peer.destroy();
	await closed();
});

scenario('the highWaterMark option of a socket is taken', (net, recorder) => {
	const options: Record<string, unknown> = { highWaterMark: 77 };
	const socket = new net.Socket(options);
	recorder.log('marks', socket.readableHighWaterMark, socket.writableHighWaterMark);
});
