/** What the primary of a cluster hears of its workers' servers, and what ends with whom. */
import { cluster } from './programs/cluster.ts';
import { scenario } from '../src/scenario.ts';

scenario('the primary is told where a worker listens', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			let count = 0;
			cluster.on('listening', (worker, { address, addressType, fd, port }) => {
				tell(worker.id, 'listens', address, addressType, fd, port > 0 ? '<port>' : port, worker.state);
				if (++count === 4) worker.kill();
			});
			const worker = cluster.fork();
			worker.on('listening', ({ addressType }) => tell('worker event', addressType));`,
		worker: `
			net.createServer().listen(0);
			net.createServer().listen(0, '127.0.0.1');
			net.createServer().listen({ port: 0, host: '::1', ipv6Only: true });
			net.createServer().listen(folder + '/told.sock');`,
	}),
);

scenario('the primary is not told of servers that ask it for nothing', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			cluster.on('listening', () => tell('listening'));
			const worker = cluster.fork();
			worker.on('message', (message) => { tell(message); worker.kill(); });`,
		worker: `
			let listening = 0;
			const count = () => { if (++listening === 3) process.send('all listen'); };
			net.createServer().listen({ port: 0, host: '127.0.0.1', exclusive: true }, count);
			net.createServer().listen({ port: 0, host: '127.0.0.1', exclusive: 1 }, count);
			net.createServer().listen({ path: folder + '/exclusive.sock', exclusive: true }, count);`,
	}),
);

scenario('a worker that is killed leaves the port to the others, and its successor comes in', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			const workers = [cluster.fork(), cluster.fork()];
			const { port } = await listening(2);
			tell('both', await answers(port, 20));
			workers[0].process.kill('SIGKILL');
			const [, signal] = await once(workers[0], 'exit');
			tell('killed', signal, await answers(port, 5));
			cluster.fork();
			await listening(1);
			tell('succeeded', await answers(port, 20));
			for (const worker of Object.values(cluster.workers)) worker.kill();`,
		worker: `net.createServer((socket) => socket.end(String(cluster.worker.id))).listen(0, '127.0.0.1');`,
	}),
);

scenario('with the last worker the port is free again', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			const worker = cluster.fork();
			const { port } = await listening(1);
			worker.process.kill('SIGKILL');
			await once(worker, 'exit');
			const server = net.createServer().on('error', (error) => tell(error.code));
			server.listen(port, '127.0.0.1', () => { tell('free'); server.close(); });`,
		worker: `net.createServer().listen(0, '127.0.0.1');`,
	}),
);

scenario('disconnect closes the servers and waits for their connections', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			const worker = cluster.fork();
			for (const event of ['disconnect', 'exit']) worker.on(event, (...values) => tell(event, ...values));
			worker.on('message', (message) => tell('worker', message));
			const { port } = await listening(1);
			const client = net.connect(port, '127.0.0.1');
			client.on('data', (chunk) => {
				tell('data', String(chunk));
				if (String(chunk) === 'bye') return;
				worker.once('message', () => client.end('go'));
				worker.disconnect();
			});
			client.on('close', (hadError) => tell('client closed', hadError));`,
		worker: `
			const server = net.createServer((socket) => {
				socket.write('hello');
				socket.on('data', () => socket.write('bye'));
			}).listen(0, '127.0.0.1');
			const close = server.close;
			server.close = function (...values) {
				process.send('closing');
				return Reflect.apply(close, this, values);
			};`,
	}),
);

scenario('a worker that disconnects by itself', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			const worker = cluster.fork();
			for (const event of ['disconnect', 'exit']) worker.on(event, (...values) => tell(event, ...values, worker.exitedAfterDisconnect));
			worker.on('message', (message) => tell('worker', message));`,
		worker: `
			const server = net.createServer().listen(0, '127.0.0.1', () => cluster.worker.disconnect());
			server.on('close', () => tell('server closed', server.listening));
			process.on('exit', (code) => tell('worker ends', code));`,
	}),
);

