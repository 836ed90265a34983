/** BoundSocket: Unix sockets. */
import { existsSync } from 'node:fs';
import { bind } from '../src/bound-socket.ts';
import { invoke, socketEvents } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

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

scenario('a path: the socket that has it says so', async (net, recorder) => {
	const bound = bind(net, recorder, { path: recorder.path('name.sock') });
	if (bound === undefined) return;
	const socket: unknown = Reflect.construct(net.Socket, [{ handle: bound }]);
	if (!(socket instanceof net.Socket)) return;
	recorder.own(socket);
	recorder.log('before', socket.address(), socket.localAddress, socket.localFamily, socket.remoteAddress);
	recorder.log('state', recorder.state(socket));
	socket.destroy();
	await recorder.once(socket, 'close');
	recorder.log('after', socket.address(), socket.localAddress);
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
