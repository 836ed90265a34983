/** Sockets and servers that go from one process to another. */
import { processes } from './programs/processes.ts';
import { scenario } from '../src/scenario.ts';

for (const [what, listen, target] of [
	['TCP', "{ port: 0, host: '127.0.0.1' }", "{ port: server.address().port, host: '127.0.0.1' }"],
	['a Unix socket', "{ path: folder + '/send.sock' }", "{ path: folder + '/send.sock' }"],
] as const) {
	scenario(`an accepted connection goes to a child: ${what}`, (_net, recorder) =>
		processes(
			recorder,
			`const server = net.createServer({ pauseOnConnect: true }, async (socket) => {
				child.send('a socket', await sent(socket));
				server.close(() => tell('parent: closed'));
			}).listen(${listen}, async () => {
				const client = net.connect(${target}, () => client.write('hello '));
				let text = '';
				client.on('data', (chunk) => { if (text === '') client.end('world'); text += chunk; });
				client.on('close', (hadError) => { tell('client', text, hadError); child.disconnect(); });
			});
			child.on('exit', (code) => tell('child exit', code));`,
			`process.on('message', (message, given) => {
				const socket = received(given);
				tell('child: got', message, socket instanceof net.Socket, socket.readyState, socket.localPort > 0, socket.remoteFamily ?? null);
				socket.setEncoding('utf8');
				socket.on('data', (text) => socket.write(text.toUpperCase()));
				socket.on('close', (hadError) => tell('child: close', hadError));
			});`,
		),
	);

	scenario(`a server is shared with a child: ${what}`, (_net, recorder) =>
		processes(
			recorder,
			`const server = net.createServer((socket) => socket.end('parent')).listen(${listen}, async () => {
				const target = ${target};
				child.send('a server', sentServer(server));
				await once(child, 'message');
				const first = await Promise.all(Array.from({ length: 20 }, () => answer(target)));
				tell(first.length, first.every((text) => text === 'parent' || text === 'child'));
				server.close(() => tell('parent: closed'));
				// A path goes with the server that made it, a port with the last.
				if (target.port) tell('alone', await answer(target), await answer(target));
				child.send('end');
			});
			child.on('exit', (code) => tell('child exit', code));`,
			`let server;
			process.on('message', (message, given) => {
				if (message === 'end') { server.close(); process.disconnect(); return; }
				server = receivedServer(given, (socket) => socket.end('child'));
				tell('child: listens', server.listening, server.address()?.family ?? null);
				process.send('listening');
			});`,
		),
	);
}

scenario('a connection that a child made goes to the parent', (_net, recorder) =>
	processes(
		recorder,
		`const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => child.send(server.address().port));
		child.on('message', (message, given) => {
			const socket = received(given);
			tell('got', message, socket.remotePort === server.address().port, socket.readyState);
			socket.end('through the parent');
			let text = '';
			socket.on('data', (chunk) => (text += chunk));
			socket.on('close', (hadError) => { tell('close', text, hadError); server.close(); });
		});
		child.on('exit', (code) => tell('child exit', code));`,
		`process.once('message', (port) => {
			const socket = net.connect({ port, host: '127.0.0.1' }, async () => {
				socket.pause();
				process.send('a socket', await sent(socket), () => process.disconnect());
			});
		});`,
	),
);

scenario('what was written before the connection was sent arrives first', (_net, recorder) =>
	processes(
		recorder,
		`const server = net.createServer({ pauseOnConnect: true }, (socket) => {
			socket.write('parent ', async () => { child.send('a socket', await sent(socket)); server.close(); });
		}).listen(0, '127.0.0.1', async () => {
			tell(await answer({ port: server.address().port, host: '127.0.0.1' }));
			child.disconnect();
		});`,
		`process.on('message', (message, given) => received(given).end('child'));`,
	),
);

scenario('a connection that the child resets', (_net, recorder) =>
	processes(
		recorder,
		`const server = net.createServer({ pauseOnConnect: true }, async (socket) => {
			child.send('a socket', await sent(socket));
			server.close();
		}).listen(0, '127.0.0.1', async () => {
			tell(await answer({ port: server.address().port, host: '127.0.0.1' }));
			child.disconnect();
		});`,
		`process.on('message', (message, given) => received(given).resetAndDestroy());`,
	),
);

scenario('a child that ends takes its connections with it', (_net, recorder) =>
	processes(
		recorder,
		`const server = net.createServer({ pauseOnConnect: true }, async (socket) => {
			child.send('a socket', await sent(socket));
			server.close();
		}).listen(0, '127.0.0.1', async () => {
			tell(await answer({ port: server.address().port, host: '127.0.0.1' }));
		});
		child.on('exit', (code, signal) => tell('child exit', code, signal));`,
		`process.on('message', (message, given) => received(given).write('last words', () => process.kill(process.pid, 'SIGKILL')));`,
	),
);

scenario('a listening socket without a server of its own goes through a grandparent', (_net, recorder) =>
	processes(
		recorder,
		`const { default: host } = await import('node:net');
		const bound = host.createServer().listen(0, '127.0.0.1', async () => {
			const { port } = bound.address();
			child.send('a handle', bound._handle);
			await once(child, 'message');
			bound.close();
			tell(await answer({ port, host: '127.0.0.1' }));
			child.send('end');
		});
		child.on('exit', (code) => tell('child exit', code));`,
		`const server = net.createServer((socket) => socket.end('on a handle'));
		process.on('message', (message, handle) => {
			if (message === 'end') { server.close(); process.disconnect(); return; }
			server.listen(handle, () => process.send('listening'));
		});`,
	),
);