scenario('cluster.disconnect ends all', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			for (let i = 0; i < 3; i++) cluster.fork();
			await listening(3);
			cluster.on('exit', (worker, code, signal) => tell('exit', code, signal));
			cluster.disconnect(() => tell('disconnected'));`,
		worker: `net.createServer().listen(0, '127.0.0.1').on('close', () => tell('server closed'));`,
	}),
);

scenario('a worker lives as long as it is connected, listening or not', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			const worker = cluster.fork();
			worker.on('exit', (code, signal) => tell('exit', code, signal));
			worker.on('message', (message) => { tell(message); worker.process.disconnect(); });`,
		worker: `
			const server = net.createServer().listen(0, '127.0.0.1', () => {
				server.unref();
				server.close(() => setImmediate(() => process.send('closed, and still here')));
			});`,
	}),
);

scenario('a worker that exits with open connections', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			const worker = cluster.fork();
			worker.on('exit', (code) => tell('exit', code));
			const { port } = await listening(1);
			const client = net.connect(port, '127.0.0.1', () => client.write('go'));
			client.on('data', (chunk) => tell('data', String(chunk)));
			client.on('end', () => tell('end'));
			client.on('close', (hadError) => tell('close', hadError));`,
		worker: `
			net.createServer((socket) => socket.on('data', () => { socket.write('last words'); process.exit(7); })).listen(0, '127.0.0.1');`,
		sorted: true,
	}),
);

scenario('an exception in a connection listener ends that worker', (_net, recorder) =>
	cluster(recorder, {
		sorted: true,
		primary: `
			const worker = cluster.fork();
			worker.on('exit', (code) => tell('exit', code));
			const { port } = await listening(1);
			const client = net.connect(port, '127.0.0.1').on('error', () => {});
			client.resume();`,
		worker: `
			process.on('uncaughtException', (error) => { tell('caught', error.message); process.exit(9); });
			net.createServer(() => { throw new Error('in a worker'); }).listen(0, '127.0.0.1');`,
	}),
);

scenario('async context and diagnostics of a server that listens through the primary', (_net, recorder) =>
	cluster(recorder, {
		primary: `
			const worker = cluster.fork();
			worker.on('message', (message) => tell(message));
			const { port } = await listening(1);
			tell(await answers(port, 2));
			worker.disconnect();`,
		worker: `
			const { AsyncLocalStorage } = await import('node:async_hooks');
			const { default: diagnostics } = await import('node:diagnostics_channel');
			const told = [];
			diagnostics.tracingChannel('net.server.listen').subscribe({
				asyncStart: ({ server, options }) => told.push('start', server instanceof net.Server, Object.keys(options)),
				asyncEnd: ({ server }) => told.push('end', server instanceof net.Server),
				error: ({ error }) => told.push(error.code),
			});
			const storage = new AsyncLocalStorage();
			storage.run('listening', () => {
				const server = net.createServer((socket) => {
					const inner = storage.getStore() ?? 'no store';
					socket.on('finish', () => told.push(storage.getStore() ?? 'no store'));
					socket.end(inner);
				});
				server.listen({ port: 0, host: '127.0.0.1' }, () => {
					told.push('listening', storage.getStore() ?? 'no store', server._handle !== null, typeof server._connectionKey);
					process.send(told.filter((value) => value !== 'start'));
				});
			});`,
	}),
);

for (const shared of [false, true]) {
	scenario(`bad places with ${shared ? 'shared handles' : 'round robin'}`, (_net, recorder) =>
		cluster(recorder, {
			shared,
			primary: `
				const worker = cluster.fork();
				const told = [];
				worker.on('message', (message) => { told.push(message); if (told.length === 4) { for (const one of told.sort()) tell(one); worker.kill(); } });`,
			worker: `
				const attempt = (what, ...values) => {
					const server = net.createServer();
					const say = (text) => process.send(what + ': ' + text);
					server.on('error', (error) => say(error.message + ' ' + error.syscall + ' ' + error.address + ' ' + error.port + ' ' + server.listening));
					try { server.listen(...values, () => say('listens')); } catch (error) { say('throws ' + error.code); }
				};
				attempt('foreign', 0, '192.0.2.1');
				attempt('fd', { fd: 999 });
				attempt('path', { path: '/nowhere/'.repeat(30) });
				attempt('port', 99999);`,
		}),
	);
}
