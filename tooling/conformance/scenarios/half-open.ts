/** Half-open connections: one side ended, the other not; allowHalfOpen on either. */
import { scenario } from '../src/scenario.ts';

const events = ['end', 'finish', 'error', 'close'];

scenario('by default the end of one side ends the other', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('client').events(client, events);
	recorder.lane('peer').events(peer, events);
	client.resume();
	peer.resume();
	client.end();
	await closed();
});

scenario('a server with allowHalfOpen goes on writing after the client ended', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { allowHalfOpen: true } });
	const lane = recorder.lane('peer');
	lane.events(peer, events);
	recorder.lane('client').events(client, events);
	recorder.log('allowHalfOpen', client.allowHalfOpen, peer.allowHalfOpen);
	peer.resume();
	const answer = recorder.text(client);
	client.end('question');
	await recorder.once(peer, 'end');
	lane.log('after end', recorder.state(peer));
	peer.write('first ');
	await recorder.rounds(3);
	peer.end('second');
	recorder.lane('answer').log('text', await answer);
	await closed();
});

scenario('a client with allowHalfOpen goes on writing after the server ended', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { client: { allowHalfOpen: true } });
	const lane = recorder.lane('client');
	lane.events(client, events);
	client.resume();
	const got = recorder.text(peer);
	peer.on('end', () => recorder.lane('peer').log('end'));
	peer.end('bye');
	await recorder.once(client, 'end');
	lane.log('after end', recorder.state(client));
	// A peer that has ended itself and does not allow half-open sockets waits for the other end.
	client.end('still here');
	recorder.lane('peer').log('text', await got);
	await closed();
});

scenario('both half-open: each ends on its own', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, {
		server: { allowHalfOpen: true },
		client: { allowHalfOpen: true },
	});
	const lane = recorder.lane('client');
	lane.events(client, events);
	recorder.lane('peer').events(peer, events);
	client.resume();
	peer.resume();
	peer.end();
	await recorder.once(client, 'end');
	lane.log('half', client.readyState, client.writable, client.readable, client.destroyed);
	recorder.lane('peer').log('half', peer.readyState, peer.writableFinished, peer.destroyed);
	client.end();
	await closed();
});

scenario('an end that nobody reads: no end event, no close', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	recorder.lane('peer').events(peer, ['end', 'close']);
	client.end('unread');
	await recorder.once(client, 'finish');
	await recorder.rounds(5);
	recorder.lane('peer').log('still open', peer.destroyed, peer.readableEnded);
	peer.resume();
	client.resume();
	await closed();
});

scenario('read-only and write-only states', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { allowHalfOpen: true } });
	const lane = recorder.lane('client');
	peer.resume();
	client.resume();
	lane.log('open', client.readyState);
	client.end();
	lane.log('ended', client.readyState);
	await recorder.once(peer, 'end');
	recorder.lane('peer').log('after end', peer.readyState);
	peer.end();
	await closed();
	lane.log('closed', client.readyState);
	recorder.lane('peer').log('closed', peer.readyState);
});

scenario('a write after the peer ended and closed is an error', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { allowHalfOpen: true } });
	peer.resume();
	client.end();
	await recorder.once(peer, 'end');
	client.destroy();
	await recorder.once(client, 'close');
	// The first write is answered with a reset; the error comes with one of the next.
	const failed = recorder.once(peer, 'error');
	const timer = setInterval(() => peer.write('anybody?'), 1);
	const [error] = await failed;
	clearInterval(timer);
	if (error instanceof Error) {
		const code: unknown = Reflect.get(error, 'code');
		recorder.log('error', code === 'EPIPE' || code === 'ECONNRESET', Reflect.get(error, 'errno') !== undefined);
	}
	await closed();
	recorder.log('after', peer.destroyed, peer.readyState);
});

scenario('end in the end listener of a half-open socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { server: { allowHalfOpen: true } });
	const lane = recorder.lane('peer');
	lane.events(peer, events);
	peer.resume();
	peer.on('end', () => {
		lane.log('in end', peer.writable, peer.destroyed);
		peer.end('last words', () => lane.log('callback'));
		lane.log('ended', peer.writable, peer.readyState);
	});
	const text = recorder.text(client);
	client.end();
	recorder.lane('client').log('text', await text);
	await closed();
});

scenario('allowHalfOpen set later', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net);
	const lane = recorder.lane('peer');
	peer.allowHalfOpen = true;
	lane.events(peer, events);
	peer.resume();
	client.end();
	await recorder.once(peer, 'end');
	await recorder.rounds(3);
	lane.log('still writable', peer.writable);
	peer.end();
	client.resume();
	await closed();
});

scenario('on a Unix socket', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, { unix: true, server: { allowHalfOpen: true } });
	const lane = recorder.lane('peer');
	lane.events(peer, events);
	recorder.lane('client').events(client, events);
	const text = recorder.text(client);
	peer.resume();
	client.end('x');
	await recorder.once(peer, 'end');
	lane.log('after end', peer.readyState);
	peer.end('y');
	recorder.lane('text').log('text', await text);
	await closed();
});
