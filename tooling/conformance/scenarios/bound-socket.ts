/** BoundSocket: bound at once, listened on later. */
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { ask, bind, portOf } from '../src/bound-socket.ts';
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

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

scenario(
	'one that nobody closed does not keep the process',
	(net, recorder) => {
		bind(net, recorder, { host: '127.0.0.1' });
	},
	{ process: 'own' },
);
