/** `net.Server`: an EventEmitter over a listener. Each group of members has its file; this one shows what there is. */
import { EventEmitter } from 'node:events';
import { getDefaultHighWaterMark } from 'node:stream';

import type { ListenOptions } from '@net/address';
import { ERR_INVALID_ARG_TYPE, ERR_SERVER_NOT_RUNNING, validateNumber } from '@net/errors';
import type { AddressInfo, Listener } from '@net/loop';
import { callable } from '@net/socket';
import type { AddressCheck, Emitting, Socket } from '@net/socket';

import { Connections } from './connections.ts';
import { startListening } from './listen.ts';

/** Options of `new Server()`; they hold for the sockets that it accepts. */
export interface ServerOptions {
	/** Whether a socket's writable side stays open when its peer ends. Default: false. */
	allowHalfOpen?: boolean | undefined;
	/** Leaves accepted sockets paused: nothing is read until `resume()`. Default: false. */
	pauseOnConnect?: boolean | undefined;
	/** Switches Nagle's algorithm off. Default: false. */
	noDelay?: boolean | undefined;
	/** Has the kernel probe connections over which nothing goes. Default: false. */
	keepAlive?: boolean | undefined;
	/** Milliseconds until the first keep-alive probe; 0 leaves the system's. Default: 0. */
	keepAliveInitialDelay?: number | undefined;
	/** Of both sides of the sockets' streams, in bytes. Default: Node's for streams. */
	highWaterMark?: number | undefined;
	/** Connections from these addresses are closed before a socket is made of them. */
	blockList?: AddressCheck | undefined;
}

/** Is given the socket of each connection. */
export type ConnectionListener = (socket: Socket) => void;

/** What `'drop'` tells of a TCP connection that was one too many. */
export interface DropArgument {
	/** In numbers, of this end; what the kernel does not know any more is absent, here and below. */
	localAddress?: string;
	/** The port that the server listens on. */
	localPort?: number;
	/** `IPv4` or `IPv6`. */
	localFamily?: string;
	/** In numbers; `::ffff:a.b.c.d` of IPv4 on a server that listens on `::`. */
	remoteAddress?: string;
	/** The peer's own. */
	remotePort?: number;
	/** `IPv4` or `IPv6`, as the address is written. */
	remoteFamily?: string;
}

/** The arguments of a listener, by event. Node: net.Server. */
export interface ServerEvents {
	/** It does not listen any more, and all of its connections are closed. */
	close: [];
	/** Of a connection that was accepted. */
	connection: [socket: Socket];
	/** Undefined where it was not a TCP connection. */
	drop: [connection?: DropArgument];
	/** What went wrong, which mostly is that it cannot listen: `code` tells why. */
	error: [error: Error];
	/** It listens; `address()` says where. */
	listening: [];
}

/** An EventEmitter that says what its listeners are given. */
const Emitter: new () => Emitting<ServerEvents> & EventEmitter = EventEmitter;

/** What `Server` documents, in a class that cannot be called without `new`. */
class ServerBody extends Emitter {
	/** As the option; what holds for sockets that are accepted from now on, as those below. */
	declare allowHalfOpen: boolean;
	/** As the option. */
	declare pauseOnConnect: boolean;
	/** As the option. */
	declare noDelay: boolean;
	/** As the option. */
	declare keepAlive: boolean;
	/** In seconds, other than the option. */
	declare keepAliveInitialDelay: number;
	/** As the option. */
	declare highWaterMark: number;
	/** More connections than these are dropped: closed at once, told by 'drop'. Undefined, as at first: no limit. */
	declare maxConnections: number;
	/** In a cluster: drop connections above the limit, instead of giving them to another worker. */
	declare dropMaxConnection?: boolean;
	/** As the option. */
	declare blockList?: AddressCheck;
	/** @deprecated Undefined, as on Node, whose types still have it: use `getConnections`. */
	declare connections: number;

