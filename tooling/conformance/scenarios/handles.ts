/** Handles that Node's own node:net made, in sockets and servers. */
import host from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

interface Connection {
	readonly server: Server;
	readonly near: Socket;
	readonly client: Socket;
}

/** A connection whose near end is of the host's own: the end, and a client of `net` on the other side. */
async function connection(net: Net, recorder: Recorder, unix = false): Promise<Connection> {
	const server = recorder.own(host.createServer({ pauseOnConnect: true })).unref();
	server.listen(unix ? { path: recorder.path('near.sock') } : { port: 0, host: '127.0.0.1' });
	await recorder.once(server, 'listening');
	const address = server.address();
	const accepted = recorder.once(server, 'connection');
	const tcp = typeof address === 'object' && address !== null;
	const client = recorder.own(tcp ? net.connect(address.port, '127.0.0.1') : net.connect(String(address)));
	const [near] = await accepted;
	if (!(near instanceof host.Socket)) throw new Error('no socket');
	return { server, near, client };
}

/** What is inside one of the host's sockets and servers. */
function inside(outer: object): unknown {
	return Reflect.get(outer, '_handle');
}

for (const [what, unix] of [
	['TCP', false],
	['Pipe', true],
] as const) {
	scenario(`a ${what} handle under a socket`, async (net, recorder) => {
		const { near, client } = await connection(net, recorder, unix);
		const options: object = { handle: inside(near) };
		const socket = recorder.own(new net.Socket(options));
		const lane = recorder.lane('socket');
		lane.log('open', socket.readyState, socket.pending, socket.connecting, socket.remoteFamily, socket.bytesRead);
		lane.events(socket, ['connect', 'ready', 'end', 'finish', 'error', 'close']);
		recorder.lane('client').events(client, ['end', 'finish', 'error', 'close']);
		const text = recorder.text(socket);
		const answer = recorder.text(client);
		const closed = [recorder.once(socket, 'close'), recorder.once(client, 'close')];
		client.end('question');
		lane.log('text', await text, socket.bytesRead);
		recorder.lane('client').log('answer', await answer);
		await Promise.all(closed);
	});
}

scenario('a handle under a socket that writes, half-closes and is set up', async (net, recorder) => {
	const { near, client } = await connection(net, recorder);
	const options: object = { handle: inside(near), allowHalfOpen: true };
	const socket = recorder.own(new net.Socket(options));
	recorder.log('chains', socket.setNoDelay(true) === socket, socket.setKeepAlive(true, 5000) === socket);
	const text = recorder.text(client);
	socket.write('one ');
	socket.end('two');
	recorder.log('text', await text);
	client.end('after the half-close');
	recorder.log('back', await recorder.text(socket));
});

scenario('a handle under a paused socket', async (net, recorder) => {
	const { near, client } = await connection(net, recorder);
	const options: object = { handle: inside(near), pauseOnCreate: true };
	const socket = recorder.own(new net.Socket(options));
	client.end('kept');
	await recorder.once(client, 'finish');
	await recorder.rounds(3);
	recorder.log('paused', socket.isPaused(), socket.readableFlowing, socket.bytesRead);
	recorder.log('text', await recorder.text(socket.resume()));
});

scenario('a handle under a socket that reads when asked, or never', async (net, recorder) => {
	const { near, client } = await connection(net, recorder);
	const options: object = { handle: inside(near), manualStart: true };
	const socket = recorder.own(new net.Socket(options));
	client.write('later');
	await recorder.rounds(3);
	recorder.log('not read', socket.bytesRead, socket.readableFlowing);
	const data = recorder.once(socket, 'data');
	recorder.log('data', String((await data)[0]));
	socket.destroy();
	await recorder.once(socket, 'close');
});

