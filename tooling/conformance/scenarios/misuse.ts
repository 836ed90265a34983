/** Wrong arguments in each public call: what is thrown, and that the object goes on as if it had not been called. */
import type { Server, Socket } from 'node:net';
import { except, of, values } from '../src/every-type.ts';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** Calls a method of a connected socket with each of these, then echoes through the socket. */
function onSocket(method: string, calls: readonly (readonly unknown[])[]): void {
	scenario(`socket.${method}: afterwards the socket works`, async (net, recorder) => {
		const { client, peer, closed } = await recorder.pair(net);
		client.on('error', (error) => recorder.log('error', error));
		for (const call of calls) recorder.call(client, method, ...call);
		await echo(recorder, client, peer);
		await closed();
	});
	scenario(`socket.${method} before connecting: afterwards it connects`, async (net, recorder) => {
		const socket = recorder.own(new net.Socket());
		for (const call of calls) {
			recorder.attempt(`${method} ${recorder.names.show(call, 2)}`, () => invoke(socket, method, call) === socket);
		}
		await connectAndEcho(net, recorder, socket);
	});
}

async function echo(recorder: Recorder, client: Socket, peer: Socket): Promise<void> {
	const text = recorder.text(client);
	peer.pipe(peer);
	client.end('still there');
	recorder.log('echo', await text);
}

async function connectAndEcho(net: Net, recorder: Recorder, socket: Socket): Promise<void> {
	const server = await recorder.serve(net, (peer) => peer.pipe(peer));
	socket.connect(server.port, '127.0.0.1', () => socket.end('still there'));
	recorder.log('echo', await recorder.text(socket));
	await recorder.once(socket, 'close');
}

/** Calls a method of a server with each of these, before it listens and while it does; then it takes a connection. */
function onServer(method: string, calls: readonly (readonly unknown[])[]): void {
	scenario(`server.${method}: afterwards the server works`, async (net, recorder) => {
		const server = recorder.own(net.createServer((socket) => socket.end('still there')));
		const callAll = (): void => {
			for (const call of calls) {
				recorder.attempt(`${method} ${recorder.names.show(call, 2)}`, () => invoke(server, method, call) === server);
			}
		};
		callAll();
		await use(net, recorder, server);
	});
}

async function use(net: Net, recorder: Recorder, server: Server): Promise<void> {
	server.on('error', (error) => recorder.log('error', error));
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const address = server.address();
	const client = recorder.own(net.connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1'));
	recorder.log('text', await recorder.text(client));
}

onSocket('setTimeout', [
	...except('number', 'fraction', 'huge').map((value) => [value]),
	...except('undefined', 'function').map((value) => [0, value]),
]);
onSocket(
	'setTypeOfService',
	except('number').map((value) => [value]),
);
onSocket(
	'setNoDelay',
	values.map(([, value]) => [value]),
);
onSocket('setKeepAlive', [
	...of('null', 'text', 'symbol', 'object', 'array').map((value) => [value]),
	...of('negative', 'NaN', 'text').flatMap((value) => [
		[true, value],
		[true, 5000, value],
		[true, 5000, 5000, value],
	]),
	[true, 5000, 5000, Symbol.iterator],
]);

scenario('socket.write: chunks of wrong types leave the socket as it was', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.on('error', (error) => recorder.log('error', error));
	for (const value of except('text', 'empty', 'null', 'function')) recorder.call(client, 'write', value);
	await echo(recorder, client, peer);
	await closed();
});

scenario('socket.write(null) throws and does no more', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.on('error', (error) => recorder.log('error', error));
	recorder.call(client, 'write', null);
	recorder.log('state', client.destroyed, client.writable);
	await echo(recorder, client, peer);
	await closed();
});

scenario('socket.write: encodings that are none', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.on('error', (error) => recorder.log('error', error));
	for (const value of ['x', 'UTF-9', 5, {}]) recorder.call(client, 'write', 'text', value);
	await echo(recorder, client, peer);
	await closed();
});

scenario('socket.write: what is no callback is taken for none', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	for (const value of of('null', 'number', 'text', 'object')) recorder.call(client, 'write', 'a', 'utf8', value);
	const text = recorder.text(peer);
	client.resume();
	client.end();
	recorder.log('text', await text);
	await closed();
});

scenario('socket.end: chunks of wrong types', async (net, recorder) => {
	for (const value of of('number', 'boolean', 'object', 'array', 'symbol')) {
		const { client, peer, closed } = await recorder.pair(net);
		client.on('error', (error) => recorder.log('error', error)).resume();
		recorder.call(client, 'end', value);
		recorder.log('state', client.writableEnded, client.destroyed);
		peer.resume();
		client.destroy();
		await closed();
	}
});

scenario('socket.setEncoding: names that are none throw', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	for (const value of of('number', 'text', 'object', 'boolean')) {
		recorder.attempt(
			`setEncoding ${recorder.names.show(value)}`,
			() => invoke(client, 'setEncoding', [value]) === client,
		);
	}
	await echo(recorder, client, peer);
	await closed();
});

