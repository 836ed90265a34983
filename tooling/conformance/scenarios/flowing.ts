/** What is changed on a socket while chunks flow through it: the next chunk finds it as it is then. */
import type { Socket } from 'node:net';

import type { Pair, Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** A pair through which two chunks have flown, and `send`, after which one more has come. */
async function flowing(net: Net, recorder: Recorder): Promise<Pair & { send: (text: string) => Promise<void> }> {
	const pair = await recorder.pair(net);
	const { client, peer } = pair;
	peer.on('data', (chunk: unknown) => recorder.log('data', chunk));
	let sent = 0;
	const send = async (text: string): Promise<void> => {
		client.write(text);
		sent += text.length;
		while (peer.bytesRead < sent) await recorder.rounds();
		await recorder.rounds(2);
		recorder.log('then', peer.readableFlowing, peer.readableLength, peer.readableDidRead, peer.isPaused());
	};
	await send('first');
	await send('second');
	return { ...pair, send };
}

/** What happens between the second chunk and the third, and between that and the fourth. */
const changes: Record<string, readonly ((peer: Socket, recorder: Recorder) => void)[]> = {
	'nothing is changed': [],
	'an encoding is set': [(peer) => peer.setEncoding('hex')],
	'paused, and resumed': [(peer) => peer.pause(), (peer) => peer.resume()],
	'the listener goes, and another one comes': [
		(peer) => peer.removeAllListeners('data'),
		(peer, recorder) => peer.on('data', (chunk) => recorder.log('another', chunk)),
	],
	'nobody listens, and it flows': [
		(peer) => peer.removeAllListeners('data').resume(),
		(peer, recorder) => peer.on('data', (chunk) => recorder.log('another', chunk)),
	],
	'a readable listener comes, and goes': [
		(peer, recorder) => peer.on('readable', () => recorder.log('readable', peer.readableLength)),
		(peer) => peer.removeAllListeners('readable').resume(),
	],
	'push is replaced': [
		(peer, recorder) => {
			const push: (chunk: unknown, encoding?: BufferEncoding) => boolean = peer.push.bind(peer);
			peer.push = (chunk, encoding) => {
				recorder.log('push', chunk);
				return push(chunk, encoding);
			};
		},
	],
	'emit is replaced by one that tells nothing': [
		(peer) => {
			const emit: (name: string | symbol, ...values: unknown[]) => boolean = peer.emit.bind(peer);
			Object.assign(peer, { emit: (name: string | symbol, ...values: unknown[]) => void emit(name, ...values) });
		},
	],
	'data is given back in the listener': [
		(peer) => peer.once('data', () => peer.unshift('given back')),
		(peer) => peer.once('data', () => setImmediate(() => peer.unshift('later'))),
	],
	'paused in the listener': [
		(peer) => peer.once('data', () => peer.pause()),
		(peer) => process.nextTick(() => peer.resume()),
	],
	'it ends by its own push': [(peer) => peer.push(null)],
	'it is said not to be readable': [(peer) => Object.assign(peer, { readable: false })],
};

for (const [name, steps] of Object.entries(changes)) {
	scenario(`between two chunks: ${name}`, async (net, recorder) => {
		const { client, peer, closed, send } = await flowing(net, recorder);
		recorder.lane('peer').events(peer, ['pause', 'resume', 'end', 'error', 'close']);
		for (const text of ['third', 'fourth']) {
			steps[text === 'third' ? 0 : 1]?.(peer, recorder);
			// Its end is told a tick later, and what comes meanwhile may come before or after the socket closes.
			await recorder.rounds(2);
			if (!peer.readableEnded) await send(text);
		}
		client.destroy();
		peer.destroy();
		await closed();
	});
}
