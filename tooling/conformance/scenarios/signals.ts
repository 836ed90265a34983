/** Abort signals: how many listeners they have, in every state. */
import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { scenario } from '../src/scenario.ts';
import type { Recorder } from '../src/recorder.ts';

/** Records how many listeners a signal has. */
function counter(recorder: Recorder, signal: AbortSignal): (label: string) => void {
	return (label) => recorder.log(label, getEventListeners(signal, 'abort').length);
}

scenario('listen: the count before, while and after it listens', async (net, recorder) => {
	const { signal } = new AbortController();
	const count = counter(recorder, signal);
	const server = recorder.own(net.createServer());
	count('before');
	server.listen({ port: 0, host: '127.0.0.1', signal });
	count('at once');
	await recorder.once(server, 'listening');
	count('listening');
	server.close();
	count('closed at once');
	await recorder.once(server, 'close');
	count('closed');
});

scenario('listen: a listen that fails keeps its listener until the server closes', async (net, recorder) => {
	const first = await recorder.serve(net);
	const { signal } = new AbortController();
	const count = counter(recorder, signal);
	const server = recorder.own(net.createServer());
	server.listen({ port: first.port, host: '127.0.0.1', signal });
	await recorder.once(server, 'error');
	count('failed');
	server.close();
	await recorder.once(server, 'close');
	count('closed');
});

scenario('listen: the count after calls that throw', (net, recorder) => {
	const { signal } = new AbortController();
	const count = counter(recorder, signal);
	recorder.call(net.createServer(), 'listen', { port: -1, signal });
	count('bad port');
	recorder.call(net.createServer(), 'listen', { signal });
	count('no port');
});

scenario('listen: two servers on one signal', async (net, recorder) => {
	const controller = new AbortController();
	const { signal } = controller;
	const count = counter(recorder, signal);
	const servers = [recorder.own(net.createServer()), recorder.own(net.createServer())];
	for (const server of servers) {
		server.listen({ port: 0, host: '127.0.0.1', signal });
		await recorder.once(server, 'listening');
	}
	count('both listen');
	const closed = servers.map((server) => recorder.once(server, 'close'));
	controller.abort();
	recorder.log('listening', servers[0]?.listening, servers[1]?.listening);
	count('aborted');
	await Promise.all(closed);
	count('closed');
});

scenario('listen: again on the same signal after close', async (net, recorder) => {
	const controller = new AbortController();
	const { signal } = controller;
	const count = counter(recorder, signal);
	const server = recorder.own(net.createServer());
	for (const round of [1, 2, 3]) {
		server.listen({ port: 0, host: '127.0.0.1', signal });
		await recorder.once(server, 'listening');
		count(`round ${round}`);
		server.close();
		await recorder.once(server, 'close');
	}
	count('closed');
});

scenario('listen: aborted with open connections, close waits for them', async (net, recorder) => {
	const controller = new AbortController();
	const server = recorder.own(net.createServer((socket) => recorder.own(socket).resume()));
	recorder.events(server, ['listening', 'close']);
	server.listen({ port: 0, host: '127.0.0.1', signal: controller.signal });
	await recorder.once(server, 'listening');
	const address = server.address();
	const accepted = recorder.once(server, 'connection');
	const client = recorder.own(net.connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1'));
	await accepted;
	controller.abort();
	await recorder.rounds(3);
	recorder.log('still open', client.readyState);
	client.end();
	client.resume();
	await recorder.once(server, 'close');
});

scenario('listen: on a path, aborted, the file is gone', async (net, recorder) => {
	const controller = new AbortController();
	const path = recorder.path('aborted.sock');
	const server = recorder.own(net.createServer());
	server.listen({ path, signal: controller.signal });
	await recorder.once(server, 'listening');
	controller.abort();
	await recorder.once(server, 'close');
	const { existsSync } = await import('node:fs');
	recorder.log('exists', existsSync(path), server.listening);
});

scenario('Socket: the count through a life', async (net, recorder) => {
	const { signal } = new AbortController();
	const count = counter(recorder, signal);
	const { client, peer, closed } = await recorder.pair(net, { client: { signal } });
	count('connected');
	client.end();
	client.resume();
	peer.resume();
	await closed();
	count('closed');
});

scenario('Socket: the count with a signal that is aborted already', async (net, recorder) => {
	const signal = AbortSignal.abort();
	const count = counter(recorder, signal);
	const socket = recorder.own(new net.Socket({ signal }));
	recorder.events(socket, ['error', 'close']);
	count('made');
	recorder.log('destroyed', socket.destroyed);
	await recorder.once(socket, 'close');
	count('closed');
});

scenario('Socket: a constructor that throws adds nothing', (net, recorder) => {
	const { signal } = new AbortController();
	const count = counter(recorder, signal);
	recorder.attempt('new Socket', () => new net.Socket({ signal, objectMode: true } as object));
	count('thrown');
});

scenario('Socket: refused, the listener goes', async (net, recorder) => {
	const server = await recorder.serve(net);
	server.close();
	await recorder.once(server, 'close');
	const { signal } = new AbortController();
	const count = counter(recorder, signal);
	const client = recorder.own(net.connect({ port: server.port, host: '127.0.0.1', signal }));
	client.on('error', () => {});
	count('connecting');
	await recorder.once(client, 'close');
	count('refused');
});

scenario('Socket: aborted while a name is looked up', async (net, recorder) => {
	const controller = new AbortController();
	const { signal } = controller;
	let answer: (error: null, address: string, family: number) => void = () => {};
	const lookup = (_name: string, _options: object, callback: typeof answer): void => {
		answer = callback;
	};
	const socket: Socket = Reflect.apply(net.connect, net, [
		{ port: 1, host: 'example.test', autoSelectFamily: false, lookup, signal },
	]);
	recorder.events(recorder.own(socket), ['lookup', 'connect', 'error', 'close']);
	controller.abort();
	await recorder.once(socket, 'close');
	answer(null, '127.0.0.1', 4);
	await recorder.rounds(2);
	counter(recorder, signal)('closed');
});

scenario('Socket: aborted with writes that wait: their callbacks get the error', async (net, recorder) => {
	const controller = new AbortController();
	const { client, peer, closed } = await recorder.pair(net, { client: { signal: controller.signal } });
	peer.on('error', () => {}).resume();
	recorder.events(client, ['error', 'close']);
	client.cork();
	client.write('a', (error) => recorder.log('a', error?.name));
	client.write('b', (error) => recorder.log('b', error?.name));
	controller.abort('enough');
	await closed();
});

scenario('Socket: the reason of every type', async (net, recorder) => {
	for (const reason of [undefined, null, 'text', 5, { a: 1 }, new Error('mine')]) {
		const socket = recorder.own(new net.Socket({ signal: AbortSignal.abort(reason) }));
		const [error] = await recorder.once(socket, 'error');
		recorder.log('error', error);
	}
});

scenario('Socket: AbortSignal.timeout is one like others', async (net, recorder) => {
	const signal = AbortSignal.timeout(1);
	const socket = recorder.own(new net.Socket({ signal }));
	const [error] = await recorder.once(socket, 'error');
	recorder.log('error', error instanceof Error && [error.name, Reflect.get(error, 'code'), String(error.cause)]);
	counter(recorder, signal)('closed');
});