scenario('a handle under a socket that is reset', async (net, recorder) => {
	const { near, client } = await connection(net, recorder);
	const options: object = { handle: inside(near) };
	const socket = recorder.own(new net.Socket(options));
	recorder.lane('socket').events(socket, ['end', 'error', 'close']);
	recorder.lane('client').events(client, ['end', 'error', 'close']);
	client.resume();
	const closed = recorder.once(client, 'close');
	await recorder.rounds(1);
	socket.resetAndDestroy();
	await closed;
});

for (const form of ['the server', 'its handle', 'an object with a handle', 'an object with a _handle'] as const) {
	scenario(`a server listens on one of the host's: ${form}`, async (net, recorder) => {
		const bound = host.createServer((socket) => socket.end('the host')).listen(0, '127.0.0.1');
		await recorder.once(bound, 'listening');
		const handle = inside(bound);
		const forms = {
			'the server': bound,
			'its handle': handle,
			'an object with a handle': { handle },
			'an object with a _handle': { _handle: handle },
		};
		const server = recorder.own(net.createServer((socket) => socket.end('ours')));
		recorder.events(server, ['listening', 'error', 'close']);
		recorder.log('chains', server.listen(forms[form]) === server, server.listening);
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		recorder.alias(port, 'port');
		recorder.log('address', address);
		await recorder.once(server, 'listening');
		for (let i = 0; i < 3; i++)
			recorder.log('answer', await recorder.text(recorder.own(net.connect(port, '127.0.0.1'))));
		server.getConnections((_error, count) => recorder.log('connections', count));
		server.close();
		await recorder.once(server, 'close');
		const late = recorder.own(net.connect(port, '127.0.0.1'));
		recorder.log('late', (await recorder.once(late, 'error'))[0]);
	});
}

scenario('a server on a handle: paused, limited, unreferenced', async (net, recorder) => {
	const bound = host.createServer().listen(0, '127.0.0.1');
	await recorder.once(bound, 'listening');
	const server = recorder.own(net.createServer({ pauseOnConnect: true, allowHalfOpen: true }));
	server.maxConnections = 1;
	recorder.lane('server').events(server, ['listening', 'close']);
	server.listen(inside(bound));
	recorder.log(
		'twice',
		recorder.attempt('listen', () => server.listen(0)),
	);
	server.unref().ref();
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	recorder.alias(port, 'port');
	const accepted = recorder.once(server, 'connection');
	const dropped = recorder.once(server, 'drop');
	const client = recorder.own(net.connect(port, '127.0.0.1', () => client.end('held')));
	const [peer] = await accepted;
	if (!(peer instanceof net.Socket)) throw new Error('no socket');
	recorder.log('peer', peer.isPaused(), peer.allowHalfOpen, peer.server === server, peer.remoteAddress);
	const second = recorder.own(net.connect(port, '127.0.0.1'));
	second.on('error', () => {});
	const [drop] = await dropped;
	recorder.log('drop', Reflect.get(Object(drop), 'localPort') === port);
	recorder.log('text', await recorder.text(peer.resume()));
	peer.end();
	server.close();
	await recorder.once(server, 'close');
});

scenario(
	'a server on a handle keeps the process alive, and can let it go',
	async (net, recorder) => {
		const server = net.createServer();
		const bound = host.createServer().listen(0, '127.0.0.1');
		await recorder.once(bound, 'listening');
		server.listen(inside(bound));
		await recorder.once(server, 'listening');
		setTimeout(() => {
			recorder.log('still there');
			server.unref();
		}, 20).unref();
	},
	{ process: 'own' },
);

scenario(
	'a socket on a handle keeps the process alive until it is closed',
	async (net, recorder) => {
		const { server, near, client } = await connection(net, recorder);
		const options: object = { handle: inside(near) };
		const socket = new net.Socket(options);
		socket.resume();
		socket.on('close', () => recorder.log('close'));
		client.unref();
		setTimeout(() => {
			recorder.log('still there');
			socket.unref();
			process.exitCode = 3;
		}, 20).unref();
		server.close();
	},
	{ process: 'own' },
);
