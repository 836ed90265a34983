/** What holds for workers of a cluster whichever way they share what they listen on. */
import { cluster } from './programs/cluster.ts';
import { scenario } from '../src/scenario.ts';

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
