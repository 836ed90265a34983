/** Workers of a cluster. The primary of each scenario is a program of its own. */
import { openSync } from 'node:fs';
import { cluster } from './programs/cluster.ts';
import { scenario } from '../src/scenario.ts';

scenario('two workers listen on one port that both were told', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `const probe = net.createServer().listen(0, '127.0.0.1', () => {
			const { port } = probe.address();
			probe.close(() => { for (let i = 0; i < 2; i++) cluster.fork({ PORT: port }); });
			let told = 0;
			let closed = 0;
			cluster.on('message', (_worker, message) => {
				tell(message);
				if (++told < 2) return;
				for (let i = 0; i < 6; i++) {
					const client = net.connect(port, '127.0.0.1');
					client.on('data', (chunk) => tell('answer', String(chunk)));
					client.on('close', () => { if (++closed === 6) for (const worker of Object.values(cluster.workers)) worker.kill(); });
				}
			});
		});`,
		worker: `net.createServer((socket) => socket.end('from a worker'))
			.on('error', (error) => process.send(error.code))
			.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('listening'));`,
	}),
);

scenario('exclusive: each worker has a port of its own', (_net, recorder) =>
	cluster(recorder, {
		primary: `const ports = new Set();
		let listening = 0;
		cluster.on('message', (_worker, port) => {
			ports.add(port);
			if (++listening < 2) return;
			tell('ports', ports.size);
			for (const worker of Object.values(cluster.workers)) worker.kill();
		});
		for (let i = 0; i < 2; i++) cluster.fork();`,
		worker: `const server = net.createServer().listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => process.send(server.address().port));`,
	}),
);

scenario('a worker sees its address, closes, and ends by itself after disconnect', (_net, recorder) =>
	cluster(recorder, {
		primary: `const worker = cluster.fork();
		worker.on('exit', (code, signal) => tell('exit', code, signal));
		worker.on('message', (message) => tell(message));`,
		worker: `const server = net.createServer().listen(0, '127.0.0.1', () => {
			const { address, family, port } = server.address();
			process.send(['address', address, family, port > 0, server.listening]);
			server.close((error) => {
				process.send(['closed', error === undefined, server.address()], () => process.disconnect());
			});
		});`,
	}),
);

