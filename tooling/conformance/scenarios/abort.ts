/** Abort signals of listen, connect and Socket. */
import { getEventListeners } from 'node:events';
import { socketEvents } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('listen: abort closes the server', async (net, recorder) => {
	const controller = new AbortController();
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening', 'close', 'error']);
	server.listen({ port: 0, host: '127.0.0.1', signal: controller.signal });
	await recorder.once(server, 'listening');
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
	const closed = recorder.once(server, 'close');
	controller.abort();
	recorder.log('at once', server.listening);
	await closed;
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
});

scenario('listen: a signal that is aborted already', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening', 'close', 'error']);
	recorder.attempt(
		'listen',
		() => server.listen({ port: 0, host: '127.0.0.1', signal: AbortSignal.abort() }) === server,
	);
	recorder.log('at once', server.listening);
	await recorder.rounds(4);
	recorder.log('later', server.listening);
});

scenario('listen: close takes the listener off the signal', async (net, recorder) => {
	const controller = new AbortController();
	const server = recorder.own(net.createServer());
	server.listen({ port: 0, host: '127.0.0.1', signal: controller.signal });
	await recorder.once(server, 'listening');
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
	controller.abort();
	await recorder.rounds(2);
});

scenario('connect: abort destroys with AbortError', async (net, recorder) => {
	const controller = new AbortController();
	const { client, peer, closed } = await recorder.pair(net, { client: { signal: controller.signal } });
	recorder.lane('client').events(client, socketEvents);
	peer.resume();
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
	controller.abort();
	recorder.lane('client').log('at once', client.destroyed);
	await closed();
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
});

scenario('connect: the reason is the cause', async (net, recorder) => {
	const controller = new AbortController();
	const { client, peer, closed } = await recorder.pair(net, { client: { signal: controller.signal } });
	recorder.lane('client').events(client, ['error', 'close']);
	peer.resume();
	controller.abort(new Error('because'));
	await closed();
});

scenario('connect: a signal that is aborted already', async (net, recorder) => {
	const server = await recorder.serve(net);
	const options = { port: server.port, host: '127.0.0.1', signal: AbortSignal.abort() };
	const client = recorder.own(net.connect(options));
	recorder.events(client, ['error', 'close']);
	recorder.log('at once', recorder.state(client));
	await recorder.once(client, 'close');
});

scenario('connect: abort while connecting', async (net, recorder) => {
	const server = await recorder.serve(net);
	const controller = new AbortController();
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1', signal: controller.signal }));
	recorder.events(client, socketEvents);
	controller.abort();
	recorder.log('at once', client.destroyed, client.connecting);
	await recorder.once(client, 'close');
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
});

scenario('a socket that closes takes its listener off the signal', async (net, recorder) => {
	const controller = new AbortController();
	const { client, peer, closed } = await recorder.pair(net, { client: { signal: controller.signal } });
	peer.resume();
	client.resume();
	client.end();
	await closed();
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
	controller.abort();
	await recorder.rounds(2);
});

scenario('new Socket with a signal', async (net, recorder) => {
	const controller = new AbortController();
	const socket = new net.Socket({ signal: controller.signal });
	recorder.events(socket, socketEvents);
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
	controller.abort();
	await recorder.once(socket, 'close');
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
});

scenario('two sockets on one signal', async (net, recorder) => {
	const controller = new AbortController();
	const sockets = [new net.Socket({ signal: controller.signal }), new net.Socket({ signal: controller.signal })];
	for (const [i, socket] of sockets.entries()) recorder.lane(`socket ${i}`).events(socket, ['error', 'close']);
	recorder.log('listeners', getEventListeners(controller.signal, 'abort').length);
	const closed = sockets.map((socket) => recorder.once(socket, 'close'));
	controller.abort();
	await Promise.all(closed);
});

scenario('signals of wrong types throw', (net, recorder) => {
	for (const signal of [5, 'x', {}, true]) {
		recorder.attempt(`new Socket ${recorder.names.show(signal)}`, () => {
			const options: Record<string, unknown> = { signal };
			return new net.Socket(options).destroyed;
		});
	}
});
