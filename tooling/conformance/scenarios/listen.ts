/** The forms of server.listen() and what follows each. */
import type { AddressInfo } from 'node:net';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** Listens with these arguments and shows where, with the port under its name. */
async function listenWith(net: Net, recorder: Recorder, label: string, ...values: unknown[]): Promise<void> {
	const server = recorder.own(net.createServer());
	const listening = recorder.once(server, 'listening');
	recorder.log(`${label}: returns itself`, invoke(server, 'listen', values) === server);
	recorder.log(`${label}: listening at once`, server.listening, server.listenerCount('listening'));
	const [first] = await Promise.race([listening, recorder.once(server, 'error')]);
	if (first !== undefined) recorder.log(`${label}: error`, first);
	const address = server.address();
	if (typeof address === 'object' && address !== null) recorder.alias(address.port, 'port');
	recorder.log(`${label}: address`, address);
	if (!server.listening) return;
	const closed = recorder.once(server, 'close');
	server.close();
	await closed;
}

scenario('without arguments it takes any port on ::', (net, recorder) => listenWith(net, recorder, 'listen()'));

scenario('port forms: 0, text, null, undefined, with host and backlog', async (net, recorder) => {
	await listenWith(net, recorder, 'listen(0)', 0);
	await listenWith(net, recorder, "listen('0')", '0');
	await listenWith(net, recorder, 'listen(null)', null);
	await listenWith(net, recorder, 'listen(undefined)', undefined);
	await listenWith(net, recorder, 'listen(0, host)', 0, '127.0.0.1');
	await listenWith(net, recorder, 'listen(0, host, backlog)', 0, '127.0.0.1', 5);
	await listenWith(net, recorder, 'listen(0, backlog)', 0, 5);
	await listenWith(net, recorder, 'listen(0, undefined, callback)', 0, undefined, () => recorder.log('callback'));
	await listenWith(net, recorder, 'listen(0, host, backlog, callback)', 0, '::1', 5, () => recorder.log('callback'));
	await listenWith(net, recorder, 'listen(callback)', () => recorder.log('callback'));
});

scenario('option forms: port, host, backlog, exclusive, ipv6Only', async (net, recorder) => {
	await listenWith(net, recorder, 'port', { port: 0 });
	await listenWith(net, recorder, 'host', { port: 0, host: '127.0.0.1' });
	await listenWith(net, recorder, 'text', { port: '0', host: '127.0.0.1', backlog: '7' });
	await listenWith(net, recorder, 'exclusive', { port: 0, host: '127.0.0.1', exclusive: true });
	await listenWith(net, recorder, 'ipv6Only', { port: 0, host: '::', ipv6Only: true });
	await listenWith(net, recorder, 'callback', { port: 0, host: '127.0.0.1' }, () => recorder.log('callback'));
	await listenWith(net, recorder, 'port undefined', { port: undefined });
	await listenWith(net, recorder, 'port and path', { port: 0, host: '127.0.0.1', path: recorder.path('unused') });
});

scenario('path forms: text, text with backlog and callback, option', async (net, recorder) => {
	await listenWith(net, recorder, 'path', recorder.path('a'));
	await listenWith(net, recorder, 'path, backlog', recorder.path('b'), 5);
	await listenWith(net, recorder, 'path, callback', recorder.path('c'), () => recorder.log('callback'));
	await listenWith(net, recorder, 'option', { path: recorder.path('d') }, () => recorder.log('callback'));
});

scenario('the callback is a once listener and runs before those added later', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	server.on('listening', () => recorder.log('added before'));
	server.listen(0, '127.0.0.1', function (this: unknown, ...values: unknown[]) {
		recorder.log('callback: this is the server', this === server, values.length);
	});
	server.on('listening', () => recorder.log('added after'));
	await recorder.once(server, 'listening');
	recorder.log('left', server.listenerCount('listening'));
});

scenario('listening comes after ticks and promise jobs of the caller, before timers', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	server.on('listening', () => recorder.log('listening'));
	process.nextTick(() => recorder.log('tick before'));
	setImmediate(() => recorder.log('immediate'));
	recorder.log('listening property before', server.listening);
	server.listen(0, '127.0.0.1');
	recorder.log('listening property after', server.listening);
	process.nextTick(() => recorder.log('tick after'));
	void Promise.resolve().then(() => recorder.log('promise'));
	await recorder.once(server, 'listening');
	await recorder.rounds(2);
});

scenario('with localhost it looks the name up first', async (net, recorder) => {
	const server = recorder.own(net.createServer());
	server.listen(0, 'localhost');
	recorder.log('at once', server.listening, server.address());
	await recorder.once(server, 'listening');
	const address = server.address();
	recorder.log('then', server.listening, typeof address === 'object' && address !== null && address.port > 0);
});

scenario('a second listen while listening throws, and the first goes on', async (net, recorder) => {
	const server = await recorder.serve(net);
	recorder.call(server, 'listen', 0);
	recorder.call(server, 'listen', { port: 0 });
	recorder.log('still listening', server.listening, server.address());
});

scenario('listen again after close works, with another port', async (net, recorder) => {
	const server = await recorder.serve(net);
	const closed = recorder.once(server, 'close');
	server.close();
	recorder.log('closing', server.listening, server.address());
	await closed;
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	recorder.log('listening', server.listening, server.address() !== null);
});

scenario('listen again right after close, before its event', async (net, recorder) => {
	const server = await recorder.serve(net);
	recorder.events(server, ['listening', 'close', 'error']);
	server.close();
	recorder.attempt('listen', () => server.listen(0, '127.0.0.1') === server);
	await recorder.rounds(3);
	recorder.log('state', server.listening);
});

scenario('on another server: both listen on one handle', async (net, recorder) => {
	const first = await recorder.serve(net);
	const second = recorder.own(net.createServer());
	second.listen(first);
	await recorder.once(second, 'listening');
	recorder.log('the same address', second.address());
});

scenario('ipv6Only keeps IPv4 out, dual stack lets it in', async (net, recorder) => {
	for (const ipv6Only of [true, false]) {
		const server = recorder.own(net.createServer((socket) => socket.end()));
		server.listen({ port: 0, host: '::', ipv6Only });
		await recorder.once(server, 'listening');
		const { port } = addressOf(server.address());
		recorder.alias(port, `port of ipv6Only ${ipv6Only}`);
		// Others may well listen on the same port of 127.0.0.1, now that they can.
		const client = recorder.own(net.connect(port, '127.0.0.9'));
		const lane = recorder.lane(`ipv6Only ${ipv6Only}`);
		lane.events(client, ['connect', 'error']);
		client.resume();
		await recorder.once(client, 'close');
	}
});

scenario('reusePort lets two servers share a port', async (net, recorder) => {
	const first = await recorder.serve(net, undefined, { listen: { port: 0, host: '127.0.0.1', reusePort: true } });
	const second = recorder.own(net.createServer());
	recorder.lane('second').events(second, ['listening', 'error']);
	second.listen({ port: first.port, host: '127.0.0.1', reusePort: true });
	await Promise.race([recorder.once(second, 'listening'), recorder.once(second, 'error')]);
	const third = recorder.own(net.createServer());
	recorder.lane('third').events(third, ['listening', 'error']);
	third.listen({ port: first.port, host: '127.0.0.1' });
	await Promise.race([recorder.once(third, 'listening'), recorder.once(third, 'error')]);
});

function addressOf(address: AddressInfo | string | null): AddressInfo {
	if (typeof address !== 'object' || address === null) throw new Error('not an address with a port');
	return address;
}
