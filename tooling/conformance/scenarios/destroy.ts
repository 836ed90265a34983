/** destroy() in every state. */
import { socketEvents } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('an open socket: close with false, state at once', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, socketEvents);
	recorder.lane('peer').events(peer, ['end', 'close']);
	peer.resume();
	lane.log('returns itself', client.destroy() === client);
	lane.log('at once', recorder.state(client), client.remoteAddress, client.localAddress);
	process.nextTick(() => lane.log('tick', client.closed));
	await closed();
	lane.log('after', client.closed, client.errored, client.readableAborted);
});

scenario('with an error: error, then close with true', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, socketEvents);
	peer.resume();
	peer.on('error', () => {});
	client.destroy(new Error('enough'));
	lane.log('at once', client.destroyed, client.errored);
	await closed();
});

scenario('twice: one close', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, socketEvents);
	peer.resume();
	client.destroy();
	client.destroy(new Error('ignored'));
	await closed();
	client.destroy();
	await recorder.rounds(2);
});

scenario('a socket that was never connected', async (net, recorder) => {
	const socket = new net.Socket();
	recorder.events(socket, socketEvents);
	socket.destroy();
	recorder.log('at once', recorder.state(socket));
	await recorder.once(socket, 'close');
	await recorder.rounds(1);
});

scenario('in the data listener: no data follows', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	lane.events(peer, ['end', 'error', 'close']);
	peer.on('data', () => {
		lane.log('data');
		peer.destroy();
		lane.log('destroyed', peer.destroyed);
	});
	client.on('error', () => {});
	client.resume();
	client.write('x');
	await recorder.once(peer, 'close');
	client.destroy();
	await closed();
});

scenario('in the end listener', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	lane.events(peer, ['end', 'finish', 'error', 'close']);
	peer.resume();
	peer.on('end', () => peer.destroy());
	client.resume();
	client.end();
	await closed();
});

scenario('in the connection listener', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		recorder.lane('peer').events(socket, ['end', 'close']);
		socket.destroy();
	});
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.lane('client').events(client, ['connect', 'end', 'close']);
	client.resume();
	await recorder.once(client, 'close');
});

scenario('in the connect listener: ready still comes', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.on('error', () => {}).resume());
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.on('connect', () => client.destroy());
	recorder.events(client, socketEvents);
	await recorder.once(client, 'close');
});

scenario('write after destroy: error to the callback only', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['error', 'close']);
	peer.resume();
	client.destroy();
	lane.log(
		'write',
		client.write('x', (...values) => lane.log('callback', ...values)),
	);
	await closed();
	lane.log(
		'write',
		client.write('x', (...values) => lane.log('callback after close', ...values)),
	);
	lane.log('bytes', client.bytesWritten, client.bufferSize);
	await recorder.rounds(2);
});

scenario('with writes under way: their callbacks get an error', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['error', 'close']);
	peer.on('error', () => {});
	peer.pause();
	const big = Buffer.alloc(8 * 1024 * 1024);
	client.write(big, (...values) => lane.log('first', ...values));
	client.write('x', (...values) => lane.log('second', ...values));
	client.destroy();
	peer.resume();
	await closed();
});

scenario('the last write before destroy reaches the peer', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const text = recorder.text(peer);
	client.write('last words');
	client.destroy();
	recorder.log('text', await text);
	await closed();
});

scenario('methods of a destroyed socket do nothing', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.destroy();
	await closed();
	for (const method of [
		'setNoDelay',
		'setKeepAlive',
		'ref',
		'unref',
		'pause',
		'resume',
		'address',
		'destroy',
		'destroySoon',
	]) {
		recorder.attempt(method, () => {
			const value: unknown = Reflect.apply(Reflect.get(client, method), client, []);
			return value === client ? 'itself' : value;
		});
	}
	await recorder.rounds(1);
});

scenario('Symbol.asyncDispose destroys', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['error', 'close']);
	peer.on('error', () => {}).resume();
	const dispose: unknown = Reflect.get(client, Symbol.asyncDispose);
	recorder.log('is a function', typeof dispose);
	if (typeof dispose === 'function') await Reflect.apply(dispose, client, []);
	recorder.log('destroyed', client.destroyed);
	await closed();
});
