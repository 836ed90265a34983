/** Diagnostics channels: what is published when, and when nothing is. */
import diagnostics from 'node:diagnostics_channel';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';
import type { Recorder } from '../src/recorder.ts';

/**
 * Records what comes on a channel about sockets and servers of this `net` until the function that it returns is called. A
 * `net` over another one makes that one publish as well.
 */
function watch(net: Net, recorder: Recorder, name: string, show: (message: object) => unknown): () => void {
	const listener = (message: unknown): void => {
		if (typeof message !== 'object' || message === null) return;
		const [socket, server]: unknown[] = [Reflect.get(message, 'socket'), Reflect.get(message, 'server')];
		if (socket instanceof net.Socket || server instanceof net.Server) recorder.log(name, show(message));
	};
	diagnostics.subscribe(name, listener);
	return () => void diagnostics.unsubscribe(name, listener);
}

scenario('net.client.socket: once for each connect, before anything else happens', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end());
	const stop = watch(net, recorder, 'net.client.socket', (message) => {
		const socket: unknown = Reflect.get(message, 'socket');
		return [Object.keys(message), socket instanceof net.Socket && [socket.connecting, socket.destroyed]];
	});
	const socket = recorder.own(new net.Socket());
	recorder.log('made');
	socket.connect(server.port, '127.0.0.1');
	recorder.log('called');
	await recorder.once(socket.resume(), 'close');
	socket.connect(server.port, '127.0.0.1');
	await recorder.once(socket, 'close');
	stop();
	await recorder.once(recorder.own(net.connect(server.port, '127.0.0.1')).resume(), 'close');
});

scenario('net.client.socket: also for a call that throws', (net, recorder) => {
	const stop = watch(net, recorder, 'net.client.socket', (message) => Object.keys(message));
	recorder.call(new net.Socket(), 'connect', {});
	recorder.call(new net.Socket(), 'connect', { port: -1 });
	stop();
});

scenario('net.server.socket: after the connection listeners', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => {
		recorder.log('connection');
		peer.end();
	});
	const stop = watch(net, recorder, 'net.server.socket', (message) => Object.keys(message));
	await recorder.once(recorder.own(net.connect({ port: server.port, host: '127.0.0.1' })).resume(), 'close');
	stop();
});

scenario('net.server.listen: the options as they were given', async (net, recorder) => {
	const stops = ['asyncStart', 'asyncEnd', 'error'].map((name) =>
		watch(net, recorder, `tracing:net.server.listen:${name}`, (message) => [
			Object.keys(message).sort(),
			Reflect.get(message, 'options'),
			Reflect.get(message, 'server') instanceof net.Server,
		]),
	);
	const options = { port: 0, host: '127.0.0.1', backlog: 5, mine: { anything: true } };
	const server = recorder.own(net.createServer());
	server.listen(options);
	recorder.log('called');
	await recorder.once(server, 'listening');
	server.close();
	await recorder.once(server, 'close');
	for (const stop of stops) stop();
	server.listen(options);
	await recorder.once(server, 'listening');
});

scenario('net.server.listen: a path, and a path in use', async (net, recorder) => {
	const path = recorder.path('channel.sock');
	const stops = ['asyncStart', 'asyncEnd', 'error'].map((name) =>
		watch(net, recorder, `tracing:net.server.listen:${name}`, (message) => [
			Reflect.get(message, 'options'),
			Reflect.get(message, 'error'),
		]),
	);
	const first = recorder.own(net.createServer());
	first.listen(path);
	await recorder.once(first, 'listening');
	const second = recorder.own(net.createServer());
	second.listen({ path });
	await recorder.once(second, 'error');
	for (const stop of stops) stop();
});

scenario('net.server.listen: a call that throws has begun only', (net, recorder) => {
	const stops = ['asyncStart', 'asyncEnd', 'error'].map((name) =>
		watch(net, recorder, `tracing:net.server.listen:${name}`, (message) => Object.keys(message)),
	);
	recorder.call(net.createServer(), 'listen', { port: -1 });
	recorder.call(net.createServer(), 'listen', {});
	for (const stop of stops) stop();
});

scenario('an exception in a subscriber is uncaught, and the socket works', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('works'));
	const listener = (): void => {
		throw new Error('of a subscriber');
	};
	diagnostics.subscribe('net.client.socket', listener);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	diagnostics.unsubscribe('net.client.socket', listener);
	recorder.log('text', await recorder.text(client));
});
