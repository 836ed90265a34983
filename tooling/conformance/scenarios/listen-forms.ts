/** Every signature of listen, and what can be listened on beside ports and paths. */
import { existsSync } from 'node:fs';
import type { Server } from 'node:net';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** Listens with these arguments, records the address, and that a client gets in. */
async function form(net: Net, recorder: Recorder, label: string, ...values: unknown[]): Promise<void> {
	const server = recorder.own(net.createServer((socket) => socket.end('in')));
	recorder.events(server, ['listening', 'error'], label);
	invoke(server, 'listen', values);
	await recorder.once(server, 'listening');
	await enter(net, recorder, label, server);
	server.close();
	await recorder.once(server, 'close');
}

async function enter(net: Net, recorder: Recorder, label: string, server: Server): Promise<void> {
	const address = server.address();
	if (typeof address === 'object' && address !== null) recorder.alias(address.port, 'port');
	recorder.log(label, address);
	const target = typeof address === 'object' ? { port: address?.port ?? 0, host: 'localhost' } : { path: address };
	recorder.log(label, await recorder.text(recorder.own(net.connect(target))));
}

const callback =
	(recorder: Recorder, label: string): (() => void) =>
	() =>
		recorder.log(`callback of ${label}`);

scenario('(): any address, any port', (net, recorder) => form(net, recorder, '()'));
scenario('(callback)', (net, recorder) => form(net, recorder, '(callback)', callback(recorder, 'it')));
scenario('(port)', (net, recorder) => form(net, recorder, '(port)', 0));
scenario('(port, callback)', (net, recorder) => form(net, recorder, '(port, callback)', 0, callback(recorder, 'it')));
scenario('(port, backlog)', (net, recorder) => form(net, recorder, '(port, backlog)', 0, 5));
scenario('(port, backlog, callback)', (net, recorder) =>
	form(net, recorder, '(port, backlog, callback)', 0, 5, callback(recorder, 'it')),
);
scenario('(port, host)', (net, recorder) => form(net, recorder, '(port, host)', 0, '127.0.0.1'));
scenario('(port, host, callback)', (net, recorder) =>
	form(net, recorder, '(port, host, callback)', 0, '127.0.0.1', callback(recorder, 'it')),
);
scenario('(port, host, backlog)', (net, recorder) => form(net, recorder, '(port, host, backlog)', 0, '127.0.0.1', 5));
scenario('(port, host, backlog, callback)', (net, recorder) =>
	form(net, recorder, '(port, host, backlog, callback)', 0, '127.0.0.1', 5, callback(recorder, 'it')),
);
scenario('(path)', (net, recorder) => form(net, recorder, '(path)', recorder.path('form.sock')));
scenario('(path, callback)', (net, recorder) =>
	form(net, recorder, '(path, callback)', recorder.path('form.sock'), callback(recorder, 'it')),
);
scenario('(path, backlog, callback)', (net, recorder) =>
	form(net, recorder, '(path, backlog, callback)', recorder.path('form.sock'), 5, callback(recorder, 'it')),
);
scenario('({ port, host, backlog, exclusive }, callback)', (net, recorder) => {
	const options = { port: 0, host: '127.0.0.1', backlog: 5, exclusive: true };
	return form(net, recorder, 'options', options, callback(recorder, 'it'));
});
scenario('({ path, readableAll, writableAll }, callback)', (net, recorder) => {
	const options = { path: recorder.path('form.sock'), readableAll: true, writableAll: true };
	return form(net, recorder, 'options', options, callback(recorder, 'it'));
});
scenario('({ port, path }): the port counts', async (net, recorder) => {
	const path = recorder.path('form.sock');
	await form(net, recorder, 'both', { port: 0, host: '127.0.0.1', path });
	recorder.log('no file', existsSync(path));
});
scenario('({ port as text, host })', (net, recorder) => form(net, recorder, 'text', { port: '0', host: '127.0.0.1' }));
scenario('(text of a number)', (net, recorder) => form(net, recorder, 'text', '0', '127.0.0.1'));
scenario('(null), (undefined) and ({ port: undefined }): any port', async (net, recorder) => {
	await form(net, recorder, 'null', null);
	await form(net, recorder, 'undefined', undefined);
	await form(net, recorder, 'property', { port: undefined, host: '127.0.0.1' });
});

scenario('(server): both listen on one handle', async (net, recorder) => {
	const first = await recorder.serve(net, (socket) => socket.end('first'));
	const second = recorder.own(net.createServer((socket) => socket.end('second')));
	second.listen(first, () => recorder.log('listening', second.listening));
	await recorder.once(second, 'listening');
	recorder.log('address', second.address());
	recorder.log('key', Reflect.get(second, '_connectionKey'));
	recorder.log('text', await recorder.text(recorder.own(net.connect(first.port, '127.0.0.1'))));
	second.close();
	await recorder.once(second, 'close');
});

