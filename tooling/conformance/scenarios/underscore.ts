/** What Node shows under an underscore: programs, and Node's own modules, look at it. */
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

function show(recorder: Recorder, label: string, target: object, names: readonly string[]): void {
	for (const name of names) recorder.log(`${label} ${name}`, name in target, Reflect.get(target, name));
}

const socketNames = ['_hadError', '_parent', '_host', '_server', '_sockname', '_pendingData', '_pendingEncoding'];
const moreNames = ['_closeAfterHandlingError', '_connecting', '_bytesDispatched', '_peername', '_aborted'];

scenario('a new socket', (net, recorder) => {
	show(recorder, 'new', new net.Socket(), [...socketNames, ...moreNames]);
});

scenario('a connected socket, and after its end', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	show(recorder, 'client', client, [...socketNames, ...moreNames]);
	show(recorder, 'peer', peer, ['_hadError', '_parent', '_host', '_server', '_pendingData', '_connecting']);
	recorder.log('server', Reflect.get(peer, 'server') === Reflect.get(peer, '_server'));
	client.end('abc');
	client.resume();
	peer.resume();
	await closed();
	show(recorder, 'closed', client, [...socketNames, ...moreNames]);
});

scenario('addresses are kept when they were asked for', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	recorder.log('before', Reflect.get(client, '_sockname'), Reflect.get(client, '_peername'));
	recorder.log('asked', client.localAddress, client.remoteAddress);
	recorder.log('after', Reflect.get(client, '_sockname'), Reflect.get(client, '_peername'));
	recorder.call(client, '_getsockname');
	recorder.call(client, '_getpeername');
	client.destroy();
	recorder.call(client, '_getsockname');
	recorder.call(client, '_getpeername');
	await closed();
});

scenario('a Unix socket has no addresses to keep', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true });
	peer.resume();
	recorder.log('asked', client.localAddress, client.remoteAddress, client.address(), peer.address());
	for (const socket of [client, peer]) {
		recorder.log('kept', Reflect.get(socket, '_sockname'), Reflect.get(socket, '_peername'));
	}
	client.destroy();
	await closed();
});

scenario('what is written before the connection', (net, recorder) => {
	const socket = recorder.own(new net.Socket());
	socket.on('error', () => {});
	socket.connect({ port: 1, host: 'example.test', lookup: () => {} });
	socket.write('waits', 'latin1');
	show(recorder, 'pending', socket, ['_pendingData', '_pendingEncoding', '_host', '_connecting']);
	socket.write('as well');
	recorder.log('bytes', socket.bytesWritten, socket.bufferSize, socket.writableLength);
	socket.destroy();
});

scenario('_hadError after a reset', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.on('error', () => {}).resume();
	peer.resetAndDestroy();
	await closed();
	recorder.log('had', Reflect.get(client, '_hadError'), Reflect.get(peer, '_hadError'));
});

scenario('_parent: a socket waits for the socket that is below it', async (net, recorder) => {
	const parent = { connecting: true };
	const socket = recorder.own(new net.Socket());
	Reflect.set(socket, '_parent', parent);
	recorder.attempt('connect', () => socket.connect(1, '127.0.0.1') === socket);
	recorder.log('connecting', socket.connecting, socket.pending);
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('_unrefTimer and _onTimeout', async (net, recorder) => {
	const socket = recorder.own(new net.Socket());
	socket.on('timeout', () => recorder.log('timeout'));
	recorder.attempt('_unrefTimer', () => invoke(socket, '_unrefTimer', []));
	socket.setTimeout(1_000_000);
	recorder.attempt('_onTimeout', () => invoke(socket, '_onTimeout', []));
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('_reset resets', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('peer').events(peer, ['error', 'close']);
	recorder.lane('client').events(client, ['error', 'close']);
	peer.resume();
	recorder.attempt('_reset', () => invoke(client, '_reset', []) === client);
	await closed();
});

scenario('a server, before, while and after it listens', async (net, recorder) => {
	const names = ['_connections', '_usingWorkers', '_workers', '_unref', '_listeningId', '_connectionKey', '_pipeName'];
	const server = recorder.own(net.createServer());
	show(recorder, 'new', server, names);
	recorder.log('handle', Reflect.get(server, '_handle'));
	server.listen({ port: 0, host: '127.0.0.1' });
	await recorder.once(server, 'listening');
	const address = server.address();
	if (typeof address === 'object' && address !== null) recorder.alias(address.port, 'port');
	show(recorder, 'listening', server, names);
	recorder.log('handle', typeof Reflect.get(server, '_handle'));
	server.unref();
	server.close();
	await recorder.once(server, 'close');
	show(recorder, 'closed', server, names);
	recorder.log('handle', Reflect.get(server, '_handle'));
});

scenario('the key of a server on a path', async (net, recorder) => {
	const path = recorder.path('key.sock');
	const server = recorder.own(net.createServer());
	server.listen(path);
	await recorder.once(server, 'listening');
	show(recorder, 'listening', server, ['_connectionKey', '_pipeName', '_listeningId']);
	server.close();
});

scenario('_connections counts', async (net, recorder) => {
	const { server, client, peer, closed } = await recorder.pair(net);
	recorder.log('open', Reflect.get(server, '_connections'));
	client.destroy();
	peer.resume();
	await closed();
	recorder.log('closed', Reflect.get(server, '_connections'));
});

scenario('_emitCloseIfDrained does nothing while it listens', async (net, recorder) => {
	const server = await recorder.serve(net);
	recorder.events(server, ['close']);
	recorder.attempt('call', () => invoke(server, '_emitCloseIfDrained', []));
	await recorder.rounds(2);
	server.close();
	await recorder.once(server, 'close');
});

scenario('_normalizeArgs: every form', (net, recorder) => {
	const listener = (): void => {};
	const forms = [
		[],
		[1],
		['1'],
		['x'],
		[1, 'h'],
		[1, 'h', listener],
		[1, listener],
		[{ a: 1 }, listener],
		[null],
		[true],
	];
	for (const values of [...forms, [1, 2, 'h'], ['x', 5, listener], [undefined, 'h'], [listener]]) {
		recorder.attempt(recorder.names.show(values), () => {
			const made: unknown = invoke(net, '_normalizeArgs', [values]);
			return Array.isArray(made) && [...made, made.length, Object.getOwnPropertySymbols(made).map(String)];
		});
	}
});

scenario('what _normalizeArgs made is taken by connect', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('normalized'));
	const made: unknown = invoke(net, '_normalizeArgs', [[server.port, '127.0.0.1', () => recorder.log('connected')]]);
	const socket = recorder.own(new net.Socket());
	invoke(socket, 'connect', [made]);
	recorder.log('text', await recorder.text(socket));
});

scenario('stream methods are its own', (net, recorder) => {
	for (const name of ['_read', '_write', '_writev', '_final', '_destroy', '_reset', '_unrefTimer', '_onTimeout']) {
		const method: unknown = Reflect.get(net.Socket.prototype, name);
		recorder.log(name, typeof method, Object.hasOwn(net.Socket.prototype, name));
	}
});
