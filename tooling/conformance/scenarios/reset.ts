/** resetAndDestroy() and resets by the peer. */
import { socketEvents } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

scenario('an open socket: the peer gets ECONNRESET', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, socketEvents);
	recorder.lane('peer').events(peer, socketEvents);
	peer.resume();
	recorder.log('returns itself', client.resetAndDestroy() === client);
	recorder.lane('client').log('at once', recorder.state(client));
	await closed();
	recorder.lane('peer').log('after', recorder.state(peer));
});

scenario('by the server: the client gets ECONNRESET', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, socketEvents);
	recorder.lane('peer').events(peer, socketEvents);
	client.resume();
	peer.resetAndDestroy();
	await closed();
});

scenario('while connecting: it is reset once connected', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => {
		recorder.lane('peer').events(socket, ['error', 'close']);
		socket.resume();
	});
	const gone = recorder.once(server, 'connection').then(async ([socket]) => {
		if (socket instanceof net.Socket) await recorder.once(socket, 'close');
	});
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	recorder.lane('client').events(client, socketEvents);
	client.resetAndDestroy();
	recorder.lane('client').log('at once', recorder.state(client));
	await Promise.all([recorder.once(client, 'close'), gone]);
});

scenario('of a socket that was never connected', async (net, recorder) => {
	const socket = new net.Socket();
	recorder.events(socket, socketEvents);
	recorder.attempt('resetAndDestroy', () => socket.resetAndDestroy() === socket);
	await recorder.rounds(2);
	recorder.log('after', recorder.state(socket));
});

scenario('of a destroyed socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.destroy();
	await closed();
	recorder.events(client, ['error', 'close']);
	recorder.attempt('resetAndDestroy', () => client.resetAndDestroy() === client);
	await recorder.rounds(2);
});

scenario('of a Unix socket throws', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true });
	recorder.lane('client').events(client, ['error', 'close']);
	peer.resume();
	recorder.attempt('resetAndDestroy', () => client.resetAndDestroy() === client);
	recorder.log('after', client.destroyed);
	client.destroy();
	await closed();
});

scenario('a reset fails the writes that wait', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('client');
	client.on('error', (error) => lane.log('error', Reflect.get(error, 'code') === undefined));
	client.write(Buffer.alloc(16 * 1024 * 1024), (error) => lane.log('callback has an error', error instanceof Error));
	await recorder.rounds(2);
	peer.resetAndDestroy();
	await closed();
	lane.log('destroyed', client.destroyed);
});

scenario('a reset whose error nobody listens for is uncaught', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	client.resume();
	peer.resetAndDestroy();
	await closed();
});

scenario('twice', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['error', 'close']);
	peer.on('error', () => {}).resume();
	client.resetAndDestroy();
	recorder.attempt('again', () => client.resetAndDestroy() === client);
	await closed();
});

scenario('unread data at close makes a reset', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, ['end', 'error', 'close']);
	client.resume();
	peer.pause();
	client.write('never read');
	await recorder.rounds(3);
	peer.destroy();
	await closed();
});
