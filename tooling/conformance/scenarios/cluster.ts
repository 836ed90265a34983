/** Workers of a cluster. The primary of each scenario is a program of its own. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

/**
 * Runs a program that is primary and worker at once: in it `net` is the module under test, `tell` prints a line, and ports
 * are shown as `<port>`. What it prints is recorded, sorted where the order is that of processes.
 */
async function cluster(recorder: Recorder, primary: string, worker: string, sorted = false): Promise<void> {
	const source = `
		import cluster from 'node:cluster';
		const imported = await import(${JSON.stringify(recorder.moduleUrl)});
		const net = imported.default ?? imported;
		const tell = (...values) => console.log(...values.map((value) => JSON.stringify(value)));
		const at = (address) => ({ ...address, port: address.port > 0 ? '<port>' : address.port });
		if (cluster.isPrimary) { ${primary} } else { ${worker} }`;
	const path = recorder.path('cluster.mjs');
	writeFileSync(path, source);
	const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const [code] = await recorder.once(child, 'close');
	const lines = output.split('\n').filter((line) => line !== '');
	for (const line of sorted ? lines.sort() : lines) recorder.log(line);
	recorder.log('exit', code);
}

scenario('two workers listen on one port that both were told', (_net, recorder) =>
	cluster(
		recorder,
		`const probe = net.createServer().listen(0, '127.0.0.1', () => {
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
		`net.createServer((socket) => socket.end('from a worker'))
			.on('error', (error) => process.send(error.code))
			.listen(Number(process.env.PORT), '127.0.0.1', () => process.send('listening'));`,
		true,
	),
);

scenario('exclusive: each worker has a port of its own', (_net, recorder) =>
	cluster(
		recorder,
		`const ports = new Set();
		let listening = 0;
		cluster.on('message', (_worker, port) => {
			ports.add(port);
			if (++listening < 2) return;
			tell('ports', ports.size);
			for (const worker of Object.values(cluster.workers)) worker.kill();
		});
		for (let i = 0; i < 2; i++) cluster.fork();`,
		`const server = net.createServer().listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => process.send(server.address().port));`,
	),
);

scenario('a worker sees its address, closes, and ends by itself after disconnect', (_net, recorder) =>
	cluster(
		recorder,
		`const worker = cluster.fork();
		worker.on('exit', (code, signal) => tell('exit', code, signal));
		worker.on('message', (message) => tell(message));`,
		`const server = net.createServer().listen(0, '127.0.0.1', () => {
			process.send(['address', at(server.address()), server.listening]);
			server.close((error) => {
				process.send(['closed', error === undefined], () => process.disconnect());
			});
		});`,
	),
);
