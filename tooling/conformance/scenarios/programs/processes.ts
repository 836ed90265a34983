/** What scenarios about several processes have in common: a parent and a child with a channel between them. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Recorder } from '../../src/recorder.ts';

/**
 * Runs a parent, which starts a child as `child`. Both know `net` (the module under test), `once`, `folder` (of the
 * scenario's own), `tell` (prints a line of JSON), and how connections and servers go from one to the other, which
 * takes a step more where they are not of Node's own classes: `sent(socket)`, `sentServer(server)`, `received(socket)`,
 * `receivedServer(server, connectionListener)`.
 */
export async function processes(recorder: Recorder, parent: string, child: string): Promise<void> {
	const path = recorder.path('processes.mjs');
	const folder = path.slice(0, path.lastIndexOf('/'));
	const source = `
		import { fork } from 'node:child_process';
		import { once } from 'node:events';
		const imported = await import(${JSON.stringify(recorder.moduleUrl)});
		const net = imported.default ?? imported;
		const folder = ${JSON.stringify(folder)};
		const tell = (...values) => console.log(...values.map((value) => JSON.stringify(value)));
		const own = ${JSON.stringify(recorder.moduleUrl)} === 'node:net';
		const helpers = own ? undefined : await import(new URL('./processes.js', ${JSON.stringify(recorder.moduleUrl)}));
		const sent = (socket) => own ? socket : helpers.toNodeSocket(socket);
		const sentServer = (server) => own ? server : helpers.toNodeServer(server);
		const received = (socket) => own ? socket : new net.Socket({ handle: socket });
		const receivedServer = (server, listener) => own ? server.on('connection', listener) : net.createServer(listener).listen(server);
		if (process.send === undefined) {
			const child = fork(process.argv[1]);
			// It would be waited for in vain.
			child.on('exit', (code) => { if (code === 1) process.exit(1); });
			const answer = (target) => new Promise((resolve) => {
				const client = net.connect(target);
				let text = '';
				client.on('data', (chunk) => (text += chunk));
				client.on('error', (error) => (text += error.code));
				client.on('close', () => resolve(text));
			});
			${parent}
		} else {
			${child}
		}`;
	writeFileSync(path, source);
	const started = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const [code] = await recorder.once(started, 'close');
	const lines = output.split('\n').filter((line) => line !== '');
	// In the order of the alphabet: that of processes is nobody's.
	for (const line of lines.sort()) recorder.log(line.replaceAll(folder, '<tmp>'));
	recorder.log('exit', code);
}
