/** setTimeout() of sockets, the timeout event and option. */
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('an idle socket emits timeout and stays open', async (net, recorder) => {
	const { client, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['timeout', 'end', 'error', 'close']);
	recorder.log('returns itself', client.setTimeout(20) === client);
	recorder.log('property', client.timeout);
	await recorder.once(client, 'timeout');
	recorder.log('after', client.readyState, client.destroyed, client.timeout);
	client.setTimeout(0);
	client.destroy();
	await closed();
});

scenario('the callback is a once listener', async (net, recorder) => {
	const { client, closed } = await recorder.pair(net);
	client.setTimeout(10, function (this: unknown, ...values: unknown[]) {
		recorder.log('callback', this === client, values.length);
	});
	recorder.log('listeners', client.listenerCount('timeout'));
	await recorder.once(client, 'timeout');
	recorder.log('left', client.listenerCount('timeout'));
	client.destroy();
	await closed();
});

scenario('0 switches it off and takes the callback away', async (net, recorder) => {
	const { client, closed } = await recorder.pair(net);
	const callback = (): void => recorder.log('callback');
	client.setTimeout(10, callback);
	recorder.log('on', client.timeout, client.listenerCount('timeout'));
	client.setTimeout(0, callback);
	recorder.log('off', client.timeout, client.listenerCount('timeout'));
	await new Promise((resolve) => setTimeout(resolve, 30));
	client.destroy();
	await closed();
});

scenario('a socket that is not connected can have one', async (net, recorder) => {
	const socket = recorder.own(new net.Socket());
	recorder.events(socket, ['timeout', 'error']);
	recorder.log('before', socket.timeout);
	socket.setTimeout(10);
	await recorder.once(socket, 'timeout');
	recorder.log('after', recorder.state(socket));
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('the option of connect', async (net, recorder) => {
	const { client, closed } = await recorder.pair(net, { client: { timeout: 15 } });
	recorder.log('property', client.timeout);
	await recorder.once(client, 'timeout');
	recorder.log('timeout');
	client.destroy();
	await closed();
});

scenario('traffic puts it off: a write and a read count', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.setTimeout(1000);
	peer.resume();
	client.resume();
	let early = 0;
	client.on('timeout', () => early++);
	for (let i = 0; i < 5; i++) {
		client.write('ping');
		peer.write('pong');
		await recorder.once(peer, 'data');
	}
	recorder.log('timeouts', early);
	client.destroy();
	await closed();
});

scenario('a timeout listener can end the socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	lane.events(client, ['timeout', 'finish', 'end', 'close']);
	peer.resume();
	client.resume();
	client.setTimeout(10, () => client.end());
	await closed();
});

scenario('none comes after destroy', async (net, recorder) => {
	const { client, closed } = await recorder.pair(net);
	recorder.events(client, ['timeout', 'close']);
	client.setTimeout(5);
	client.destroy();
	await closed();
	recorder.log('property', client.timeout);
	await new Promise((resolve) => setTimeout(resolve, 20));
});

scenario('wrong values throw', async (net, recorder) => {
	const socket = new net.Socket();
	for (const wrong of [-1, NaN, Infinity, 'x', '5', undefined, null, {}, true])
		recorder.call(socket, 'setTimeout', wrong);
	for (const wrong of [5, 'x', {}, null]) {
		recorder.attempt(
			`callback ${recorder.names.show(wrong)}`,
			() => invoke(socket, 'setTimeout', [10, wrong]) === socket,
		);
	}
	recorder.log('property', socket.timeout);
});

scenario('a value above 2**31-1 warns and is cut', async (net, recorder) => {
	const socket = new net.Socket();
	const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
	socket.setTimeout(2 ** 31);
	recorder.log('property', socket.timeout);
	const warning = await warned;
	recorder.log('warning', warning.name, warning.message);
	socket.setTimeout(0);
});

scenario('setTimeout of the server is no function, the peer has its own', async (net, recorder) => {
	const { server, peer, client, closed } = await recorder.pair(net);
	recorder.log('server', typeof Reflect.get(server, 'setTimeout'));
	peer.setTimeout(10);
	await recorder.once(peer, 'timeout');
	recorder.log('peer timed out', peer.readyState, client.timeout);
	client.destroy();
	await closed();
});
