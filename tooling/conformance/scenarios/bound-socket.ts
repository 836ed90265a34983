/** BoundSocket: bound at once, listened on or connected from later. */
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { invoke, socketEvents } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

const attemptEvents = ['connectionAttempt', 'connectionAttemptFailed'];

/** A BoundSocket, or undefined when the constructor threw, which is recorded. */
function bind(net: Net, recorder: Recorder, ...values: unknown[]): object | undefined {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return undefined;
	const made = recorder.attempt(`new BoundSocket ${recorder.names.show(values)}`, () => {
		const bound: unknown = Reflect.construct(constructor, values);
		recorder.alias(bound, 'bound');
		return bound;
	});
	return typeof made === 'object' && made !== null ? made : undefined;
}

function portOf(bound: object): number {
	const address: unknown = invoke(bound, 'address', []);
	const port: unknown = typeof address === 'object' && address !== null ? Reflect.get(address, 'port') : 0;
	return typeof port === 'number' ? port : 0;
}

scenario('its members', (net, recorder) => {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return recorder.log('missing');
	const prototype: object = constructor.prototype;
	const names = Object.getOwnPropertyNames(prototype).filter((name) => !name.startsWith('_'));
	for (const name of names.sort()) {
		const property = Object.getOwnPropertyDescriptor(prototype, name);
		recorder.log(name, typeof property?.value, property?.get !== undefined);
	}
});

scenario('it is bound at once', (net, recorder) => {
	const bound = bind(net, recorder, { port: 0, host: '127.0.0.1' });
	if (bound === undefined) return;
	recorder.alias(portOf(bound), 'port');
	recorder.call(bound, 'address');
	recorder.attempt('close', () => invoke(bound, 'close', []));
	recorder.call(bound, 'address');
});

scenario('a server listens on it', async (net, recorder) => {
	const bound = bind(net, recorder, { port: 0, host: '127.0.0.1' });
	if (bound === undefined) return;
	const port = portOf(bound);
	recorder.alias(port, 'port');
	const server = recorder.own(net.createServer((socket) => socket.end('bound')));
	recorder.events(server, ['listening', 'error']);
	invoke(server, 'listen', [bound]);
	await recorder.once(server, 'listening');
	recorder.log('address', server.address());
	const client: Socket = recorder.own(net.connect(port, '127.0.0.1'));
	recorder.log('text', await recorder.text(client));
});

scenario('it can be adopted once', async (net, recorder) => {
	const bound = bind(net, recorder, { port: 0, host: '127.0.0.1' });
	if (bound === undefined) return;
	const server = recorder.own(net.createServer());
	invoke(server, 'listen', [bound]);
	await recorder.once(server, 'listening');
	const second = recorder.own(net.createServer());
	second.on('error', (error) => recorder.log('error', error));
	recorder.attempt('second listen', () => invoke(second, 'listen', [bound]) === second);
	await recorder.rounds(3);
});

scenario('a port in use throws', async (net, recorder) => {
	const server = await recorder.serve(net);
	bind(net, recorder, { port: server.port, host: '127.0.0.1' });
});

scenario('wrong options throw', (net, recorder) => {
	for (const options of [5, 'x', { port: -1 }, { port: 'x' }, { host: 5 }, { host: 'localhost' }, { path: 5 }]) {
		const bound = bind(net, recorder, options);
		if (bound !== undefined) recorder.attempt('close', () => invoke(bound, 'close', []));
	}
});

/** What a method of a BoundSocket returns or throws, four of them. */
function ask(recorder: Recorder, bound: object): void {
	for (const name of ['address', 'fd', 'close']) recorder.call(bound, name);
	recorder.attempt('dispose', () => invoke(bound, Symbol.dispose ?? '', []));
}

/** A socket that took a BoundSocket over, and the port of both. */
function adopt(net: Net, recorder: Recorder, options: object = {}): { socket: Socket; port: number } | undefined {
	const bound = bind(net, recorder, { host: '127.0.0.1' });
	if (bound === undefined) return undefined;
	const port = portOf(bound);
	recorder.alias(port, 'bound port');
	const socket: unknown = Reflect.construct(net.Socket, [{ ...options, handle: bound }]);
	if (!(socket instanceof net.Socket)) throw new Error('no socket');
	recorder.alias(socket, 'socket');
	recorder.events(recorder.own(socket), [...socketEvents, ...attemptEvents]);
	return { socket, port };
}