scenario('({ _handle }) and ({ handle }): what a server has inside', async (net, recorder) => {
	for (const name of ['_handle', 'handle']) {
		const first = await recorder.serve(net);
		const server = recorder.own(net.createServer((socket) => socket.end(name)));
		invoke(server, 'listen', [{ [name]: Reflect.get(first, '_handle') }, 5]);
		recorder.log('at once', server.listening);
		await recorder.once(server, 'listening');
		await enter(net, recorder, name, server);
		server.close();
		await recorder.once(server, 'close');
	}
});

scenario('(server) that does not listen: there is no port', (net, recorder) => {
	const server = net.createServer();
	recorder.attempt('listen', () => server.listen(net.createServer()) === server);
});

scenario('(socket) that is bound: it is a listener from here on', async (net, recorder) => {
	const bound: unknown = Reflect.construct(Reflect.get(net, 'BoundSocket'), [{ host: '127.0.0.1' }]);
	const socket: unknown = Reflect.construct(net.Socket, [{ handle: bound }]);
	if (!(socket instanceof net.Socket)) return;
	const server = recorder.own(net.createServer((peer) => peer.end('on a socket')));
	recorder.events(server, ['listening', 'error']);
	server.listen(socket);
	recorder.log('at once', server.listening);
	await recorder.once(server, 'listening');
	await enter(net, recorder, 'socket', server);
	recorder.log('socket', socket.destroyed, socket.readyState, socket.localAddress);
});

scenario('(socket) that is connected: EINVAL', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.on('error', () => {}).resume();
	recorder.lane('client').events(client, ['error']);
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening', 'error']);
	const failed = recorder.once(server, 'error');
	server.listen(client);
	recorder.log('at once', server.listening);
	await failed;
	recorder.log('destroyed', client.destroyed);
	client.destroy();
	peer.destroy();
	await Promise.race([closed(), recorder.rounds(5)]);
});

scenario('(socket) that has no handle throws', (net, recorder) => {
	const socket = new net.Socket();
	recorder.alias(socket, 'socket');
	recorder.attempt('listen', () => {
		try {
			net.createServer().listen(socket);
		} catch (error) {
			return Reflect.get(Object(error), 'code');
		}
		return 'it listens';
	});
});

scenario('(handle) of _createServerHandle, on TCP', async (net, recorder) => {
	const handle: unknown = invoke(net, '_createServerHandle', ['127.0.0.1', 0, 4, null, 0]);
	const server = recorder.own(net.createServer((socket) => socket.end('on a handle')));
	recorder.events(server, ['listening', 'error']);
	invoke(server, 'listen', [handle]);
	recorder.log('at once', server.listening);
	await recorder.once(server, 'listening');
	await enter(net, recorder, 'handle', server);
	server.close();
	await recorder.once(server, 'close');
});

scenario('_createServerHandle: addresses, paths, and what cannot be', async (net, recorder) => {
	const forms = [
		['127.0.0.1', 0, 4],
		['::1', 0, 6],
		[null, 0, 4],
		[recorder.path('handle.sock'), -1, -1],
		['192.0.2.1', 0, 4],
		[recorder.path('nowhere/handle.sock'), -1, -1],
		[null, null, null, 0],
	];
	for (const values of forms) {
		recorder.attempt(recorder.names.show(values), () => {
			const made: unknown = invoke(net, '_createServerHandle', values);
			if (typeof made !== 'object' || made === null) return made;
			invoke(made, 'close', []);
			return 'a handle';
		});
	}
	await recorder.rounds(2);
});

scenario('a host that is a name: an address of it', (net, recorder) => form(net, recorder, 'name', 0, 'localhost'));
scenario('a host that is empty, null or undefined: any', async (net, recorder) => {
	for (const host of ['', null, undefined]) {
		const server = recorder.own(net.createServer());
		invoke(server, 'listen', [{ port: 0, host }]);
		recorder.log('at once', server.listening);
		await recorder.once(server, 'listening');
		const address = server.address();
		recorder.log(String(host), typeof address === 'object' ? address?.address : address);
		server.close();
	}
});

scenario('on :: and 0.0.0.0', async (net, recorder) => {
	await form(net, recorder, '::', { port: 0, host: '::' });
	await form(net, recorder, '0.0.0.0', { port: 0, host: '0.0.0.0' });
});

scenario('a server listens, closes and listens on something else, three times', async (net, recorder) => {
	const server = recorder.own(net.createServer((socket) => socket.end('again')));
	for (const target of [
		{ port: 0, host: '127.0.0.1' },
		{ path: recorder.path('again.sock') },
		{ port: 0, host: '::1' },
	]) {
		server.listen(target);
		await recorder.once(server, 'listening');
		const address = server.address();
		if (typeof address === 'object' && address !== null) recorder.alias(address.port, 'port');
		recorder.log('address', address);
		const where =
			typeof address === 'object' ? { port: address?.port ?? 0, host: address?.address } : { path: address };
		recorder.log('text', await recorder.text(recorder.own(net.connect(where))));
		server.close();
		await recorder.once(server, 'close');
	}
});
