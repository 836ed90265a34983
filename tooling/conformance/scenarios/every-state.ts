/** Every public method of a socket in every state that a socket can be in: what it returns, changes, and makes happen. */
import type { Socket } from 'node:net';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

const calls: readonly (readonly [method: string, ...values: unknown[]])[] = [
	['address'],
	['connect', {}],
	['cork'],
	['destroy'],
	['destroySoon'],
	['end'],
	['end', 'x'],
	['getTypeOfService'],
	['isPaused'],
	['pause'],
	['read'],
	['ref'],
	['resetAndDestroy'],
	['resume'],
	['setEncoding', 'utf8'],
	['setKeepAlive', true],
	['setNoDelay'],
	['setTimeout', 0],
	['setTypeOfService', 8],
	['uncork'],
	['unref'],
	['unshift', Buffer.from('u')],
	['write', 'x'],
	['write', ''],
];

const properties = [
	...['allowHalfOpen', 'bufferSize', 'bytesRead', 'bytesWritten', 'closed', 'connecting', 'destroyed', 'pending'],
	...['readable', 'readableAborted', 'readableDidRead', 'readableEnded', 'readableLength'],
	...['readyState', 'writable', 'writableCorked', 'writableEnded', 'writableFinished', 'writableLength'],
	...['writableNeedDrain', 'localAddress', 'remoteFamily', 'timeout'],
];

/** Brings a socket into a state. */
type Maker = (socket: Socket, connect: () => void, connected: () => Promise<Socket>, recorder: Recorder) => unknown;

const states: Record<string, Maker> = {
	new: () => {},
	connecting: (_socket, connect) => connect(),
	connected: (_socket, _connect, connected) => connected(),
	'half-closed by itself': async (socket, _connect, connected, recorder) => {
		await connected();
		socket.end();
		await recorder.once(socket, 'finish');
	},
	'half-closed by its peer': async (socket, _connect, connected, recorder) => {
		const peer = await connected();
		peer.end();
		await recorder.once(socket.resume(), 'end');
	},
	closed: async (socket, _connect, connected, recorder) => {
		const peer = await connected();
		socket.allowHalfOpen = false;
		peer.resume().end();
		await recorder.once(socket.resume(), 'close');
	},
	destroyed: async (socket, _connect, connected) => {
		await connected();
		socket.destroy();
	},
	reset: async (socket, _connect, connected, recorder) => {
		const peer = await connected();
		socket.resume();
		peer.destroy(new Error('of the peer'));
		socket.destroy(new Error('enough'));
		await recorder.once(socket, 'close');
	},
};

async function make(net: Net, recorder: Recorder, unix: boolean, maker: Maker): Promise<Socket> {
	const server = recorder.own(net.createServer({ allowHalfOpen: true }, (peer) => peer.on('error', () => {})));
	server.listen(unix ? { path: recorder.path(`${pathNumber++}.sock`) } : { port: 0, host: '127.0.0.1' });
	await recorder.once(server, 'listening');
	const address = server.address();
	const target = typeof address === 'object' ? { port: address?.port ?? 0, host: '127.0.0.1' } : { path: address };
	const socket = recorder.own(new net.Socket({ allowHalfOpen: true }));
	socket.on('error', () => {});
	const connect = (): void => void socket.connect(target);
	const connected = async (): Promise<Socket> => {
		const accepted = recorder.once(server, 'connection');
		connect();
		await recorder.once(socket, 'connect');
		const [peer] = await accepted;
		await recorder.rounds(2);
		if (!(peer instanceof net.Socket)) throw new Error('no peer');
		return recorder.own(peer);
	};
	await maker(socket, connect, connected, recorder);
	server.close();
	return socket;
}

let pathNumber = 0;

for (const [state, maker] of Object.entries(states)) {
	for (const unix of [false, true]) {
		scenario(`${state}, ${unix ? 'on a Unix socket' : 'on TCP'}`, async (net, recorder) => {
			for (const [method, ...values] of calls) {
				const socket = await make(net, recorder, unix, maker);
				recorder.alias(socket, 'socket');
				const events: string[] = [];
				for (const name of ['connect', 'ready', 'end', 'finish', 'drain', 'error', 'close']) {
					socket.on(name, (value: unknown) => {
						events.push(value instanceof Error ? `${name} ${String(Reflect.get(value, 'code'))}` : name);
					});
				}
				const local = socket.localPort;
				if (local !== undefined) recorder.alias(local, 'local port');
				recorder.attempt(`${method} ${recorder.names.show(values)}`, () => invoke(socket, method, values));
				// Of a destroyed stream it is the host's.
				const flowing = socket.destroyed ? 'destroyed' : socket.readableFlowing;
				recorder.log('then', flowing, ...properties.map((name) => [name, Reflect.get(socket, name)]));
				await recorder.rounds(6);
				recorder.log('events', events);
				socket.destroy();
			}
		});
	}
}