scenario('closed, it throws, and dispose does nothing', (net, recorder) => {
	const bound = bind(net, recorder);
	if (bound === undefined) return;
	recorder.attempt('fd', () => Number(invoke(bound, 'fd', [])) > 2);
	recorder.attempt('close', () => invoke(bound, 'close', []));
	ask(recorder, bound);
	const disposed = bind(net, recorder);
	if (disposed === undefined) return;
	recorder.attempt('dispose', () => invoke(disposed, Symbol.dispose ?? '', []));
	ask(recorder, disposed);
});

scenario('closed, neither server nor socket take it', (net, recorder) => {
	const bound = bind(net, recorder, {});
	if (bound === undefined) return;
	invoke(bound, 'close', []);
	const server = recorder.own(net.createServer());
	recorder.call(server, 'listen', bound);
	recorder.log('listening', server.listening);
	recorder.attempt('new Socket', () => Reflect.construct(net.Socket, [{ handle: bound }]));
});

scenario('it is a class, shows nothing inside, and has to be made with new', (net, recorder) => {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return recorder.log('missing');
	recorder.attempt('call', () => Reflect.apply(constructor, undefined, []));
	const bound = bind(net, recorder);
	if (bound === undefined) return;
	recorder.log('keys', Object.keys(bound), inspect(bound), Reflect.get(bound, 'isPipe'));
	recorder.log('isPipe', 'isPipe' in constructor.prototype);
	invoke(bound, 'close', []);
});

scenario('defaults: any address, a free port; with ipv6Only of IPv6', (net, recorder) => {
	for (const values of [
		[],
		[undefined],
		[{}],
		[{ port: null }],
		[{ host: null }],
		[{ ipv6Only: true }],
		[{ port: '0' }],
	]) {
		const bound = bind(net, recorder, ...values);
		if (bound === undefined) continue;
		recorder.alias(portOf(bound), 'some port');
		recorder.call(bound, 'address');
		invoke(bound, 'close', []);
	}
});

scenario('addresses of either family, with and without ipv6Only', (net, recorder) => {
	for (const options of [
		{ host: '::1' },
		{ host: '::' },
		{ host: '127.0.0.2' },
		{ host: '127.0.0.1', ipv6Only: true },
	]) {
		const bound = bind(net, recorder, options);
		if (bound === undefined) continue;
		recorder.alias(portOf(bound), 'some port');
		recorder.call(bound, 'address');
		invoke(bound, 'close', []);
	}
});

scenario('an address that this machine does not have throws', (net, recorder) => {
	bind(net, recorder, { host: '192.0.2.1' });
	bind(net, recorder, { host: '192.0.2.1', port: 1234 });
});

scenario('options of other types throw', (net, recorder) => {
	for (const values of [[null], ['x'], [{ ipv6Only: 1 }], [{ reusePort: 'yes' }], [{ port: 65_536 }], [{ port: {} }]]) {
		const bound = bind(net, recorder, ...values);
		if (bound !== undefined) invoke(bound, 'close', []);
	}
});

scenario('two of one port: the second one to listen gets EADDRINUSE', async (net, recorder) => {
	const first = bind(net, recorder, { host: '127.0.0.1' });
	if (first === undefined) return;
	const port = portOf(first);
	recorder.alias(port, 'port');
	const second = bind(net, recorder, { host: '127.0.0.1', port });
	if (second === undefined) return;
	for (const [name, bound] of Object.entries({ first, second })) {
		const server = recorder.own(net.createServer());
		recorder.events(server, ['listening', 'error', 'close'], name);
		invoke(server, 'listen', [bound]);
		await recorder.rounds(2);
		recorder.log(name, server.listening, server.address());
		recorder.call(bound, 'address');
		server.close();
		await recorder.rounds(2);
	}
});

scenario('listen({ handle }): synchronous, backlog and port beside it are no matter', async (net, recorder) => {
	const bound = bind(net, recorder, { host: '127.0.0.1' });
	if (bound === undefined) return;
	recorder.alias(portOf(bound), 'port');
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening', 'error']);
	invoke(server, 'listen', [{ handle: bound, port: 1, backlog: 5 }, () => recorder.log('callback')]);
	recorder.log('at once', server.listening, server.address(), Reflect.get(server, '_connectionKey'));
	await recorder.once(server, 'listening');
	recorder.call(bound, 'fd');
	recorder.attempt('second', () => invoke(server, 'listen', [bind(net, recorder, { host: '127.0.0.1' })]));
	server.close();
	await recorder.once(server, 'close');
	recorder.log('closed', server.listening, server.address());
});

