/** The forms of connect() and what follows each. */
import { invoke, socketEvents } from '../src/recorder.ts';
import { Socket } from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

/** A socket as a scenario may have got it from any call. */
function asSocket(value: unknown): value is Socket {
	return value instanceof Socket || (typeof value === 'object' && value !== null && 'destroySoon' in value);
}

/** Calls `connect` on `target` with these arguments, waits for the connection, shows the events. */
async function connectWith(recorder: Recorder, label: string, target: object, ...values: unknown[]): Promise<void> {
	const socket = invoke(target, 'connect', values);
	if (!asSocket(socket)) return recorder.log(`${label}: no socket`, socket);
	recorder.own(socket);
	recorder.log(`${label}: returns itself`, socket === target, socket.connecting, socket.listenerCount('connect'));
	recorder.events(socket, ['lookup', 'connect', 'ready', 'error'], label);
	await recorder.once(socket, 'connect');
	const closed = recorder.once(socket, 'close');
	socket.destroy();
	await closed;
}

scenario('port forms', async (net, recorder) => {
	const server = await recorder.serve(net);
	const port = server.port;
	await connectWith(recorder, 'port, host', net, port, '127.0.0.1');
	await connectWith(recorder, 'text, host', net, String(port), '127.0.0.1');
	await connectWith(recorder, 'callback', net, port, '127.0.0.1', () => recorder.log('callback'));
	await connectWith(recorder, 'port', net, port);
	await connectWith(recorder, 'port, callback', net, port, () => recorder.log('callback'));
	await connectWith(recorder, 'port, null', net, port, '127.0.0.1', null);
});

scenario('option forms', async (net, recorder) => {
	const server = await recorder.serve(net);
	const port = server.port;
	await connectWith(recorder, 'options', net, { port, host: '127.0.0.1' });
	await connectWith(recorder, 'options, callback', net, { port, host: '127.0.0.1' }, () => recorder.log('callback'));
	await connectWith(recorder, 'text port', net, { port: String(port), host: '127.0.0.1' });
	await connectWith(recorder, 'family', net, { port, host: 'localhost', family: 4 });
	await connectWith(recorder, 'localAddress', net, { port, host: '127.0.0.1', localAddress: '127.0.0.1' });
	await connectWith(recorder, 'no family selection', net, { port, host: '127.0.0.1', autoSelectFamily: false });
});

scenario('socket.connect of a socket made before', async (net, recorder) => {
	const server = await recorder.serve(net);
	await connectWith(recorder, 'port', new net.Socket(), server.port, '127.0.0.1');
	await connectWith(recorder, 'options', new net.Socket(), { port: server.port, host: '127.0.0.1' });
	await connectWith(recorder, 'Stream', new (Reflect.get(net, 'Stream'))(), server.port, '127.0.0.1', () =>
		recorder.log('callback'),
	);
});

scenario('path forms', async (net, recorder) => {
	const path = recorder.path('forms.sock');
	await recorder.serve(net, undefined, { listen: { path } });
	await connectWith(recorder, 'path', net, path);
	await connectWith(recorder, 'path, callback', net, path, () => recorder.log('callback'));
	await connectWith(recorder, 'option', net, { path });
	await connectWith(recorder, 'socket', new net.Socket(), path);
});

scenario('the order: lookup, connect, ready, and ticks between', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1' }));
	recorder.log('at once', client.connecting, client.pending, client.readyState);
	recorder.events(client, ['lookup', 'connect', 'ready', 'error']);
	client.on('connect', () => {
		recorder.log('in connect', client.connecting, client.pending, client.readyState);
		process.nextTick(() => recorder.log('tick of connect'));
		void Promise.resolve().then(() => recorder.log('promise of connect'));
	});
	client.on('ready', () => {
		recorder.log('in ready', client.readyState);
		process.nextTick(() => recorder.log('tick of ready'));
	});
	await recorder.once(client, 'ready');
	await recorder.rounds(2);
});

scenario('the callback is a once listener of connect with the socket as this', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(
		net.connect(server.port, '127.0.0.1', function (this: unknown, ...values: unknown[]) {
			recorder.log('callback', this === client, values.length);
		}),
	);
	recorder.log('listeners', client.listenerCount('connect'));
	await recorder.once(client, 'connect');
	recorder.log('left', client.listenerCount('connect'));
});

scenario('connectionAttempt is emitted with address, port, family', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1' }));
	recorder.events(client, ['connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout', 'connect']);
	await recorder.once(client, 'connect');
	recorder.log('attempted', Reflect.get(client, 'autoSelectFamilyAttemptedAddresses'));
});

scenario('localPort is taken', async (net, recorder) => {
	const free = await recorder.serve(net);
	const localPort = free.port;
	recorder.alias(localPort, 'chosen port');
	const closed = recorder.once(free, 'close');
	free.close();
	await closed;
	const server = await recorder.serve(net, (socket) => {
		recorder.log('seen', socket.remotePort);
		socket.end();
	});
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1', localPort }));
	client.resume();
	await recorder.once(client, 'connect');
	recorder.log('local', client.localAddress, client.localPort);
	await recorder.once(client, 'close');
});

scenario('localAddress is taken', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		recorder.log('seen', socket.remoteAddress);
		socket.end();
	});
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2' }));
	client.resume();
	await recorder.once(client, 'close');
});

scenario('over IPv6', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end(), { listen: { port: 0, host: '::1' } });
	const client = recorder.own(net.connect(server.port, '::1'));
	recorder.events(client, ['lookup', 'connect', 'end', 'close']);
	client.resume();
	await recorder.once(client, 'connect');
	recorder.log('remote', client.remoteAddress, client.remoteFamily, client.remotePort);
	recorder.log('local', client.localAddress, client.localFamily);
	await recorder.once(client, 'close');
});

scenario('IPv4 on a dual-stack server shows a mapped address', async (net, recorder) => {
	const server = await recorder.serve(
		net,
		(socket) => {
			recorder.log('remote', socket.remoteAddress, socket.remoteFamily);
			recorder.log('local', socket.localAddress, socket.localFamily);
			socket.end();
		},
		{ listen: { port: 0, host: '::' } },
	);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.resume();
	await recorder.once(client, 'close');
});

scenario('a socket connects again after close', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end('x'));
	const client = recorder.own(new net.Socket());
	recorder.events(
		client,
		socketEvents.filter((name) => name !== 'finish' && name !== 'end'),
	);
	for (let i = 0; i < 2; i++) {
		client.resume();
		client.connect(server.port, '127.0.0.1');
		recorder.log('connecting', client.connecting, client.destroyed, client.bytesRead);
		await recorder.once(client, 'close');
		recorder.log('closed', recorder.state(client));
	}
});

scenario('connect while connected: the same socket', async (net, recorder) => {
	const { client, target, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['error', 'close']);
	recorder.attempt('connect again', () => client.connect(target) === client);
	await recorder.rounds(1);
	client.destroy();
	await closed();
});

scenario('write before the connection is sent after it', async (net, recorder) => {
	const server = await recorder.serve(net);
	const accepted = recorder.once(server, 'connection');
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.log('returns', client.write('early '));
	recorder.log('counted', client.bytesWritten, client.bufferSize, client.writableLength);
	client.write('bird', () => recorder.log('written', client.bytesWritten));
	client.on('connect', () => recorder.log('connect'));
	client.end();
	const [peer] = await accepted;
	if (!(peer instanceof net.Socket)) throw new Error('no socket');
	recorder.lane('peer').log('text', await recorder.text(recorder.own(peer)));
	await recorder.rounds(2);
});
