/** ref(), unref() and when the process ends by itself. Each scenario has a process of its own. */
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Body } from '../src/scenario.ts';

function alone(sentence: string, body: Body): void {
	scenario(sentence, body, { process: 'own' });
}

alone('a server that is closed lets the process end', async (net, recorder) => {
	const server = net.createServer();
	server.listen(0, '127.0.0.1', () => server.close(() => recorder.log('closed')));
});

alone('a listening server keeps the process', async (net, recorder) => {
	const server = net.createServer();
	server.listen(0, '127.0.0.1');
	setTimeout(() => {
		recorder.log('still there');
		server.close();
	}, 30).unref();
});

alone('an unreferenced server lets the process end', async (net, recorder) => {
	const server = net.createServer();
	server.listen(0, '127.0.0.1', () => {
		recorder.log('listening');
		recorder.log('returns itself', server.unref() === server);
	});
	server.on('close', () => recorder.log('close'));
});

alone('unref before listen', async (net, recorder) => {
	const server = net.createServer();
	server.unref();
	server.listen(0, '127.0.0.1', () => recorder.log('listening'));
});

alone('unref, then ref: the server keeps the process until it closes', async (net, recorder) => {
	const server = net.createServer();
	server.listen(0, '127.0.0.1', () => {
		server.unref();
		recorder.log('returns itself', server.ref() === server);
		setTimeout(() => {
			recorder.log('still there');
			server.close();
		}, 30).unref();
	});
});

alone('an unreferenced client does not keep the process, its close never comes', async (net, recorder) => {
	const { client, peer, server } = await recorder.pair(net);
	client.on('close', () => recorder.log('close'));
	client.unref();
	peer.unref();
	server.unref();
	recorder.log('all unreferenced');
});

alone('a connected client keeps the process', async (net, recorder) => {
	const { client, peer, server, closed } = await recorder.pair(net);
	peer.unref();
	server.unref();
	client.resume();
	setTimeout(() => {
		recorder.log('still there');
		client.destroy();
		peer.destroy();
		void closed();
	}, 30).unref();
});

alone('a paused client that is connected', async (net, recorder) => {
	const { client, peer, server } = await recorder.pair(net);
	peer.unref();
	server.unref();
	client.resume();
	client.pause();
	recorder.log('paused');
	endLater(recorder);
});

alone('a client that nobody reads', async (net, recorder) => {
	const { client, peer, server } = await recorder.pair(net);
	peer.unref();
	server.unref();
	recorder.log('state', client.readyState);
	endLater(recorder);
});

alone('unref while connecting', async (net, recorder) => {
	const server = net.createServer((socket) => socket.unref());
	server.listen(0, '127.0.0.1', () => {
		server.unref();
		const address = server.address();
		const client = net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
		recorder.log('returns itself', client.unref() === client);
		client.on('close', () => recorder.log('close'));
	});
});

alone('a socket that was never connected keeps nothing', (net, recorder) => {
	const socket = new net.Socket();
	socket.on('close', () => recorder.log('close'));
	recorder.log('ref', socket.ref() === socket, socket.unref() === socket, socket.ref() === socket);
});

alone('a socket with a timeout does not keep the process', async (net, recorder) => {
	const { client, peer, server } = await recorder.pair(net);
	for (const each of [client, peer, server]) each.unref();
	client.setTimeout(5000, () => recorder.log('timeout'));
	recorder.log('set');
});

alone('two ends in one process end it when both are closed', async (net, recorder) => {
	const server = net.createServer((socket) => {
		recorder.lane('peer').events(socket, ['end', 'close']);
		socket.end('bye');
		socket.resume();
		server.close();
	});
	server.on('close', () => recorder.lane('server').log('close'));
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		const client = net.connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
		recorder.lane('client').events(client, ['connect', 'end', 'close']);
		client.resume();
	});
});

alone('a refused connection ends it', async (net, recorder) => {
	const server = net.createServer();
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		server.close(() => {
			const client = net.connect(port, '127.0.0.1');
			client.on('error', (error) => recorder.log('error', Reflect.get(error, 'code')));
			client.on('close', () => recorder.log('close'));
		});
	});
});

alone('unfinished writes keep the process', async (net, recorder) => {
	const { client, peer, server, closed } = await recorder.pair(net);
	server.unref();
	peer.pause();
	client.write(Buffer.alloc(16 * 1024 * 1024), () => recorder.log('written'));
	client.end();
	client.resume();
	setTimeout(() => {
		recorder.log('reading now');
		peer.resume();
	}, 50);
	await closed();
	recorder.log('closed');
});

alone('beforeExit comes when the last one closed', async (net, recorder) => {
	process.once('beforeExit', (code) => recorder.log('beforeExit', code));
	const { client, peer, closed } = await recorder.pair(net);
	peer.resume();
	client.resume();
	client.end();
	await closed();
	recorder.log('closed');
});

alone('in beforeExit a new server may start', (net, recorder) => {
	process.once('beforeExit', () => {
		const server = net.createServer();
		server.listen(0, '127.0.0.1', () => {
			recorder.log('listening');
			server.close(() => recorder.log('closed'));
		});
	});
});

alone('getActiveResourcesInfo names servers and sockets', async (net, recorder) => {
	const relevant = (): string[] =>
		process
			.getActiveResourcesInfo()
			.filter((name) => /TCP|Pipe/.test(name))
			.sort();
	// The standard streams of this process are pipes.
	const before = relevant();
	const since = (): string[] => {
		const rest = [...relevant()];
		for (const name of before) rest.splice(rest.indexOf(name), 1);
		return rest;
	};
	const server = net.createServer();
	server.listen(0, '127.0.0.1', () => {
		recorder.log('listening', since());
		server.close(() => recorder.log('closed', since()));
	});
});

alone('an unreferenced client that connects keeps the process until it is refused', async (net, recorder) => {
	const server = await recorder.serve(net);
	server.close();
	await recorder.once(server, 'close');
	const client = net.connect(server.port, '127.0.0.1').unref();
	recorder.events(client, ['error', 'close']);
});

alone('a write of an unreferenced client keeps the process until it is done', async (net, recorder) => {
	const { client, peer, server } = await recorder.pair(net);
	for (const each of [client, peer.pause(), server]) each.unref();
	client.write(Buffer.alloc(1 << 24), () => recorder.log('written'));
	await recorder.rounds(3);
	peer.resume();
});

/**
 * Ends the process if it is still there after a moment: many turns of the loop, so that a machine that stalls in one of them
 * is not taken for a process that stays.
 */
function endLater(recorder: Recorder): void {
	let turns = 0;
	const moment = setInterval(() => {
		if (++turns < 40) return;
		recorder.log('still there');
		process.exit(0);
	}, 5);
	moment.unref();
}
