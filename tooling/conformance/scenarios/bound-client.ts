/** BoundSocket: bound at once, connected from later. */
import { adopt, ask, bind, portOf } from '../src/bound-socket.ts';
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

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
	socket.connect(server.port, '127.0.0.1');
	await recorder.once(socket, 'close');
	recorder.call(socket, 'connect', { port: server.port, host: '127.0.0.1', localAddress: '127.0.0.1' });
	await recorder.rounds(2);
});