scenario('socket.destroy: what is no error is emitted all the same', async (net, recorder) => {
	for (const value of [undefined, null, 0, '', 'x', {}]) {
		const { client, peer, closed } = await recorder.pair(net);
		recorder.events(client, ['error', 'close']);
		peer.on('error', () => {}).resume();
		recorder.attempt(`destroy ${recorder.names.show(value)}`, () => invoke(client, 'destroy', [value]) === client);
		await closed();
	}
});

scenario('socket.read and unshift of wrong types', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.on('error', (error) => recorder.log('error', error));
	for (const value of of('text', 'NaN', 'negative', 'fraction')) recorder.call(client, 'read', value);
	for (const value of of('number', 'object')) recorder.attempt('unshift', () => invoke(client, 'unshift', [value]));
	client.destroy();
	peer.on('error', () => {}).resume();
	await closed();
});

scenario('socket.connect: after arguments that throw it connects', async (net, recorder) => {
	const socket = recorder.own(new net.Socket());
	for (const value of [undefined, null, {}, { host: 'x' }]) recorder.call(socket, 'connect', value);
	recorder.log('state', recorder.state(socket));
	await connectAndEcho(net, recorder, socket);
});

scenario('socket.connect: ports that throw leave it connecting', (net, recorder) => {
	for (const port of [-1, 65_536, 'x', {}, true, NaN]) {
		const socket = recorder.own(new net.Socket());
		recorder.call(socket, 'connect', { port, host: '127.0.0.1' });
		recorder.log('state', socket.connecting, socket.destroyed, socket.pending);
	}
});

scenario('socket.connect: a host with a NUL throws', (net, recorder) => {
	recorder.call(new net.Socket(), 'connect', { port: 1, host: 'a\0b' });
	recorder.call(net, 'connect', 1, 'a\0b');
});

scenario('socket.connect: a listener that is no function is not one', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('x'));
	for (const listener of [null, 5, 'x', {}]) {
		const socket = recorder.own(new net.Socket());
		invoke(socket, 'connect', [{ port: server.port, host: '127.0.0.1' }, listener]);
		recorder.log(typeof listener, socket.listenerCount('connect'), await recorder.text(socket));
	}
});

scenario('socket.on and once: a listener that is no function throws', (net, recorder) => {
	const socket = new net.Socket();
	for (const value of except('function')) recorder.call(socket, 'on', 'data', value);
	recorder.log('listeners', socket.listenerCount('data'));
});

onServer(
	'listen',
	[{}, { port: -1 }, { port: 'x' }, { fd: 'x' }, { path: 5 }, { port: 0, signal: 5 }, true].map((value) => [value]),
);
onServer(
	'close',
	of('null', 'number', 'text', 'object').map((value) => [value]),
);
onServer('ref', [[5]]);
onServer('unref', [['x'], []]);

scenario(
	'server.listen: a port of a wrong type while it listens throws for that reason first',
	async (net, recorder) => {
		const server = await recorder.serve(net);
		recorder.call(server, 'listen', { port: -1 });
		recorder.call(server, 'listen');
		recorder.log('listening', server.listening);
	},
);

scenario('server.listen: a host that is no text', (net, recorder) => {
	for (const host of of('number', 'boolean', 'object', 'array', 'function')) {
		const server = recorder.own(net.createServer());
		server.on('error', () => {});
		recorder.call(server, 'listen', { port: 0, host });
	}
	recorder.call(recorder.own(net.createServer()), 'listen', 0, 'with a\0NUL');
});

scenario('server.listen: a backlog that is no number', async (net, recorder) => {
	for (const backlog of ['x', null, {}, -1, 1.5, NaN, '5', true]) {
		const server = recorder.own(net.createServer());
		recorder.attempt(`backlog ${recorder.names.show(backlog)}`, () => {
			return invoke(server, 'listen', [{ port: 0, host: '127.0.0.1', backlog }]) === server;
		});
		await recorder.once(server, 'listening');
		server.close();
	}
});

scenario('server.listen: a backlog that cannot become a number throws', (net, recorder) => {
	for (const backlog of of('bigint', 'symbol')) {
		recorder.call(recorder.own(net.createServer()), 'listen', { port: 0, backlog });
	}
	recorder.call(recorder.own(net.createServer()), 'listen', 0, Symbol.iterator);
	recorder.call(recorder.own(net.createServer()), 'listen', 0, '127.0.0.1', Symbol.iterator);
});

scenario('server.maxConnections takes anything, and compares', async (net, recorder) => {
	for (const limit of ['1', null, undefined, -1, 'x', 0.5]) {
		const server = await recorder.serve(net, (socket) => socket.end('let in'));
		Reflect.set(server, 'maxConnections', limit);
		server.on('drop', () => recorder.log('drop'));
		const client = recorder.own(net.connect(server.port, '127.0.0.1'));
		client.on('error', () => {});
		recorder.log(String(limit), await recorder.text(client));
		server.close();
	}
});