	// What Node shows under an underscore, and programs look at.
	declare _connections: number;
	declare _handle: Listener | null;
	declare _usingWorkers: boolean;
	declare _workers: unknown[];
	declare _unref: boolean;
	declare _listeningId: number;
	declare _pipeName?: string;
	declare _connectionKey?: string;

	/**
	 * Listens; 'listening' follows, or 'error'. `listener` is added once for 'listening'.
	 * Without a host it listens on `::`, for IPv4 as well, or on `0.0.0.0` where there is no IPv6.
	 * @param backlog - length of the kernel's queue of connections; default 511.
	 * @throws ERR_SERVER_ALREADY_LISTEN, ERR_SOCKET_BAD_PORT, ERR_INVALID_ARG_VALUE. Node: server.listen (v0.1.90).
	 */
	listen(port?: number, host?: string, backlog?: number, listener?: () => void): this;
	listen(port?: number, host?: string, listener?: () => void): this;
	listen(port?: number, backlog?: number, listener?: () => void): this;
	listen(port?: number, listener?: () => void): this;
	listen(path: string, backlog?: number, listener?: () => void): this;
	listen(path: string, listener?: () => void): this;
	listen(options: ListenOptions, listener?: () => void): this;
	listen(handle: object, backlog?: number, listener?: () => void): this;
	listen(handle: object, listener?: () => void): this;
	listen(...args: unknown[]): this {
		startListening(this, args);
		return this;
	}

	/** Whether it listens; it does a moment before 'listening' tells, and does not from `close` on. */
	get listening(): boolean {
		return Boolean(this._handle);
	}

	/** `{ address, family, port }`, the path, or null while it does not listen. */
	address(): AddressInfo | string | null {
		const local = this._handle?.local;
		if (typeof local === 'object') return { address: local.address, family: local.family, port: local.port };
		return this._pipeName ?? null;
	}

	/** Counts the open connections; `callback(error, count)` in the next tick. Node: v0.9.7. */
	getConnections(callback: (error: Error | null, count: number) => void): this {
		process.nextTick(callback, null, this._connections);
		return this;
	}

	/**
	 * Stops to accept; connections stay. 'close' follows when the last of them is closed.
	 * @param callback - called at 'close', with ERR_SERVER_NOT_RUNNING where it did not listen.
	 */
	close(callback?: (error?: Error) => void): this {
		this._listeningId++;
		if (typeof callback === 'function') {
			if (this._handle) this.once('close', callback);
			else this.once('close', () => callback(new ERR_SERVER_NOT_RUNNING()));
		}
		this._handle?.close();
		this._handle = null;
		this._emitCloseIfDrained();
		return this;
	}

	/** Closes and waits for 'close'; does nothing where it does not listen. */
	async [Symbol.asyncDispose](): Promise<void> {
		if (!this._handle) return;
		await new Promise<void>((resolve, reject) => this.close((error) => (error ? reject(error) : resolve())));
	}

	/**
	 * The connections from now on, one after another, until the server has closed: `for await (const socket of server)`.
	 * Those that wait for the loop are open, and not read from. Leaving the loop closes them, and not the server.
	 */
	[Symbol.asyncIterator](): AsyncIterableIterator<Socket, undefined, void> {
		return new Connections(this);
	}

	/** Keeps the process running while the server listens: the default. */
	ref(): this {
		this._unref = false;
		this._handle?.ref();
		return this;
	}

	/** Lets the process end though the server listens. */
	unref(): this {
		this._unref = true;
		this._handle?.unref();
		return this;
	}

	/** Called by each socket that closes, too. */
	_emitCloseIfDrained(): void {
		if (this._handle || this._connections !== 0) return;
		process.nextTick(emitClose, this);
	}
}

