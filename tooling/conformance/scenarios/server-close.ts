/** server.close(), address() and what a server is after it. */
import { scenario } from '../src/scenario.ts';

scenario('close of a server that never listened tells its callback and nobody else', async (net, recorder) => {
	const server = net.createServer();
	recorder.events(server, ['close', 'error']);
	recorder.attempt('close', () => server.close((...values) => recorder.log('callback', ...values)) === server);
	recorder.log('called at once');
	await recorder.rounds(2);
	recorder.attempt('close without callback', () => server.close() === server);
	await recorder.rounds(2);
});

scenario('close without connections: callback and event, in the order of registration', async (net, recorder) => {
	const server = await recorder.serve(net);
	server.on('close', (...values) => recorder.log('listener added before', ...values));
	server.close((...values) => recorder.log('callback', ...values));
	server.on('close', () => recorder.log('listener added after'));
	recorder.log('at once', server.listening, server.address());
	await recorder.once(server, 'close');
	recorder.log('left', server.listenerCount('close'));
});

scenario('close twice: the second callback gets an error', async (net, recorder) => {
	const server = await recorder.serve(net);
	recorder.events(server, ['close', 'error']);
	server.close((...values) => recorder.log('first', ...values));
	server.close((...values) => recorder.log('second', ...values));
	await recorder.once(server, 'close');
	await recorder.rounds(2);
	server.close((...values) => recorder.log('third', ...values));
	await recorder.rounds(2);
});

scenario('close while listening is under way: listening never comes', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	recorder.events(server, ['listening', 'close', 'error']);
	server.listen(0, '127.0.0.1', () => recorder.log('listen callback'));
	server.close((...values) => recorder.log('close callback', ...values));
	recorder.log('at once', server.listening);
	await recorder.rounds(4);
});

scenario('close while the host is looked up', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	recorder.events(server, ['close', 'error']);
	server.listen(0, 'localhost');
	server.close((...values) => recorder.log('close callback', ...values));
	await recorder.rounds(4);
});

scenario('close waits for open connections', async (net, recorder) => {
	const { server, client, peer } = await recorder.pair(net);
	const lane = recorder.lane('server');
	const closed = recorder.once(server, 'close');
	lane.events(server, ['close']);
	server.close((...values) => lane.log('callback', ...values));
	await recorder.rounds(3);
	lane.log('still open', peer.readyState);
	peer.on('close', () => lane.log('peer close'));
	client.end();
	await closed;
});

scenario('close with two connections comes after the last of them', async (net, recorder) => {
	const { server, client, peer, target } = await recorder.pair(net);
	const accepted = recorder.once(server, 'connection');
	const second = recorder.own(net.connect(target));
	await accepted;
	const closed = recorder.once(server, 'close');
	server.close(() => recorder.log('server closed'));
	peer.on('close', () => recorder.log('first peer closed'));
	const firstGone = recorder.once(peer, 'close');
	client.end();
	await firstGone;
	await recorder.rounds(2);
	recorder.log('one is left', server.listening);
	second.end();
	await closed;
});

scenario('after close nobody connects any more', async (net, recorder) => {
	const { server, client, target, closed } = await recorder.pair(net);
	server.close();
	const late = recorder.own(net.connect(target));
	recorder.lane('late').events(late, ['connect', 'error', 'close']);
	await recorder.once(late, 'close');
	client.end();
	await closed();
});

scenario('address is an object on TCP, null before and after', async (net, recorder) => {
	const server = net.createServer();
	recorder.log('before', server.address());
	server.listen(0, '127.0.0.1');
	const address = server.address();
	if (typeof address === 'object' && address !== null) recorder.alias(address.port, 'port');
	recorder.log('at once', server.address());
	await recorder.once(server, 'listening');
	const closed = recorder.once(server, 'close');
	server.close();
	recorder.log('closing', server.address());
	await closed;
	recorder.log('after', server.address());
});

scenario('address on IPv6 and on a Unix socket', async (net, recorder) => {
	const ipv6 = await recorder.serve(net, undefined, { listen: { port: 0, host: '::1' } });
	recorder.log('IPv6', ipv6.address());
	const unix = await recorder.serve(net, undefined, { listen: { path: recorder.path('a.sock') } });
	recorder.log('Unix', unix.address());
});

scenario('listening tells the state and cannot be set', async (net, recorder) => {
	const server = net.createServer();
	recorder.log('before', server.listening);
	recorder.attempt('set', () => Reflect.set(server, 'listening', true));
	server.listen(0, '127.0.0.1');
	recorder.log('at once', server.listening);
	await recorder.once(server, 'listening');
	const closed = recorder.once(server, 'close');
	server.close();
	recorder.log('closing', server.listening);
	await closed;
	recorder.log('closed', server.listening);
});

scenario('asyncDispose closes and waits for it', async (net, recorder) => {
	const server = await recorder.serve(net);
	recorder.events(server, ['close']);
	const dispose: unknown = Reflect.get(server, Symbol.asyncDispose);
	recorder.log('is a function', typeof dispose);
	if (typeof dispose !== 'function') return;
	const disposed: unknown = Reflect.apply(dispose, server, []);
	recorder.log('returns a promise', disposed instanceof Promise);
	recorder.log('value', await disposed);
	recorder.log('listening', server.listening);
	recorder.log('again', await Reflect.apply(dispose, server, []));
});

scenario('close from within the connection listener', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		recorder.log('connection');
		server.close(() => recorder.log('closed'));
		socket.end();
	});
	const closed = recorder.once(server, 'close');
	recorder.own(net.connect(server.port, '127.0.0.1')).resume();
	await closed;
});
