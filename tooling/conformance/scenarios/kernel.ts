/** Options as the kernel has them: /proc/net/tcp tells which timer a connection waits for. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

/** `keep-alive` and until when, to ten seconds; `none`. */
function timer({ localPort, remotePort }: Socket): string {
	const hex = (port = 0): string => port.toString(16).toUpperCase().padStart(4, '0');
	for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
		for (const line of readFileSync(file, 'latin1').split('\n')) {
			const [, local = '', remote = '', , , timing = ''] = line.trim().split(/\s+/);
			if (!local.endsWith(`:${hex(localPort)}`) || !remote.endsWith(`:${hex(remotePort)}`)) continue;
			const [kind, ticks = '0'] = timing.split(':');
			if (kind !== '02') return 'none';
			return `keep-alive in ${Math.round(Number.parseInt(ticks, 16) / 1000) * 10} s`;
		}
	}
	return 'no such connection';
}

/** The timers of a client after each of these calls. */
function afterCalls(sentence: string, calls: readonly (readonly unknown[])[]): void {
	scenario(sentence, async (net, recorder) => {
		const { client, peer, closed } = await recorder.pair(net);
		recorder.log('at first', timer(client));
		for (const call of calls) {
			invoke(client, 'setKeepAlive', call);
			recorder.log(recorder.names.show(call), timer(client));
		}
		client.destroy();
		peer.resume();
		await closed();
	});
}

afterCalls('setKeepAlive(enable, initialDelay): the timer starts, changes and stops', [
	[true, 100_000],
	[true, 200_000],
	[false],
	[true, 300_000],
]);
afterCalls('setKeepAlive(options)', [[{ enable: true, initialDelay: 100_000 }], [{ enable: false }]]);
afterCalls('setKeepAlive(true): two hours, as the kernel has it', [[true]]);
afterCalls('setKeepAlive(true, 0) leaves the delay', [
	[true, 100_000],
	[true, 0],
]);
afterCalls('setKeepAlive with interval and count', [[true, 100_000, 20_000, 3]]);
afterCalls('setKeepAlive() switches it off', [[true, 100_000], []]);

scenario('setKeepAlive before the connection holds from then on', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.resume());
	const socket = recorder.own(new net.Socket());
	socket.setKeepAlive(true, 100_000);
	socket.connect(server.port, '127.0.0.1');
	await recorder.once(socket, 'connect');
	recorder.log('connected', timer(socket));
	socket.destroy();
});

scenario('keepAlive of connect and of new Socket', async (net, recorder) => {
	const server = await recorder.serve(net, (peer) => peer.resume());
	const options = { keepAlive: true, keepAliveInitialDelay: 100_000 };
	const target = { port: server.port, host: '127.0.0.1' };
	const made = Reflect.construct(net.Socket, [options]);
	const sockets = [net.connect({ ...target, ...options }), made.connect(target)];
	// Both may connect in one turn of the loop.
	await Promise.all(sockets.map((socket) => recorder.once(recorder.own(socket), 'connect')));
	for (const socket of sockets) {
		recorder.log('connected', timer(socket));
		socket.destroy();
	}
});

scenario('keepAlive of a server is its sockets', async (net, recorder) => {
	const { client, peer, closed } = await recorder.pair(net, {
		server: { keepAlive: true, keepAliveInitialDelay: 100_000 },
	});
	recorder.log('peer', timer(peer));
	recorder.log('client', timer(client));
	client.destroy();
	peer.resume();
	await closed();
});

scenario('a socket used again keeps what was set', async (net, recorder) => {
	const { client, peer, target, server } = await recorder.pair(net);
	client.setKeepAlive(true, 100_000);
	recorder.log('first', timer(client));
	client.end();
	client.resume();
	peer.resume();
	await recorder.once(client, 'close');
	const accepted = recorder.once(server, 'connection');
	client.connect(target);
	await recorder.once(client, 'connect');
	await accepted;
	recorder.log('second', timer(client));
	client.destroy();
	server.close();
});

/** The state of what listens on a port: its queue's length is shown as `tx_queue`. */
function backlog(port: number): string {
	const { stdout } = Object(
		process.getBuiltinModule('node:child_process').spawnSync('ss', ['-ltnH', `sport = :${port}`]),
	);
	return String(stdout).trim().split(/\s+/)[2] ?? '';
}

scenario('backlog: 511, or what was asked for', async (net, recorder: Recorder) => {
	for (const options of [{}, { backlog: 5 }, { backlog: 100 }]) {
		const server = await recorder.serve(net, undefined, { listen: { port: 0, host: '127.0.0.1', ...options } });
		recorder.log(recorder.names.show(options), backlog(server.port));
		server.close();
	}
});
