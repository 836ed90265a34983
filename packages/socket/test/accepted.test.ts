import { once } from 'node:events';
import net from 'node:net';

import { Listener, currentDriver } from '@net/loop';
import type { Handle } from '@net/loop';
import { Acceptance, Socket } from '@net/socket';
import type { AcceptanceOptions } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { textOf } from './support/peer.ts';

const accepted = suite('Acceptance');

accepted('makes sockets of accepted handles, with what a server wants of them', async () => {
	const { client, close, socket } = await accept({ allowHalfOpen: true, highWaterMark: 4321 });
	assert.instance(socket, Socket);
	assert.is(socket.constructor, Socket);
	assert.is(socket.readyState, 'open');
	assert.is(socket.allowHalfOpen, true);
	assert.is(socket.readableHighWaterMark, 4321);
	assert.is(socket.writableHighWaterMark, 4321);
	assert.is(socket.remotePort, client.localPort);
	client.end('question');
	assert.is(await textOf(socket.setEncoding('utf8')), 'question');
	await close();
});

accepted('a paused one reads nothing until resume()', async () => {
	const { client, close, socket } = await accept({ pauseOnConnect: true });
	let text = '';
	socket.on('data', (chunk) => (text += chunk));
	client.end('hello');
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(socket.isPaused(), true);
	assert.is(text, '');
	socket.resume();
	await once(socket, 'end');
	assert.is(text, 'hello');
	await close();
});

accepted('looks like one that was made of the handle in the long way', async () => {
	const short = await accept({});
	const long = await accept({}, (handle) => new Socket({ handle, readable: true, writable: true }));
	const keys = (socket: Socket): string[] => Reflect.ownKeys(socket).map(String).sort();
	assert.equal(keys(short.socket), keys(long.socket));
	await short.close();
	await long.close();
});

interface Accepted {
	client: net.Socket;
	socket: Socket;
	close: () => Promise<void>;
}

async function accept(options: Partial<AcceptanceOptions>, make?: (handle: Handle) => Socket): Promise<Accepted> {
	const driver = currentDriver();
	const whole = { allowHalfOpen: false, pauseOnConnect: false, highWaterMark: 16_384, pipe: false, ...options };
	const acceptance = new Acceptance(whole);
	let told: (socket: Socket) => void = () => {};
	const socketMade = new Promise<Socket>((resolve) => (told = resolve));
	const closed = { listener: () => {} };
	const events = {
		listen: () => {},
		accept: (_listener: Listener, handle: Handle) => told(make?.(handle) ?? acceptance.accept(handle)),
		error: () => {},
		close: () => closed.listener(),
	};
	const listener = new Listener(driver, events, whole.pauseOnConnect);
	// Without an address, for drivers that look an address up to answer.
	assert.is(driver.listenTcp(listener, undefined, 0, 16, 0), 0);
	const client = net.connect(Object(listener.local).port, '127.0.0.1');
	client.on('error', () => {});
	const socket = await socketMade;
	return {
		client,
		socket,
		async close() {
			client.destroy();
			socket.on('error', () => {}).destroy();
			const gone = new Promise<void>((resolve) => (closed.listener = resolve));
			listener.close();
			await gone;
		},
	};
}

accepted.run();
