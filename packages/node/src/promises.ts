/** `net/promises`: connections and servers as promises. */
import type { ListenOptions } from '@net/address';
import { AbortError, ERR_SOCKET_CLOSED_BEFORE_CONNECTION } from '@net/errors';
import { Server } from '@net/server';
import type { ConnectionListener, ServerOptions } from '@net/server';
import { connect as connectSocket } from '@net/socket';
import type { CreateConnectionOptions, Socket } from '@net/socket';

/**
 * Connects as `net.connect` does.
 * @returns the socket when it is connected; rejects with what it would have emitted as 'error', an abort of `signal` included.
 * @throws nothing: what is wrong with the arguments rejects, too.
 */
export function connect(options: CreateConnectionOptions): Promise<Socket>;
export function connect(port: number | string, host?: string): Promise<Socket>;
export function connect(path: string): Promise<Socket>;
export async function connect(...args: unknown[]): Promise<Socket> {
	const socket: Socket = Reflect.apply(connectSocket, undefined, args);
	await new Promise<void>((resolve, reject) => {
		const done = (settle: () => void): void => {
			socket.off('connect', onConnect).off('error', onError).off('close', onClose);
			settle();
		};
		const onConnect = (): void => done(resolve);
		const onError = (error: Error): void => done(() => reject(error));
		const onClose = (): void => done(() => reject(new ERR_SOCKET_CLOSED_BEFORE_CONNECTION()));
		socket.on('connect', onConnect).on('error', onError).on('close', onClose);
	});
	return socket;
}

/**
 * Makes a server that listens as `server.listen` says; `options` may have those of `createServer` as well.
 * @param connectionListener - for 'connection'; or loop over the server, which gets what comes from
 *   then on: `for await (const socket of server)`.
 * @returns the server when it listens; rejects with what it would have emitted as 'error', or, when `signal` is aborted before
 *   that, with an AbortError. Later the signal closes it.
 */
export function listen(
	options: ListenOptions & ServerOptions,
	connectionListener?: ConnectionListener,
): Promise<Server>;
export function listen(
	port?: number,
	host?: string,
	backlog?: number,
	connectionListener?: ConnectionListener,
): Promise<Server>;
export function listen(port: number, host: string, connectionListener: ConnectionListener): Promise<Server>;
export function listen(port: number, connectionListener: ConnectionListener): Promise<Server>;
export function listen(path: string, connectionListener?: ConnectionListener): Promise<Server>;
export async function listen(...args: unknown[]): Promise<Server> {
	const last = args.at(-1);
	const listener = isListener(last) ? last : undefined;
	const where = listener === undefined ? args : args.slice(0, -1);
	const options = isOptions(where[0]) ? where[0] : {};
	const { signal } = options;
	if (signal?.aborted === true) throw new AbortError(undefined, { cause: signal.reason });
	const server = new Server(options, listener);
	await new Promise<void>((resolve, reject) => {
		const onClose = (): void => done(() => reject(new AbortError(undefined, { cause: signal?.reason })));
		const onError = (error: Error): void => done(() => reject(error));
		const onListening = (): void => done(resolve);
		const done = (settle: () => void): void => {
			server.off('listening', onListening).off('error', onError).off('close', onClose);
			settle();
		};
		server.on('listening', onListening).on('error', onError).on('close', onClose);
		Reflect.apply(server.listen, server, where);
	});
	return server;
}

function isListener(value: unknown): value is ConnectionListener {
	return typeof value === 'function';
}

function isOptions(value: unknown): value is ListenOptions & ServerOptions {
	return typeof value === 'object' && value !== null;
}

/** What `require('net/promises')` would be. */
const promises: { connect: typeof connect; listen: typeof listen } = { connect, listen };
export { promises as default, promises as 'module.exports' };
