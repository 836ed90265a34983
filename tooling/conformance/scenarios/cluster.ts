/** Workers of a cluster. The primary of each scenario is a program of its own. */
import host from 'node:net';
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
		let count = 0;
		cluster.on('message', (_worker, port) => {
			ports.add(port);
			if (++count < 2) return;
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

scenario("a descriptor is the primary's", async (_net, recorder) => {
	const bound = host.createServer().listen(0, '127.0.0.1');
	await recorder.once(bound, 'listening');
	const handle: unknown = Reflect.get(bound, '_handle');
	const running = cluster(recorder, {
		// Number 3 in the primary; in a worker that is the channel between them.
		stdio: [Reflect.get(Object(handle), 'fd')],
		primary: `
			const worker = cluster.fork();
			worker.on('message', async ([address, port]) => {
				tell(address, await answers(port, 3));
				worker.disconnect();
			});
			const told = await listening(1);
			tell(told.address, told.addressType, told.fd, told.port > 0);`,
		worker: `const server = net.createServer((socket) => socket.end('on ' + server.address().address));
			server.on('error', (error) => tell(error.message));
			server.listen({ fd: 3 }, () => process.send([server.address().address, server.address().port]));`,
		sorted: true,
	});
	// The primary has a descriptor of its own by now.
	bound.close();
	await running;
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
