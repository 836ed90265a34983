/** Counting connections: getConnections, maxConnections, dropMaxConnection, the drop event. */
import type { Socket } from 'node:net';
import { invoke } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

function ask(server: {
	getConnections(callback: (error: Error | null, count: number) => void): unknown;
}): Promise<unknown[]> {
	return new Promise((resolve) => server.getConnections((...values: unknown[]) => resolve(values)));
}

scenario('getConnections answers later, with null and the count', async (net, recorder) => {
	const { server, client, closed } = await recorder.pair(net);
	const returned = server.getConnections(() => recorder.log('callback'));
	recorder.log('returns itself', returned === server);
	process.nextTick(() => recorder.log('tick'));
	recorder.log('answer', ...(await ask(server)));
	client.end();
	await closed();
	recorder.log('after', ...(await ask(server)));
});

scenario('getConnections of a server that never listened', async (net, recorder) => {
	recorder.log('answer', ...(await ask(net.createServer())));
});

scenario('getConnections counts up and down', async (net, recorder) => {
	const { server, client, peer, target, closed } = await recorder.pair(net);
	const accepted = recorder.once(server, 'connection');
	const second = recorder.own(net.connect(target));
	await accepted;
	recorder.log('two', ...(await ask(server)));
	const gone = recorder.once(peer, 'close');
	client.end();
	await gone;
	recorder.log('one', ...(await ask(server)));
	second.end();
	await closed();
	recorder.log('none', ...(await ask(server)));
});

scenario('maxConnections drops those above it and tells who', async (net, recorder) => {
	const { server, client, target, closed } = await recorder.pair(net);
	const lane = recorder.lane('server');
	lane.log('at first', server.maxConnections);
	server.maxConnections = 1;
	lane.events(server, ['connection']);
	const dropped = recorder.once(server, 'drop');
	const second = recorder.own(net.connect(target));
	recorder.lane('second').events(second, ['connect', 'end', 'close']);
	second.resume();
	const gone = recorder.once(second, 'close');
	await recorder.once(second, 'connect');
	recorder.alias(second.localPort, 'second port');
	const [drop] = await dropped;
	lane.log('drop', drop);
	await gone;
	client.end();
	await closed();
});

scenario('maxConnections 0 drops all', async (net, recorder) => {
	const server = await recorder.serve(net, () => recorder.lane('server').log('connection'));
	server.maxConnections = 0;
	server.on('drop', () => recorder.lane('server').log('drop'));
	const dropped = recorder.once(server, 'drop');
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.lane('client').events(client, ['connect', 'end', 'close']);
	client.resume();
	await Promise.all([dropped, recorder.once(client, 'close')]);
});

scenario('a drop on a Unix socket has no argument', async (net, recorder) => {
	const server = await recorder.serve(net, undefined, { listen: { path: recorder.path('drop.sock') } });
	server.maxConnections = 0;
	const dropped = recorder.once(server, 'drop');
	const client = recorder.own(net.connect(recorder.path('drop.sock')));
	client.resume();
	recorder.log('drop', ...(await dropped));
	await recorder.once(client, 'close');
});

scenario('dropMaxConnection can be read and set', (net, recorder) => {
	const server = net.createServer();
	recorder.log('default', Reflect.get(server, 'dropMaxConnection'), Object.hasOwn(server, 'dropMaxConnection'));
	Reflect.set(server, 'dropMaxConnection', true);
	recorder.log('set', Reflect.get(server, 'dropMaxConnection'));
});

scenario('a place that became free is given again', async (net, recorder) => {
	const { server, client, peer, target, closed } = await recorder.pair(net);
	server.maxConnections = 1;
	const gone = recorder.once(peer, 'close');
	client.end();
	await gone;
	const accepted = recorder.once(server, 'connection');
	const dropped = recorder.once(server, 'drop').then(() => ['dropped']);
	const second = recorder.own(net.connect(target));
	const [socket] = await Promise.race([accepted, dropped]);
	recorder.log('accepted', socket);
	second.end();
	await closed();
});

scenario('the connection event: a socket that is open, with its server', async (net, recorder) => {
	const lane = recorder.lane('server');
	const { server, client, closed } = await recorder.pair(net, {
		accepted(peer) {
			recorder.alias(peer.remotePort, 'client port');
			lane.log('state', recorder.state(peer));
			lane.log('is a Socket', peer instanceof net.Socket);
			lane.log('remote', peer.remoteAddress, peer.remoteFamily, peer.remotePort);
			lane.log('local', peer.localAddress, peer.localFamily, peer.localPort, peer.address());
		},
	});
	const accepted = recorder.once(server, 'connection');
	const second = recorder.own(net.connect({ port: portOf(server), host: '127.0.0.1' }));
	const [peer] = await accepted;
	lane.log('server', typeof peer === 'object' && peer !== null && Reflect.get(peer, 'server') === server);
	second.end();
	client.end();
	await closed();
});

scenario('listeners of connection run in order with the server as this', async (net, recorder) => {
	const server = await recorder.serve(net, function (this: unknown) {
		recorder.log('first: this is the server', this === server);
	});
	const accepted = new Promise<Socket>((resolve) => {
		server.on('connection', (socket) => {
			recorder.log('second');
			resolve(socket);
		});
	});
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.resume();
	const peer = await accepted;
	const gone = recorder.once(client, 'close');
	peer.end();
	await gone;
});

scenario('nobody listens for connection: the peer stays connected', async (net, recorder) => {
	const server = await recorder.serve(net);
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.lane('client').events(client, ['connect', 'end', 'error', 'close']);
	await recorder.once(client, 'connect');
	await recorder.rounds(3);
	recorder.log('open', client.readyState);
	client.destroy();
	await recorder.once(client, 'close');
});

scenario('getConnections with a wrong callback', async (net, recorder) => {
	const server = await recorder.serve(net);
	for (const wrong of [undefined, null, 5]) {
		recorder.attempt(`getConnections(${String(wrong)})`, () => invoke(server, 'getConnections', [wrong]) === server);
		await recorder.rounds(1);
	}
});

scenario('twenty clients at once: each is accepted once', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.end('x'));
	const clients = Array.from({ length: 20 }, () => recorder.own(net.connect(server.port, '127.0.0.1')));
	const texts = await Promise.all(clients.map((client) => recorder.text(client)));
	recorder.log('texts', texts.join(''));
	recorder.log('count of ports', new Set(clients.map((client) => client.localPort)).size > 0);
});

function portOf(server: { address(): unknown }): number {
	const address = server.address();
	const port: unknown = typeof address === 'object' && address !== null ? Reflect.get(address, 'port') : undefined;
	return typeof port === 'number' ? port : 0;
}
