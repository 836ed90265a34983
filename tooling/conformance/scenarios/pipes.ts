/** Sockets between other streams: files, compression, cork and small buffers. */
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { Readable, Transform, Writable, compose } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { scenario } from '../src/scenario.ts';

scenario('a file through a socket into a file', async (net, recorder) => {
	const source = recorder.path('source');
	const target = recorder.path('target');
	writeFileSync(source, Buffer.alloc(300_000, 'file '));
	const { client, peer, closed } = await recorder.pair(net);
	const received = pipeline(peer, createWriteStream(target));
	await pipeline(createReadStream(source), client);
	await received;
	recorder.log('equal', readFileSync(source).equals(readFileSync(target)));
	client.resume();
	await closed();
});

scenario('compressed on the way', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const parts: Buffer[] = [];
	const collect = new Writable({
		write(chunk: Buffer, _encoding, done) {
			parts.push(chunk);
			done();
		},
	});
	const received = pipeline(peer, createGunzip(), collect);
	await pipeline(Readable.from(['a'.repeat(100_000), 'b'.repeat(100_000)]), createGzip(), client);
	await received;
	const text = Buffer.concat(parts).toString();
	recorder.log('text', text.length, text.startsWith('aaa'), text.endsWith('bbb'));
	recorder.log('less went over the wire', peer.bytesRead < 10_000, peer.bytesRead === client.bytesWritten);
	client.resume();
	await closed();
});

scenario('a slow transform holds the sender back', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	let sum = 0;
	const slow = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			sum += chunk.length;
			setImmediate(done);
		},
	});
	const received = pipeline(peer, slow, async (source) => {
		for await (const chunk of source) recorder.log('chunk', chunk);
	});
	await pipeline(Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(10_000))), client);
	await received;
	recorder.log('all', sum);
	client.resume();
	await closed();
});

scenario('unpipe and pipe again', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	let text = '';
	const target = new Writable({
		write(chunk: Buffer, _encoding, done) {
			text += chunk.toString();
			done();
		},
	});
	peer.pipe(target);
	client.write('one ');
	while (text === '') await recorder.rounds(1);
	peer.unpipe(target);
	lane.log('unpiped', text, peer.readableFlowing);
	client.write('two');
	await recorder.rounds(4);
	lane.log('held', text);
	peer.pipe(target);
	while (text.length < 7) await recorder.rounds(1);
	lane.log('piped again', text);
	client.destroy();
	peer.destroy();
	await closed();
});

scenario('one socket into two targets', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const texts = ['', ''];
	for (const i of [0, 1]) {
		peer.pipe(
			new Writable({
				write(chunk: Buffer, _encoding, done) {
					texts[i] += chunk.toString();
					if (i === 0) done();
					else setImmediate(done);
				},
			}),
		);
	}
	client.end('for both');
	client.resume();
	await recorder.once(peer, 'end');
	await recorder.rounds(2);
	recorder.log('texts', texts);
	await closed();
});

scenario('a server with a small highWaterMark still takes all', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { highWaterMark: 16 } });
	const lane = recorder.lane('peer');
	lane.log('below the mark', peer.write('x'.repeat(10)), peer.writableNeedDrain);
	lane.log('above the mark', peer.write('x'.repeat(100)), peer.writableNeedDrain);
	recorder.log('received', (await recorder.received(client, 110)).length);
	client.write('y'.repeat(100));
	lane.log('received', (await recorder.received(peer, 100)).length);
	client.destroy();
	await closed();
});

scenario('compose a socket with transforms', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.pipe(peer);
	const upper = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			done(null, chunk.toString().toUpperCase());
		},
	});
	const composed = compose(client, upper);
	const data = recorder.once(composed, 'data');
	composed.write('composed');
	recorder.log('data', ...(await data));
	client.destroy();
	composed.on('error', () => {});
	await closed();
});

scenario('cork and uncork from several places', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.resume();
	client.cork();
	client.cork();
	client.write('a');
	client.uncork();
	recorder.log('still corked', client.writableCorked, client.writableLength);
	client.write('b');
	client.uncork();
	client.write('c');
	client.cork();
	client.write('d');
	client.end('e');
	recorder.log('text', await text);
	await closed();
});