scenario('a server that adopted it accepts, pauses on connect and counts', async (net, recorder) => {
	const bound = bind(net, recorder, { host: '127.0.0.1' });
	if (bound === undefined) return;
	const port = portOf(bound);
	const server = recorder.own(net.createServer({ pauseOnConnect: true }));
	invoke(server, 'listen', [bound]);
	const accepted = recorder.once(server, 'connection');
	const client: Socket = recorder.own(net.connect(port, '127.0.0.1'));
	client.end('from the client');
	const [peer] = await accepted;
	if (!(peer instanceof net.Socket)) return;
	recorder.log('paused', peer.isPaused(), peer.localPort === port);
	server.getConnections((error, count) => recorder.log('connections', error, count));
	recorder.log('text', await recorder.text(peer.resume()));
});

scenario('a socket has it: what it shows before it connects', async (net, recorder) => {
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	const { socket } = adopted;
	recorder.log('state', recorder.state(socket));
	recorder.log('local', socket.localAddress, socket.localPort, socket.localFamily, socket.address());
	recorder.log('remote', socket.remoteAddress, socket.remotePort, socket.remoteFamily);
	socket.destroy();
	await recorder.once(socket, 'close');
	recorder.log('after', recorder.state(socket), socket.localPort);
});

scenario('a socket connects from it: the address is known at once', async (net, recorder) => {
	const ports: unknown[] = [];
	const server = await recorder.serve(net, (peer) => {
		ports.push(peer.remotePort);
		peer.end('hello');
	});
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	const { socket, port } = adopted;
	recorder.log('connect', socket.connect(server.port, '127.0.0.1') === socket, socket.connecting);
	recorder.log('at once', socket.localAddress, socket.localPort === port);
	recorder.log('text', await recorder.text(socket));
	recorder.log('the server saw it', ports[0] === port);
	await recorder.once(socket, 'close');
});

scenario('net.connect({ handle })', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end('for a handle'));
	const bound = bind(net, recorder, { host: '127.0.0.1' });
	if (bound === undefined) return;
	const port = portOf(bound);
	const client: unknown = invoke(net, 'connect', [{ handle: bound, port: server.port, host: '127.0.0.1' }]);
	if (!(client instanceof net.Socket)) return;
	recorder.own(client);
	recorder.log('at once', client.localPort === port, client.connecting);
	recorder.log('text', await recorder.text(client));
});

scenario('adopted, a second socket or server does not get it', (net, recorder) => {
	const bound = bind(net, recorder, { host: '127.0.0.1' });
	if (bound === undefined) return;
	const socket: unknown = Reflect.construct(net.Socket, [{ handle: bound }]);
	recorder.attempt('socket', () => Reflect.construct(net.Socket, [{ handle: bound }]));
	recorder.attempt('listen', () => net.createServer().listen(bound));
	ask(recorder, bound);
	if (socket instanceof net.Socket) socket.destroy();
});

scenario('adopted, localAddress and localPort are refused', async (net, recorder) => {
	for (const more of [{ localPort: 1 }, { localAddress: '127.0.0.1' }]) {
		const adopted = adopt(net, recorder);
		if (adopted === undefined) return;
		recorder.call(adopted.socket, 'connect', { port: 1, host: '127.0.0.1', ...more });
		recorder.log('state', adopted.socket.connecting, adopted.socket.readyState);
		adopted.socket.destroy();
		await recorder.once(adopted.socket, 'close');
	}
});

scenario('adopted, a name is looked up for one address', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end());
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	const lookup = (name: string, options: object, callback: (...answer: unknown[]) => void): void => {
		recorder.log('asked', name, options);
		callback(null, '127.0.0.1', 4);
	};
	invoke(adopted.socket, 'connect', [{ port: server.port, host: 'example.test', autoSelectFamily: true, lookup }]);
	adopted.socket.resume();
	await recorder.once(adopted.socket, 'close');
});

scenario('adopted, an address of the other family fails', async (net, recorder) => {
	const server = await recorder.serve(net);
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	adopted.socket.connect(server.port, '::1');
	recorder.log('at once', adopted.socket.connecting);
	await recorder.once(adopted.socket, 'close');
});

scenario('adopted, refused', async (net, recorder) => {
	const server = await recorder.serve(net);
	server.close();
	await recorder.once(server, 'close');
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	adopted.socket.connect(server.port, '127.0.0.1');
	await recorder.once(adopted.socket, 'close');
});

scenario('adopted, a write before connecting fails with EPIPE', async (net, recorder) => {
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	adopted.socket.write('to nobody', (error) => recorder.log('callback', error));
	await recorder.once(adopted.socket, 'close');
});

