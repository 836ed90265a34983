/** Property values in every state. */
import type { Socket } from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

const addresses = ['localAddress', 'localFamily', 'localPort', 'remoteAddress', 'remoteFamily', 'remotePort'];

function addressesOf(socket: Socket): Record<string, unknown> {
	return Object.fromEntries(addresses.map((name) => [name, Reflect.get(socket, name)]));
}

function show(recorder: Recorder, label: string, socket: Socket): void {
	recorder.lane('state').log(label, recorder.state(socket));
	recorder.lane('addresses').log(label, addressesOf(socket), socket.address());
}

scenario('a new socket', (net, recorder) => {
	const socket = new net.Socket();
	show(recorder, 'new', socket);
	recorder.log('server', Reflect.get(socket, 'server'), Reflect.get(socket, 'autoSelectFamilyAttemptedAddresses'));
});

scenario('a client through its life', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		socket.end('hello');
		socket.resume();
	});
	const client = new net.Socket();
	client.connect(server.port, '127.0.0.1');
	show(recorder, 'connecting', client);
	await recorder.once(client, 'connect');
	recorder.alias(client.localPort, 'client port');
	client.write('four');
	recorder.lane('addresses').log('connected', addressesOf(client), client.address());
	client.resume();
	client.on('end', () => recorder.lane('state').log('end', recorder.state(client)));
	await recorder.once(client, 'close');
	show(recorder, 'closed', client);
});

scenario('a peer through its life', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	show(recorder, 'accepted', peer);
	const text = recorder.text(peer);
	client.end('12345');
	client.resume();
	await text;
	await closed();
	show(recorder, 'closed', peer);
});

scenario('addresses of a destroyed socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	recorder.log('before', addressesOf(client));
	client.destroy();
	recorder.log('destroyed', addressesOf(client), client.address());
	await closed();
	recorder.log('closed', addressesOf(client), addressesOf(peer));
});

scenario('addresses that were never asked for before destroy', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.resume();
	peer.destroy();
	recorder.log('peer', peer.remoteAddress, peer.localAddress, peer.remotePort, peer.address());
	await closed();
	recorder.log('peer closed', peer.remoteAddress, peer.localAddress);
});

scenario('pending, connecting and destroyed through a refusal', async (net, recorder) => {
	const server = await recorder.serve(net);
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
	const client = new net.Socket();
	const show = (label: string): void =>
		recorder.log(label, client.pending, client.connecting, client.destroyed, client.readyState, client.closed);
	show('new');
	client.connect(server.port, '127.0.0.1');
	show('connect');
	client.on('error', () => show('error'));
	client.on('close', () => show('close'));
	await recorder.once(client, 'close');
});

scenario('properties that cannot be set', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const names = ['readyState', 'pending', 'bytesRead', 'bytesWritten', 'bufferSize', 'remoteAddress', 'localPort'];
	for (const name of names) {
		recorder.log(name, Reflect.set(client, name, 'changed'), Reflect.get(client, name) === 'changed');
	}
	for (const name of ['connecting', 'timeout', 'server', 'allowHalfOpen']) {
		recorder.log(name, Object.getOwnPropertyDescriptor(client, name)?.writable);
	}
	client.destroy();
	peer.resume();
	await closed();
});

scenario('own enumerable names that a program may see', async (net, recorder) => {
	const { client, peer, server, closed } = await recorder.pair(net);
	const own = (value: object): string[] =>
		Object.keys(value)
			.filter((name) => !name.startsWith('_'))
			.sort();
	recorder.log('client', own(client));
	recorder.log('peer', own(peer));
	recorder.log('server', own(server));
	client.destroy();
	peer.resume();
	await closed();
});

scenario('stream properties of an open and a closed socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const names = [
		'readable',
		'writable',
		'readableEnded',
		'writableEnded',
		'writableFinished',
		'readableFlowing',
		'readableAborted',
		'writableAborted',
		'readableDidRead',
		'readableObjectMode',
		'writableObjectMode',
		'writableCorked',
		'errored',
		'closed',
	];
	const show = (label: string): void => {
		recorder.log(label, Object.fromEntries(names.map((name) => [name, Reflect.get(client, name)])));
	};
	show('open');
	client.resume();
	client.end();
	show('ended');
	peer.resume();
	await closed();
	show('closed');
});

scenario('counters after close stay', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.end('counted');
	client.resume();
	await text;
	await closed();
	recorder.log('client', client.bytesRead, client.bytesWritten);
	recorder.log('peer', peer.bytesRead, peer.bytesWritten);
});

scenario('properties of a server', async (net, recorder) => {
	const server = net.createServer();
	const names = [
		'listening',
		'maxConnections',
		'allowHalfOpen',
		'pauseOnConnect',
		'noDelay',
		'keepAlive',
		'keepAliveInitialDelay',
	];
	recorder.log('new', Object.fromEntries(names.map((name) => [name, Reflect.get(server, name)])));
	const listening = await recorder.serve(net);
	recorder.log('listening', Object.fromEntries(names.map((name) => [name, Reflect.get(listening, name)])));
});

scenario('both ends are over, and what came is not read: its own address is known', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('unread').resume());
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	// It is read from the kernel, and stays in the stream.
	client.on('readable', () => {});
	client.end();
	await Promise.all([recorder.once(client, 'finish'), recorder.once(client, 'readable')]);
	await recorder.rounds(5);
	recorder.log('open', client.localAddress, typeof client.localPort, client.localFamily);
	client.removeAllListeners('readable').resume();
	await recorder.once(client, 'close');
	recorder.log('closed', client.localAddress, client.localPort, client.localFamily);
});
