/** Pairs of sockets, what arrives, and what this process has open. */
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import host from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import net from '@net/node';
import type { ServerOptions } from '@net/node';

export type Socket = InstanceType<typeof net.Socket>;

export interface Pair {
	/** The server's end, of ours. */
	near: Socket;
	/** Node's own. */
	far: host.Socket;
}

/** A connection between ours and Node's own; the server is closed already. */
export async function pair(options: ServerOptions = {}): Promise<Pair> {
	const server = net.createServer(options).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const accepted = once(server, 'connection');
	const far = host.connect(portOf(server), '127.0.0.1');
	const [near] = await accepted;
	if (!(near instanceof net.Socket)) throw new Error('no socket');
	server.close();
	return { near, far };
}

/** A connection between two of Node's own. */
export async function hostPair(options: host.ServerOpts = {}): Promise<{ near: host.Socket; far: host.Socket }> {
	const server = host.createServer(options).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const accepted = once(server, 'connection');
	const far = host.connect(portOf(server), '127.0.0.1');
	const [near] = await accepted;
	if (!(near instanceof host.Socket)) throw new Error('no socket');
	server.close();
	return { near, far };
}

export function portOf(server: { address(): AddressInfo | string | object | null }): number {
	const address = server.address();
	return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}

/** All that comes until the end. */
export async function bytesOf(stream: Duplex): Promise<Buffer> {
	const chunks: Buffer[] = [];
	stream.on('data', (chunk: Buffer) => chunks.push(chunk));
	stream.resume();
	await once(stream, 'end');
	return Buffer.concat(chunks);
}

export async function gone(...streams: Duplex[]): Promise<void> {
	for (const stream of streams) {
		if (stream.closed) continue;
		const closed = once(stream, 'close');
		stream.on('error', () => {}).destroy();
		await closed;
	}
}

/** Whole rounds of the loop, so that what is being closed is closed. */
export async function rounds(count = 2): Promise<void> {
	for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

let warm = false;

/** How many sockets this process has open, when those that are being closed are; undefined where it cannot be told. */
export async function openSockets(): Promise<number | undefined> {
	if (process.platform !== 'linux') return undefined;
	// The first connection opens what serves all.
	if (!warm) {
		warm = true;
		const { near, far } = await pair();
		await gone(near, far);
	}
	await rounds(3);
	let count = 0;
	for (const fd of readdirSync('/proc/self/fd')) {
		try {
			if (readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')) count++;
		} catch {
			// It was the folder's own.
		}
	}
	return count;
}