scenario('adopted, reading before connecting fails with ENOTCONN', async (net, recorder) => {
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	adopted.socket.resume();
	await recorder.once(adopted.socket, 'close');
});

scenario('adopted, ended or reset before connecting', async (net, recorder) => {
	for (const method of ['end', 'destroySoon', 'resetAndDestroy']) {
		const adopted = adopt(net, recorder);
		if (adopted === undefined) return;
		recorder.call(adopted.socket, method);
		await recorder.rounds(4);
		recorder.log('destroyed', adopted.socket.destroyed);
		adopted.socket.destroy();
		await recorder.rounds(2);
	}
});

scenario('adopted, settings work before connecting', async (net, recorder) => {
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	const { socket } = adopted;
	for (const [method, ...values] of [
		['setNoDelay'],
		['setKeepAlive', true, 2000],
		['ref'],
		['unref'],
		['setTimeout', 0],
	]) {
		recorder.call(socket, String(method), ...values);
	}
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('adopted, closed, and connected again: from any port', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.end());
	const adopted = adopt(net, recorder);
	if (adopted === undefined) return;
	const { socket } = adopted;
	socket.resume();
	socket.connect(server.port, '127.0.0.1');
	await recorder.once(socket, 'close');
	recorder.call(socket, 'connect', { port: server.port, host: '127.0.0.1', localAddress: '127.0.0.1' });
	await recorder.once(socket, 'close');
});

scenario('a path: bound at once, its file goes with it', (net, recorder) => {
	const path = recorder.path('bound.sock');
	const bound = bind(net, recorder, { path });
	if (bound === undefined) return;
	recorder.log('bound', existsSync(path), Reflect.get(bound, 'isPipe'));
	recorder.call(bound, 'address');
	bind(net, recorder, { path });
	invoke(bound, 'close', []);
	recorder.log('closed', existsSync(path));
});

scenario('a path: wrong ones throw', (net, recorder) => {
	const long = recorder.path('x'.repeat(120));
	const nowhere = recorder.path('nowhere/bound.sock');
	const values = [{ path: long }, { path: nowhere }, { path: 5 }, { path: null }, { path: nowhere, port: 1 }];
	for (const options of [...values, { path: nowhere, host: '127.0.0.1' }, { path: nowhere, reusePort: false }]) {
		const bound = bind(net, recorder, options);
		if (bound !== undefined) invoke(bound, 'close', []);
	}
});

scenario('a path: a server listens on it', async (net, recorder) => {
	const path = recorder.path('adopted.sock');
	const bound = bind(net, recorder, { path });
	if (bound === undefined) return;
	const server = recorder.own(net.createServer((peer) => peer.end('on a path')));
	recorder.events(server, ['listening', 'error']);
	invoke(server, 'listen', [bound]);
	recorder.log('at once', server.listening, server.address());
	await recorder.once(server, 'listening');
	recorder.log('text', await recorder.text(recorder.own(net.connect(path))));
	server.close();
	recorder.log('closed', existsSync(path));
});

scenario('a path: a client has a name of its own', async (net, recorder) => {
	const [path, name] = [recorder.path('named.sock'), recorder.path('client.sock')];
	await recorder.serve(net, (peer) => peer.end('for a name'), { listen: { path } });
	const bound = bind(net, recorder, { path: name });
	if (bound === undefined) return;
	const socket: unknown = Reflect.construct(net.Socket, [{ handle: bound }]);
	if (!(socket instanceof net.Socket)) return;
	recorder.events(recorder.own(socket), socketEvents);
	socket.connect(path);
	recorder.log('text', await recorder.text(socket));
	await recorder.rounds(3);
	recorder.log('closed', existsSync(name));
});

scenario('a path: a TCP target is refused', async (net, recorder) => {
	const bound = bind(net, recorder, { path: recorder.path('no-tcp.sock') });
	if (bound === undefined) return;
	const socket: unknown = Reflect.construct(net.Socket, [{ handle: bound }]);
	if (!(socket instanceof net.Socket)) return;
	recorder.own(socket);
	recorder.call(socket, 'connect', { port: 1, host: '127.0.0.1' });
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('the abstract space', (net, recorder) => {
	const name = `\0net-conformance-${process.pid}`;
	recorder.alias(name, 'name');
	const bound = bind(net, recorder, { path: name });
	if (bound === undefined) return;
	recorder.call(bound, 'address');
	invoke(bound, 'close', []);
});

scenario(
	'one that nobody closed does not keep the process',
	(net, recorder) => {
		bind(net, recorder, { host: '127.0.0.1' });
	},
	{ process: 'own' },
);