for (const shared of [false, true]) {
	const policy = shared ? 'shared handles' : 'round robin';

	scenario(`${policy}: port 0 is one port for all workers, and another for the next server`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `const ports = [];
			cluster.on('message', (_worker, [first, second]) => {
				ports.push([first, second]);
				if (ports.length < 3) return;
				tell(new Set(ports.map(([port]) => port)).size, new Set(ports.map(([, port]) => port)).size, new Set(ports.flat()).size);
				for (const worker of Object.values(cluster.workers)) worker.kill();
			});
			for (let i = 0; i < 3; i++) cluster.fork();`,
			worker: `const first = net.createServer().listen(0, '127.0.0.1', () => {
				const second = net.createServer().listen(0, '127.0.0.1', () => process.send([first.address().port, second.address().port]));
			});`,
		}),
	);

	scenario(`${policy}: four workers under load answer every connection`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `
				for (let i = 0; i < 4; i++) cluster.fork();
				const { port } = await listening(4);
				const client = () => new Promise((resolve) => {
					const socket = net.connect(port, '127.0.0.1', () => socket.end('x'.repeat(1000)));
					let length = 0;
					socket.on('data', (chunk) => (length += chunk.length));
					socket.on('error', (error) => tell(error.code));
					socket.on('close', () => resolve(length));
				});
				const lengths = [];
				const lane = async () => { for (let i = 0; i < 25; i++) lengths.push(await client()); };
				await Promise.all(Array.from({ length: 16 }, lane));
				tell(lengths.length, new Set(lengths).size, lengths[0]);
				cluster.disconnect();`,
			worker: `net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');`,
		}),
	);

	scenario(`${policy}: a Unix socket of all workers, whose file goes with them`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `
				const { existsSync } = await import('node:fs');
				const path = folder + '/shared.sock';
				for (let i = 0; i < 2; i++) cluster.fork();
				const { address, port } = await listening(2);
				tell(address, port, existsSync(path), await answers({ path }, 4));
				cluster.disconnect(() => tell('file', existsSync(path)));`,
			worker: `const server = net.createServer((socket) => socket.end(JSON.stringify([server.address(), socket.remoteAddress])));
				server.listen(folder + '/shared.sock');`,
		}),
	);

	scenario(`${policy}: a port in use`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `const taken = net.createServer().listen(0, '127.0.0.1', () => {
				const worker = cluster.fork({ PORT: taken.address().port });
				worker.on('message', ({ message, address, port, ...rest }) => {
					tell(message.replace(/[0-9]+$/, '<port>'), address, port === taken.address().port, rest);
					worker.kill();
					taken.close();
				});
			});`,
			worker: `const server = net.createServer().on('error', (error) => {
				process.send({ message: error.message, ...error, listening: server.listening });
			});
			server.listen(Number(process.env.PORT), '127.0.0.1');`,
		}),
	);

	scenario(`${policy}: two servers of one worker on one port`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `const worker = cluster.fork();
				worker.on('message', (message) => { tell(message); worker.kill(); });`,
			worker: `const first = net.createServer().listen(0, '127.0.0.1', () => {
				const second = net.createServer().on('error', ({ code, syscall }) => process.send([code, syscall, second.listening]));
				second.listen(first.address().port, '127.0.0.1', () => process.send('both listen'));
			});`,
		}),
	);

	scenario(`${policy}: no descriptor is left of the connections that a worker served`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `
				const worker = cluster.fork();
				const { port } = await listening(1);
				const ask = async () => { worker.send('count'); return (await once(worker, 'message'))[0]; };
				await answer({ port, host: '127.0.0.1' });
				const before = await ask();
				for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: 20 }, () => answer({ port, host: '127.0.0.1' })));
				tell('more than before', (await ask()) - before);
				worker.disconnect();`,
			worker: `
				const { readdirSync } = await import('node:fs');
				net.createServer((socket) => socket.end('answer').resume()).listen(0, '127.0.0.1');
				// In the check phase, when what closes is closed.
				process.on('message', () => setImmediate(() => setImmediate(() => process.send(readdirSync('/proc/self/fd').length))));`,
		}),
	);

	scenario(`${policy}: a path that cannot be`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `const worker = cluster.fork();
				worker.on('message', (message) => { tell(message); worker.kill(); });`,
			worker: `net.createServer().on('error', (error) => process.send({ message: error.message, ...error }))
				.listen('/nowhere/at/all.sock');`,
		}),
	);

	scenario(`${policy}: closed before the primary has answered`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `const worker = cluster.fork();
				worker.on('message', (message) => { tell(message); if (message === 'listening') worker.kill(); });`,
			worker: `
				const server = net.createServer();
				server.on('listening', () => process.send('listening'));
				server.on('close', () => process.send('close'));
				server.listen(0, '127.0.0.1');
				process.send([server.listening, server.address()]);
				server.close((error) => process.send(error?.code ?? null));
				server.listen(0, '127.0.0.1');`,
		}),
	);

	scenario(`${policy}: paused connections, half-open ones, and what the server counts`, (_net, recorder) =>
		cluster(recorder, {
			sorted: true,
			shared,
			primary: `
				const worker = cluster.fork();
				worker.on('message', (message) => tell(message));
				const { port } = await listening(1);
				const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => client.end('question'));
				let text = '';
				client.on('data', (chunk) => (text += chunk));
				client.on('close', () => { tell('text', text); worker.disconnect(); });`,
			worker: `
				const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
					server.getConnections((error, count) => process.send(['connections', count, socket.isPaused(), socket.bytesRead]));
					setImmediate(() => {
						process.send(['still paused', socket.bytesRead]);
						socket.resume();
						socket.on('data', (chunk) => socket.write('re: ' + chunk));
						socket.on('end', () => socket.end('.'));
					});
				}).listen(0, '127.0.0.1');`,
		}),
	);
}

