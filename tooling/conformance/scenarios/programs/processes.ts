/** What scenarios about several processes have in common: a parent and a child with a channel between them. */
import type { Recorder } from '../../src/recorder.ts';
import { told } from './children.ts';

/**
 * Runs a parent, which starts a child as `child`. Both know what {@link told} gives them, and how connections and servers
 * go from one to the other, which takes a step more where they are not of Node's own classes: `sent(socket)`,
 * `sentServer(server)`, `received(socket)`, `receivedServer(server, connectionListener)`.
 */
export async function processes(recorder: Recorder, parent: string, child: string): Promise<void> {
	const source = `
		import { fork } from 'node:child_process';
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
	const { lines, code } = await told(recorder, source);
	// In the order of the alphabet: that of processes is nobody's.
	for (const line of lines.sort()) recorder.log(line);
	recorder.log('exit', code);
}