/** Callable with and without `new`, and on a `this` that inherits from `Server.prototype`. */
export interface ServerConstructor {
	new (options?: ServerOptions | null, connectionListener?: ConnectionListener): Server;
	new (connectionListener: ConnectionListener): Server;
	(options?: ServerOptions | null, connectionListener?: ConnectionListener): Server;
	(connectionListener: ConnectionListener): Server;
	/** What all servers inherit from; replacing a method here changes those that listen, too. */
	readonly prototype: Server;
}

export interface Server extends ServerBody {}
/**
 * Listens on a port or a path and emits 'connection' with a socket for each client. Node: net.Server (v0.1.90).
 *
 * Events: 'listening', 'connection' (socket), 'error' (error), 'drop' ({@link DropArgument}), 'close'.
 * @class
 */
export const Server: ServerConstructor = callable(
	ServerBody,
	function Server(
		this: unknown,
		options?: ServerOptions | ConnectionListener | null,
		connectionListener?: ConnectionListener,
	): unknown {
		if (!(this instanceof ServerBody)) return construct(options, connectionListener);
		initialize(this, options, connectionListener);
		return undefined;
	},
	[],
);

// An async 'connection' listener that fails costs its socket, any other the server an 'error'. Only with `captureRejections`.
Object.defineProperty(Server.prototype, EventEmitter.captureRejectionSymbol, {
	configurable: true,
	enumerable: true,
	writable: true,
	value(this: Server, error: Error, event: string | symbol, socket: Socket): void {
		if (event === 'connection') socket.destroy(error);
		else this.emit('error', error);
	},
});

/** Makes a server. Node: net.createServer (v0.5.0). */
export function createServer(options?: ServerOptions | null, connectionListener?: ConnectionListener): Server;
export function createServer(connectionListener: ConnectionListener): Server;
export function createServer(
	options?: ServerOptions | ConnectionListener | null,
	connectionListener?: ConnectionListener,
): Server {
	return construct(options, connectionListener);
}

function construct(
	options: ServerOptions | ConnectionListener | null | undefined,
	connectionListener: ConnectionListener | undefined,
): Server {
	return typeof options === 'function' ? new Server(options) : new Server(options, connectionListener);
}

function initialize(
	server: Server,
	given: ServerOptions | ConnectionListener | null | undefined,
	connectionListener: ConnectionListener | undefined,
): void {
	EventEmitter.call(server);
	const listener = typeof given === 'function' ? given : connectionListener;
	if (typeof given !== 'function' && typeof given !== 'object' && given !== undefined) {
		throw new ERR_INVALID_ARG_TYPE('options', 'Object', given);
	}
	if (typeof listener === 'function') server.on('connection', listener);
	const options = typeof given === 'function' ? {} : { ...given };
	checkOptions(options);
	server._connections = 0;
	server._handle = null;
	server._usingWorkers = false;
	server._workers = [];
	server._unref = false;
	server._listeningId = 1;
	server.allowHalfOpen = options.allowHalfOpen || false;
	server.pauseOnConnect = Boolean(options.pauseOnConnect);
	server.noDelay = Boolean(options.noDelay);
	server.keepAlive = Boolean(options.keepAlive);
	server.keepAliveInitialDelay = ~~(Math.max(options.keepAliveInitialDelay ?? 0, 0) / 1000);
	const mark = options.highWaterMark;
	server.highWaterMark = mark === undefined || mark < 0 ? getDefaultHighWaterMark(false) : mark;
	if (options.blockList) server.blockList = options.blockList;
}

function checkOptions({ blockList, highWaterMark, keepAliveInitialDelay }: ServerOptions): void {
	if (keepAliveInitialDelay !== undefined) validateNumber(keepAliveInitialDelay, 'options.keepAliveInitialDelay');
	if (highWaterMark !== undefined) validateNumber(highWaterMark, 'options.highWaterMark');
	if (blockList && typeof blockList.check !== 'function') {
		throw new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', blockList);
	}
}

function emitClose(server: Server): void {
	server.emit('close');
}
