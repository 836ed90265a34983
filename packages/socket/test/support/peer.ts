/** The other side of a test: Node's own server, so that ours is not its own judge. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Socket, connect } from '@net/socket';

export interface Peer {
	port: number;
	path: string;
	/** The next socket that it accepts. */
	accepted: Promise<net.Socket>;
	close: () => Promise<void>;
}

/** Listens on 127.0.0.1, or with `unix` in a folder of its own. */
export async function startPeer({ unix = false, allowHalfOpen = false } = {}): Promise<Peer> {
	const folder = unix ? mkdtempSync(join(tmpdir(), 'net-socket-')) : '';
	const path = join(folder, 'peer.sock');
	const sockets = new Set<net.Socket>();
	const server = net.createServer({ allowHalfOpen }, (socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
	});
	const accepted = once(server, 'connection').then(([socket]) => socket);
	if (unix) server.listen(path);
	else server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		port: typeof address === 'object' && address !== null ? address.port : 0,
		path,
		accepted,
		async close() {
			for (const socket of sockets) socket.destroy();
			const closed = once(server, 'close');
			server.close();
			await closed;
			if (folder !== '') rmSync(folder, { recursive: true });
		},
	};
}

export interface Pair {
	socket: Socket;
	peer: net.Socket;
	/** Destroys both ends and waits until all is closed. */
	done: () => Promise<void>;
}

/** One of our sockets, connected to one of Node's. */
export async function connectedPair(options: { unix?: boolean; allowHalfOpen?: boolean } = {}): Promise<Pair> {
	const { unix = false, allowHalfOpen = false } = options;
	const server = await startPeer({ unix, allowHalfOpen: true });
	const socket = connect({
		allowHalfOpen,
		...(unix ? { path: server.path } : { port: server.port, host: '127.0.0.1' }),
	});
	const closed = new Promise((resolve) => socket.once('close', resolve));
	const [peer] = await Promise.all([server.accepted, once(socket, 'connect')]);
	return {
		socket,
		peer,
		async done() {
			socket.destroy();
			await closed;
			await server.close();
		},
	};
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
	const server = await startPeer();
	await server.close();
	return server.port;
}

/** All that a stream gives, as text. */
export async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
	let text = '';
	for await (const chunk of stream) text += String(chunk);
	return text;
}
