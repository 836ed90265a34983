/** setEncoding() and text that is cut in the middle of a character. */
import { scenario } from '../src/scenario.ts';

scenario('data is text after setEncoding, Buffers before', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	let first = recorder.once(peer, 'data');
	client.write('bytes');
	lane.log('before', ...(await first));
	lane.log('returns itself', peer.setEncoding('utf8') === peer, peer.readableEncoding);
	first = recorder.once(peer, 'data');
	client.write('text ä');
	lane.log('after', ...(await first));
	client.destroy();
	await closed();
});

scenario('a character in two pieces arrives whole', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.setEncoding('utf8');
	const parts: string[] = [];
	peer.on('data', (text: string) => parts.push(text));
	client.write(Buffer.from([0xe2, 0x82]));
	await recorder.rounds(5);
	client.end(Buffer.from([0xac]));
	client.resume();
	await recorder.once(peer, 'end');
	recorder.log('text', parts.join(''), parts.filter((part) => part !== '').length);
	await closed();
});

scenario('an incomplete character at the end', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.setEncoding('utf8');
	const parts: string[] = [];
	peer.on('data', (text: string) => parts.push(text));
	client.end(Buffer.from([0x61, 0xe2, 0x82]));
	client.resume();
	await recorder.once(peer, 'end');
	recorder.log('text', parts.join(''));
	await closed();
});

scenario('hex, base64, latin1, utf16le', async (net, recorder) => {
	for (const encoding of ['hex', 'base64', 'latin1', 'utf16le'] as const) {
		const { client, peer, closed } = await recorder.pair(net);
		peer.setEncoding(encoding);
		client.end(Buffer.from([0x61, 0x00, 0xe4, 0x00, 0x7a, 0x00]));
		client.resume();
		const parts: string[] = [];
		peer.on('data', (text: string) => parts.push(text));
		await recorder.once(peer, 'end');
		recorder.log(encoding, parts.join(''), peer.bytesRead);
		await closed();
	}
});

scenario('an unknown encoding', async (net, recorder) => {
	const socket = new net.Socket();
	recorder.call(socket, 'setEncoding', 'no such');
	recorder.call(socket, 'setDefaultEncoding', 'no such');
	recorder.attempt('without argument', () => socket.setEncoding() === socket);
	recorder.log('encoding', socket.readableEncoding);
});

scenario('bytesRead counts bytes, not characters', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.setEncoding('utf8');
	const text = recorder.text(peer);
	client.end('äöü');
	client.resume();
	const received = await text;
	recorder.log('text', received, received.length, peer.bytesRead);
	await closed();
});
