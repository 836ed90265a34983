/** A program in TypeScript whose import was changed. Compiled, not run; what must not compile says so. */
import net from '@net/node';
import type * as named from '@net/node';
import type * as node from 'node:net';
import type { Duplex } from 'node:stream';

// What takes Node's takes ours.
export const duplex: Duplex = new net.Socket();
export const readable: NodeJS.ReadableStream = new net.Socket();
export const both: NodeJS.ReadWriteStream = new net.Socket();
export const socket: node.Socket = new net.Socket();
export const server: node.Server = new net.Server();
export const address: node.SocketAddress = new net.SocketAddress();

// Ours takes what was declared for Node's.
declare const given: {
	connect: node.SocketConnectOpts;
	tcp: node.TcpSocketConnectOpts;
	listen: node.ListenOptions;
	server: Omit<node.ServerOpts, 'blockList'>;
	onread: node.OnReadOpts;
	keepAlive: node.SetKeepAliveOptions;
	bound: node.BoundSocketOptions;
	address: node.SocketAddressInitOptions;
};
net.connect(given.connect).setKeepAlive(given.keepAlive);
new net.Socket({ onread: given.onread }).connect(given.tcp);
net.createServer(given.server, (peer) => peer.end()).listen(given.listen);
export const values = [new net.BoundSocket(given.bound), new net.SocketAddress(given.address)];

// Types by every way to import.
export function use(one: net.Socket, other: named.Socket, options: net.NetConnectOpts): net.AddressInfo | undefined {
	const local: named.AddressInfo | string | null = net.createServer().address();
	one.connect(options);
	return one === other || local === null || typeof local === 'string' ? undefined : local;
}
export class Own extends net.Socket {
	constructor(options?: net.SocketConstructorOpts) {
		super({ ...options, allowHalfOpen: true });
	}
}

// Listeners know what they are given.
net
	.createServer((peer) => peer.setTimeout(1000))
	.on('connection', (peer) => peer.destroySoon())
	.on('drop', (dropped) => dropped?.remotePort?.toFixed())
	.once('error', (error) => error.message);
new Own()
	.on('close', (hadError) => hadError === true)
	.on('data', (chunk) => chunk.length)
	.on('data', (chunk: Buffer) => chunk.readUInt8())
	.on('connectionAttemptFailed', (host, port, family, error) => [host.trim(), port + family, error.message])
	.on('an event of its own', (one, two) => [one, two]);
// @ts-expect-error: a flag is no number.
new net.Socket().on('close', (hadError) => hadError.toFixed());
// @ts-expect-error: a port is no flag.
net.connect({ port: true });