scenario('round robin: each worker gets its turn', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			for (let i = 0; i < 3; i++) cluster.fork();
			const { port } = await listening(3);
			tell(await answers(port, 30));
			cluster.disconnect();`,
		worker: `net.createServer((socket) => socket.end(String(cluster.worker.id))).listen(0, '127.0.0.1');`,
	}),
);

scenario('round robin: a worker with its full number of connections leaves the next to another', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			for (let i = 0; i < 2; i++) cluster.fork();
			cluster.on('message', (worker, message) => tell(message));
			const { port } = await listening(2);
			const clients = [];
			const texts = new Set();
			for (let i = 0; i < 2; i++) {
				const client = net.connect(port, '127.0.0.1');
				clients.push(client);
				texts.add(String((await once(client, 'data'))[0]));
			}
			tell([...texts].sort().join());
			for (const client of clients) client.destroy();
			cluster.disconnect();`,
		worker: `
			const server = net.createServer((socket) => socket.on('error', () => {}).resume().write(String(cluster.worker.id)));
			server.maxConnections = 1;
			server.on('drop', () => process.send('dropped'));
			server.listen(0, '127.0.0.1');`,
	}),
);

scenario('round robin: dropMaxConnection drops the next instead', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			const worker = cluster.fork();
			worker.on('message', (message) => tell(message));
			const { port } = await listening(1);
			const client = net.connect(port, '127.0.0.1');
			await once(client, 'data');
			const second = net.connect(port, '127.0.0.1').on('error', () => {});
			second.resume();
			await once(second, 'close');
			tell('second closed');
			client.destroy();
			worker.disconnect();`,
		worker: `
			const server = net.createServer((socket) => socket.on('error', () => {}).resume().write('hello'));
			server.maxConnections = 1;
			server.dropMaxConnection = true;
			server.on('drop', ({ localAddress, remoteFamily }) => process.send(['dropped', localAddress, remoteFamily]));
			server.listen(0, '127.0.0.1');`,
	}),
);

scenario("a descriptor is the primary's", (_net, recorder) => {
	// Somebody listens in the primary, under the number 3; in the worker that is a file.
	const file = openSync('/dev/null', 'r');
	return cluster(recorder, {
		stdio: [file],
		primary: `
			const { default: host } = await import('node:net');
			const bound = host.createServer().listen(0, '127.0.0.1');
			await once(bound, 'listening');
			const { port } = bound.address();
			cluster.fork({ FD: bound._handle.fd });
			const told = await listening(1);
			bound.close();
			tell(told.address, told.addressType, told.fd > 0, await answers(port, 3));
			cluster.disconnect();`,
		worker: `const server = net.createServer((socket) => socket.end('on ' + server.address().address));
			server.listen({ fd: Number(process.env.FD) });`,
	});
});

scenario('reusePort: each worker binds for itself', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			cluster.on('listening', () => tell('told'));
			const first = cluster.fork();
			const [port] = await once(first, 'message');
			const second = cluster.fork({ PORT: port });
			tell((await once(second, 'message'))[0] === port, await answers(port, 5));
			for (const worker of Object.values(cluster.workers)) worker.kill();`,
		worker: `const server = net.createServer((socket) => socket.end('answer')).on('error', (error) => process.send(error.code));
			server.listen({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1', reusePort: true }, () => process.send(server.address().port));`,
	}),
);

scenario('a worker with a server of its own and one through the primary', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			const worker = cluster.fork();
			const { port } = await listening(1);
			tell(await answers(port, 2));
			worker.disconnect();`,
		worker: `
			const inner = net.createServer((socket) => socket.end('inner')).listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
				const outer = net.createServer((socket) => net.connect(inner.address().port, '127.0.0.1').pipe(socket));
				outer.listen(0, '127.0.0.1');
				outer.on('close', () => inner.close());
			});`,
	}),
);
