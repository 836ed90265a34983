/**
 * Attempts that take too long. Nobody answers on a port whose queue of connections is full: a worker listens with the shortest
 * queue there is, fills it, and never accepts.
 */
import type { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

interface Silence {
	readonly port: number;
	readonly end: () => Promise<void>;
}

/** A port of 127.0.0.1 on which a connection is neither accepted nor refused. */
async function silence(recorder: Recorder): Promise<Silence> {
	const worker = new Worker(
		`const { parentPort } = require('node:worker_threads');
		const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
			parentPort.postMessage(server.address().port);
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
		});`,
		{ eval: true },
	);
	const [port] = await recorder.once(worker, 'message');
	recorder.alias(port, 'silent port');
	// The queue takes one more than its length.
	const { connect } = await import('node:net');
	const fillers: Socket[] = [];
	for (let i = 0; i < 2; i++) {
		const filler = connect(Number(port), '127.0.0.1');
		fillers.push(filler.on('error', () => {}));
		await recorder.once(filler, 'connect');
	}
	return {
		port: Number(port),
		async end() {
			for (const filler of fillers) filler.destroy();
			await worker.terminate();
		},
	};
}

type Callback = (error: null, addresses: { address: string; family: number }[]) => void;

/** Connects to a name of these addresses; every event is recorded. */
function connectTo(net: Net, recorder: Recorder, port: number, addresses: string[], options: object = {}): Socket {
	const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
	const lookup = (_name: string, _options: object, callback: Callback): void =>
		process.nextTick(callback, null, answers);
	const all = {
		port,
		host: 'example.test',
		lookup,
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: 50,
		...options,
	};
	const socket: Socket = Reflect.apply(net.connect, net, [all]);
	const names = [
		'connectionAttempt',
		'connectionAttemptTimeout',
		'connectionAttemptFailed',
		'connect',
		'error',
		'close',
	];
	recorder.events(recorder.own(socket), names);
	return socket;
}

scenario('an attempt that times out: the next one refuses, and all errors are told', async (net, recorder) => {
	const silent = await silence(recorder);
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1', '::1']);
	await recorder.once(socket, 'close');
	recorder.log('attempted', Reflect.get(socket, 'autoSelectFamilyAttemptedAddresses'));
	await silent.end();
});

scenario('an attempt that times out: the next one connects', async (net, recorder) => {
	const silent = await silence(recorder);
	const server = recorder.own(net.createServer((peer) => peer.end('in time')));
	server.listen({ port: silent.port, host: '127.0.0.2' });
	await recorder.once(server, 'listening');
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1', '127.0.0.2']);
	recorder.log('text', await recorder.text(socket));
	recorder.log('attempted', Reflect.get(socket, 'autoSelectFamilyAttemptedAddresses'));
	recorder.log('remote', socket.remoteAddress);
	await silent.end();
});

scenario('destroyed in the listener of the timeout: no further attempt', async (net, recorder) => {
	const silent = await silence(recorder);
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1', '::1']);
	socket.on('connectionAttemptTimeout', () => socket.destroy());
	await recorder.once(socket, 'close');
	await recorder.rounds(3);
	await silent.end();
});

scenario('one address alone has no time limit but setTimeout', async (net, recorder) => {
	const silent = await silence(recorder);
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1']);
	socket.setTimeout(200, () => {
		recorder.log('timeout', socket.connecting);
		socket.destroy();
	});
	await recorder.once(socket, 'close');
	await silent.end();
});

scenario('the option timeout of connect while nobody answers', async (net, recorder) => {
	const silent = await silence(recorder);
	const socket = recorder.own(net.connect({ port: silent.port, host: '127.0.0.1', timeout: 100 }));
	recorder.events(socket, ['timeout', 'error', 'close']);
	await recorder.once(socket, 'timeout');
	recorder.log('state', socket.connecting, socket.timeout);
	socket.destroy();
	await recorder.once(socket, 'close');
	await silent.end();
});

scenario('aborted while nobody answers', async (net, recorder) => {
	const silent = await silence(recorder);
	const controller = new AbortController();
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1', '::1'], { signal: controller.signal });
	socket.on('connectionAttempt', () => setImmediate(() => controller.abort()));
	await recorder.once(socket, 'close');
	await silent.end();
});

scenario(
	'destroyed while the first of two does not answer: that attempt is told as canceled',
	async (net, recorder) => {
		const silent = await silence(recorder);
		for (const error of [undefined, new Error('enough')]) {
			const socket = connectTo(net, recorder, silent.port, ['127.0.0.1', '::1'], {
				autoSelectFamilyAttemptTimeout: 5000,
			});
			await recorder.once(socket, 'connectionAttempt');
			setImmediate(() => socket.destroy(error));
			await recorder.once(socket, 'close');
			recorder.log('attempted', Reflect.get(socket, 'autoSelectFamilyAttemptedAddresses'));
		}
		await silent.end();
	},
);

scenario('destroyed with writes that wait for the connection', async (net, recorder) => {
	const silent = await silence(recorder);
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1']);
	socket.write('waits', (error) => recorder.log('first', error));
	socket.write('as well', (error) => recorder.log('second', error));
	socket.on('connectionAttempt', () => setImmediate(() => socket.destroy()));
	await recorder.once(socket, 'close');
	await recorder.rounds(1);
	await silent.end();
});

scenario('reset while nobody answers: nothing happens until it is connected', async (net, recorder) => {
	const silent = await silence(recorder);
	const socket = connectTo(net, recorder, silent.port, ['127.0.0.1']);
	await recorder.once(socket, 'connectionAttempt');
	recorder.attempt('resetAndDestroy', () => socket.resetAndDestroy() === socket);
	await recorder.rounds(3);
	recorder.log('state', socket.connecting, socket.destroyed, socket.listenerCount('connect'));
	socket.destroy();
	await recorder.once(socket, 'close');
	await silent.end();
});
