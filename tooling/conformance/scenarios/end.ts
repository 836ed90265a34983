/** end(), destroySoon() and what is left to do when they are called. */
import { invoke, socketEvents } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('end with data and callback', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, socketEvents);
	const text = recorder.text(peer);
	lane.log('returns itself', client.end('bye', 'utf8', () => lane.log('callback')) === client);
	lane.log('at once', recorder.state(client), client.writableEnded, client.writableFinished);
	client.resume();
	recorder.lane('peer').log('text', await text);
	await closed();
	lane.log('after', client.writableEnded, client.writableFinished, client.readableEnded);
});

scenario('forms of end', async (net, recorder) => {
	for (const values of [
		[],
		[() => recorder.log('callback')],
		['6869', 'hex'],
		[Buffer.from('buffer')],
		[undefined],
		[null],
	]) {
		const { client, peer, closed } = await recorder.pair(net);
		const text = recorder.text(peer);
		client.resume();
		recorder.attempt('end', () => invoke(client, 'end', values) === client);
		recorder.log('text', await text);
		await closed();
	}
});

scenario('write after end: error to callback and event', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['finish', 'error', 'close']);
	peer.on('error', () => {});
	peer.resume();
	client.end('bye');
	lane.log(
		'write',
		client.write('too late', (...values) => lane.log('write callback', ...values)),
	);
	lane.log('at once', client.destroyed);
	await closed();
});

scenario('end twice', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['finish', 'error', 'close']);
	client.resume();
	peer.resume();
	client.end(() => lane.log('first'));
	client.end(() => lane.log('second'));
	await closed();
	client.end((...values: unknown[]) => lane.log('third', ...values));
	await recorder.rounds(2);
});

scenario('end with data twice', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['finish', 'error', 'close']);
	peer.on('error', () => {});
	client.resume();
	peer.resume();
	client.end('one');
	client.end('two', (...values: unknown[]) => lane.log('second', ...values));
	await closed();
});

scenario('destroySoon waits for what was written', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['finish', 'end', 'error', 'close']);
	const text = recorder.text(peer);
	client.write('x'.repeat(300_000), () => lane.log('written'));
	client.destroySoon();
	lane.log('at once', client.destroyed, client.writable);
	recorder.lane('peer').log('length', (await text).length);
	await closed();
});

scenario('destroySoon with nothing to write', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['finish', 'end', 'error', 'close']);
	peer.resume();
	client.destroySoon();
	lane.log('at once', client.destroyed, client.writableEnded);
	await closed();
});

scenario('end of a socket that was never connected', async (net, recorder) => {
	const socket = recorder.own(new net.Socket());
	recorder.events(socket, socketEvents);
	recorder.attempt('end', () => socket.end((...values: unknown[]) => recorder.log('callback', ...values)) === socket);
	recorder.log('at once', recorder.state(socket));
	await recorder.rounds(3);
	recorder.log('later', recorder.state(socket));
});

scenario('end within the connect listener', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		socket.on('end', () => recorder.lane('peer').log('end'));
		socket.resume();
	});
	const client = recorder.own(net.connect(server.port, '127.0.0.1', () => client.end('x')));
	client.resume();
	recorder.lane('client').events(client, socketEvents);
	await recorder.once(client, 'close');
});

scenario('the order of finish, end and close on both sides', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	for (const [name, socket] of [
		['client', client],
		['peer', peer],
	] as const) {
		const lane = recorder.lane(name);
		for (const event of ['prefinish', 'finish', 'end', 'close']) {
			socket.on(event, (...values: unknown[]) => {
				lane.log(event, ...values);
				process.nextTick(() => lane.log(`tick after ${event}`));
			});
		}
		socket.resume();
	}
	client.end('x');
	await closed();
	await recorder.rounds(1);
});

scenario('pending writes leave before the end', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.resume();
	for (let i = 0; i < 10; i++) client.write(`${i} `);
	client.end('end');
	recorder.log('text', await text);
	await closed();
	recorder.log('bytes', client.bytesWritten, peer.bytesRead);
});
