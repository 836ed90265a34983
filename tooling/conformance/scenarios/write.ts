/** write(): forms, callbacks, counters, corking. */
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('forms of write', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.resume();
	const forms: unknown[][] = [
		['text '],
		['text ', 'latin1'],
		['6869', 'hex'],
		['IGJhc2U2NA==', 'base64'],
		[Buffer.from(' buffer')],
		[new Uint8Array([32, 117, 56])],
		[' cb', () => {}],
		[' enc', 'utf8', () => {}],
		[''],
		[Buffer.alloc(0)],
	];
	for (const values of forms) recorder.attempt('write', () => invoke(client, 'write', values));
	client.end();
	recorder.log('text', await text);
	await closed();
	recorder.log('bytes', client.bytesWritten, peer.bytesRead);
});

scenario('chunks of wrong types throw', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['error']);
	peer.resume();
	for (const chunk of [undefined, 5, true, {}, [], () => {}, Symbol.iterator]) recorder.call(client, 'write', chunk);
	recorder.call(client, 'write', null);
	recorder.call(client, 'write', 'x', 'no such encoding');
	recorder.call(client, 'write', 'x', 5);
	recorder.log('usable', client.destroyed, client.writable);
	client.destroy();
	await closed();
});

scenario(
	'callbacks come in order, without arguments, before the event loop goes on for long',
	async (net, recorder) => {
		const { client, peer, closed } = await recorder.pair(net);
		const lane = recorder.lane('client');
		peer.resume();
		for (let i = 0; i < 5; i++) client.write(`${i}`, (...values) => lane.log(`callback ${i}`, ...values));
		lane.log('after the calls');
		await recorder.received(peer, 5);
		await recorder.rounds(2);
		client.destroy();
		await closed();
	},
);

scenario('a callback does not wait for what is written after the turn of its chunk', async (net, recorder) => {
	for (const unix of [false, true]) {
		const { client, peer, closed } = await recorder.pair(net, { unix });
		const lane = recorder.lane(unix ? 'Unix' : 'TCP');
		peer.resume();
		client.write('first', (error) => lane.log('first', error ?? null));
		process.nextTick(() => client.write('later', (error) => lane.log('later', error ?? null)));
		client.write('second', (error) => lane.log('second', error ?? null));
		process.nextTick(() => lane.log('a tick behind them'));
		await recorder.received(peer, 16);
		await recorder.rounds(2);
		client.destroy();
		await closed();
	}
});

scenario('a callback is not called inside write', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	let inside = true;
	const called = new Promise<void>((resolve) => {
		client.write('x', () => {
			recorder.log('inside write', inside);
			resolve();
		});
	});
	inside = false;
	await called;
	client.destroy();
	await closed();
});

scenario('a write in a write callback', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	const text = recorder.text(peer);
	client.resume();
	client.write('a', () => {
		lane.log('first written', client.bufferSize);
		client.write('b', () => {
			lane.log('second written', client.bufferSize);
			client.end('c', () => lane.log('ended'));
		});
	});
	recorder.lane('peer').log('text', await text);
	await closed();
});

scenario('bytesWritten counts at once, in bytes', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	recorder.log('at first', client.bytesWritten);
	client.write('ä€𝄞');
	recorder.log('three characters', client.bytesWritten);
	client.write('6162', 'hex');
	recorder.log('hex', client.bytesWritten);
	client.write(Buffer.alloc(10));
	recorder.log('buffer', client.bytesWritten);
	client.end();
	client.resume();
	await closed();
	recorder.log('after', client.bytesWritten, peer.bytesRead);
});

scenario('bytesWritten leaves out what an encoding skips', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	for (const [chunk, encoding] of [
		['no', 'hex'],
		['616', 'hex'],
		['6162z', 'HEX'],
		['YQ===', 'base64'],
		['Y W J j', 'base64url'],
	] as const) {
		recorder.log(encoding, invoke(client, 'write', [chunk, encoding]), client.bytesWritten);
	}
	client.end();
	client.resume();
	recorder.log('text', await text);
	await closed();
	recorder.log('after', client.bytesWritten, peer.bytesRead);
});

scenario('writableLength and bufferSize fall to 0 when all has left', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	recorder.log('at first', client.writableLength, client.bufferSize);
	await new Promise<void>((resolve) => client.write('hello', () => resolve()));
	recorder.log('written', client.writableLength, client.bufferSize);
	client.destroy();
	await closed();
	recorder.log('destroyed', client.writableLength, client.bufferSize);
});

scenario('cork holds back, uncork sends in order', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.resume();
	client.cork();
	client.write('one ', () => recorder.log('one written'));
	client.write('two ', () => recorder.log('two written'));
	recorder.log('corked', client.writableCorked, client.writableLength);
	await recorder.rounds(2);
	recorder.log('nothing arrived', peer.bytesRead);
	client.uncork();
	client.end('three');
	recorder.lane('peer').log('text', await text);
	await closed();
});

scenario('cork of text in two encodings and bytes', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.resume();
	client.cork();
	client.write('ä', 'utf8');
	client.write('c3a4', 'hex');
	client.write('ä', 'utf16le');
	client.write(Buffer.from('ä'));
	client.uncork();
	recorder.log('bytes', client.bytesWritten);
	client.end();
	const received = await text;
	recorder.log('received', Buffer.from(received).length, received.startsWith('ää'));
	await closed();
});

scenario('every encoding arrives as it should', async (net, recorder) => {
	for (const encoding of [
		'utf8',
		'latin1',
		'ascii',
		'hex',
		'base64',
		'base64url',
		'utf16le',
		'ucs2',
		'binary',
	] as const) {
		const { client, peer, closed } = await recorder.pair(net);
		const got = recorder.received(peer, Buffer.byteLength('abcd', encoding));
		client.write('abcd', encoding);
		recorder.log(encoding, await got);
		client.destroy();
		await closed();
	}
});

scenario('setDefaultEncoding', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.log('returns itself', client.setDefaultEncoding('hex') === client);
	const got = recorder.received(peer, 2);
	client.write('6869');
	recorder.log('got', await got);
	client.destroy();
	await closed();
});

scenario('decodeStrings is off: text stays text in the buffer', async (net, recorder) => {
	const socket = new net.Socket();
	recorder.log('objectMode', socket.writableObjectMode, socket.readableObjectMode);
	const state: unknown = Reflect.get(socket, '_writableState');
	recorder.log(
		'decodeStrings',
		typeof state === 'object' && state !== null ? Reflect.get(state, 'decodeStrings') : state,
	);
});

scenario('a Buffer changed after its callback does not change what was sent', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const got = recorder.received(peer, 4);
	const chunk = Buffer.from('good');
	await new Promise<void>((resolve) => client.write(chunk, () => resolve()));
	chunk.fill('x');
	recorder.log('got', await got);
	client.destroy();
	await closed();
});

scenario('memory that is used again right after write', async (net, recorder) => {
	for (const size of [4, 1000, 20_000, 32_768, 100_000]) {
		const { client, peer, closed } = await recorder.pair(net);
		const text = recorder.text(peer);
		const memory = Buffer.alloc(size);
		for (const letter of ['a', 'b']) client.write(memory.fill(letter));
		client.resume().end();
		const received = await text;
		recorder.log(`${size}`, received === 'a'.repeat(size) + 'b'.repeat(size));
		await closed();
	}
});
