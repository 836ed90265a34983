/** Diagnostics channels, captureRejections, inspect: what observers see. */
import { channel, tracingChannel } from 'node:diagnostics_channel';
import events from 'node:events';
import type { Server } from 'node:net';
import { PerformanceObserver } from 'node:perf_hooks';
import { inspect } from 'node:util';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

scenario('net.client.socket tells of a client that is made', async (net, recorder) => {
	const server = await recorder.serve(net);
	const clients = channel('net.client.socket');
	let told: unknown;
	const listen = (message: unknown): void => {
		told = typeof message === 'object' && message !== null ? Reflect.get(message, 'socket') : message;
		recorder.log('told', typeof message === 'object' && message !== null ? Object.keys(message) : message);
	};
	clients.subscribe(listen);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	clients.unsubscribe(listen);
	recorder.log('the socket', told === client);
	await recorder.once(client, 'connect');
});

scenario('net.server.socket tells of a socket that is accepted', async (net, recorder) => {
	const servers = channel('net.server.socket');
	const messages: unknown[] = [];
	const listen = (message: unknown): void => void messages.push(message);
	servers.subscribe(listen);
	const { client, peer, closed } = await recorder.pair(net);
	servers.unsubscribe(listen);
	recorder.log('messages', messages);
	client.destroy();
	peer.resume();
	await closed();
});

scenario('the tracing channel net.server.listen', async (net, recorder) => {
	const listening = tracingChannel('net.server.listen');
	const keys = (message: unknown): unknown =>
		typeof message === 'object' && message !== null ? Object.keys(message).sort() : message;
	const subscribers = {
		start: (message: unknown): void => recorder.log('start', keys(message)),
		end: (message: unknown): void => recorder.log('end', keys(message)),
		asyncStart: (message: unknown): void => recorder.log('asyncStart', keys(message)),
		asyncEnd: (message: unknown): void => recorder.log('asyncEnd', keys(message)),
		error: (message: unknown): void => recorder.log('error', keys(message)),
	};
	listening.subscribe(subscribers);
	const server = await recorder.serve(net);
	const second = recorder.own(net.createServer());
	second.listen(server.port, '127.0.0.1');
	await recorder.once(second, 'error');
	listening.unsubscribe(subscribers);
});

/** A server that was made while rejections are captured. */
function capturing(net: Net, recorder: Recorder): Server {
	events.captureRejections = true;
	const server = recorder.own(net.createServer());
	events.captureRejections = false;
	return server;
}

scenario('captureRejections: an async connection listener that rejects destroys its socket', async (net, recorder) => {
	const server = capturing(net, recorder);
	server.on('error', (error) => recorder.log('server error', error));
	const gone = new Promise<void>((resolve) => {
		server.on('connection', async (socket) => {
			recorder.lane('peer').events(socket, ['error', 'close']);
			socket.on('close', () => resolve());
			await null;
			throw new Error('rejected');
		});
	});
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const address = server.address();
	const client = recorder.own(
		net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1'),
	);
	client.on('error', () => {});
	client.resume();
	await gone;
});

scenario('captureRejections: other events go to the error event of the server', async (net, recorder) => {
	const server = capturing(net, recorder);
	server.on('listening', async () => {
		await null;
		throw new Error('rejected in listening');
	});
	server.listen(0, '127.0.0.1');
	const [error] = await recorder.once(server, 'error');
	recorder.log('error', error);
});

scenario('captureRejections: a data listener that rejects destroys its socket', async (net, recorder) => {
	events.captureRejections = true;
	const { client, peer, closed } = await recorder.pair(net);
	events.captureRejections = false;
	recorder.lane('peer').events(peer, ['error', 'close']);
	client.on('error', () => {}).resume();
	peer.on('data', async () => {
		await null;
		throw new Error('rejected in data');
	});
	client.write('x');
	await closed();
});

scenario('perf_hooks: an entry of type net for a connection over TCP', async (net, recorder) => {
	const show = (entry: object): void =>
		recorder.log('entry', Reflect.get(entry, 'entryType'), Reflect.get(entry, 'name'), Reflect.get(entry, 'detail'));
	const observer = new PerformanceObserver((list) => list.getEntries().forEach(show));
	observer.observe({ entryTypes: ['net'] });
	const { client, peer, closed } = await recorder.pair(net);
	client.destroy();
	peer.resume();
	await closed();
	observer.takeRecords().forEach(show);
	observer.disconnect();
	recorder.log('closed');
});

scenario('inspect begins with the name of the class', async (net, recorder) => {
	const { client, peer, server, closed } = await recorder.pair(net);
	recorder.log('socket', inspect(client).startsWith('Socket {') || inspect(client).startsWith('<ref *1> Socket {'));
	recorder.log('server', inspect(server).startsWith('Server {') || inspect(server).startsWith('<ref *1> Server {'));
	recorder.log('depth', inspect(client, { depth: -1 }), inspect(server, { depth: -1 }));
	recorder.log('text', String(client), Object.prototype.toString.call(server));
	client.destroy();
	peer.resume();
	await closed();
});

scenario('inspect shows no error and throws none in any state', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const shown = (): boolean => inspect(client, { depth: 2, showHidden: true }).length > 0;
	recorder.log('open', shown());
	client.destroy();
	recorder.log('destroyed', shown());
	peer.resume();
	await closed();
	recorder.log('closed', shown(), inspect(new net.Socket()).length > 0, inspect(net.createServer()).length > 0);
});
