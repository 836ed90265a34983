/** `net.Socket`: a Duplex over a handle. Each group of members has its file; this one shows what there is. */
import type { Server as NodeServer } from 'node:net';
import { Duplex } from 'node:stream';

import type { ConnectOptions } from '@net/address';
import { parseConnectArguments } from '@net/address';
import { ERR_INVALID_HANDLE_TYPE, ERR_SOCKET_CLOSED } from '@net/errors';
import type { AddressInfo } from '@net/loop';

import { callable } from './callable.ts';
import { startConnecting } from './connect/start.ts';
import type { Emitting, SocketEvents } from './events.ts';
import { Accepted, attachAccepted } from './accepted.ts';
import { destroySocket, peerName, socketName } from './handle.ts';
import { givenOptions, initialize, streamOptions } from './initialize.ts';
import type { AddressCheck, SocketOptions } from './options.ts';
import { startReading, startUserReading, stopUserReading } from './read.ts';
import { setKeepAlive, setNoDelay, setTypeOfService, typeOfService } from './settings.ts';
import type { KeepAliveOptions } from './settings.ts';
import { SocketState, kState } from './state.ts';
import type { Answer } from './state.ts';
import { expired, setIdleTimeout, touch } from './timeout.ts';
import { countWritten, finishWriting, whenAnswered, writeMany, writeOne } from './write.ts';
import type { BufferedWrite } from './write.ts';

/** The server that accepted a socket, as far as the socket needs it. */
export interface SocketServer {
	_connections: number;
	_emitCloseIfDrained?: () => void;
}

/** A Duplex that says what its listeners are given. */
const Emitter: new () => Emitting<SocketEvents> & Duplex = Duplex;

// Beside the class: its state, for a declaration file cannot have it inside.
interface SocketBody {
	/** @internal */
	[kState]: SocketState;
}

/** What `Socket` documents, in a class that cannot be called without `new`. */
class SocketBody extends Emitter {
	/** True between `connect()` and 'connect' or the failure. */
	declare connecting: boolean;
	/** What `setTimeout` was given, in milliseconds; undefined: never called. */
	declare timeout?: number;
	/** `address:port` of each address that was tried, in order; undefined unless a name had several. */
	declare autoSelectFamilyAttemptedAddresses: string[];
	/** The server that accepted this socket; null on client sockets. */
	declare server: NodeServer | null;
	declare allowHalfOpen: boolean;
	/** As the option: addresses that are not connected to. */
	declare blockList?: AddressCheck;

	// What Node shows under an underscore, and programs look at.
	declare _hadError: boolean;
	declare _parent: unknown;
	declare _host: string | null;
	declare _server: SocketServer | null;
	declare _sockname: Partial<AddressInfo> | null | undefined;
	declare _peername: Partial<AddressInfo> | null | undefined;
	declare _pendingData: Uint8Array | string | BufferedWrite[] | null;
	declare _pendingEncoding: BufferEncoding | '';
	declare _closeAfterHandlingError: boolean;
	declare _aborted?: boolean;
	/** Whether `resetAndDestroy` was called. */
	declare resetAndClosing?: boolean;
	/** Chunks that wait in the stream itself, which are not all that is unsent: `writableLength` is. */
	declare readonly writableBuffer: BufferedWrite[] | undefined;

	// ── Connecting.

	/**
	 * Connects to a host's port or a path. 'connect' follows, or 'error'; `listener` is added once for 'connect'.
	 * @throws ERR_MISSING_ARGS, ERR_SOCKET_BAD_PORT, ERR_INVALID_ARG_TYPE, ERR_INVALID_IP_ADDRESS. Node: socket.connect (v0.1.90).
	 */
	connect(options: ConnectOptions, listener?: () => void): this;
	connect(port: number | string, host: string, listener?: () => void): this;
	connect(portOrPath: number | string, listener?: () => void): this;
	connect(...args: unknown[]): this {
		const { options, listener } = parseConnectArguments(args);
		startConnecting(this, options, listener);
		return this;
	}

	/** True while there is no connection: before `connect()`, while it is under way, and after the end. */
	get pending(): boolean {
		return this[kState].handle === null || this.connecting;
	}

	/** `opening`, `open`, `readOnly`, `writeOnly` or `closed`. */
	get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
		if (this.connecting) return 'opening';
		if (this.readable) return this.writable ? 'open' : 'readOnly';
		return this.writable ? 'writeOnly' : 'closed';
	}

	// ── Writing.

	/**
	 * Writes. The bytes leave at the end of the turn, with all else that this socket wrote in it.
	 * @param callback - called when the kernel has taken the bytes, or with the error.
	 * @returns false when the stream's buffer is full: better wait for 'drain'.
	 */
	override write(chunk: unknown, callback?: (error: Error | null | undefined) => void): boolean;
	override write(
		chunk: unknown,
		encoding?: BufferEncoding | null,
		callback?: (error: Error | null | undefined) => void,
	): boolean;
	override write(chunk: unknown, encoding?: BufferEncoding | Answer | null, callback?: Answer): boolean {
		if (typeof encoding === 'function') return write.call(this, chunk, null, whenAnswered(this, chunk, encoding));
		if (typeof callback === 'function') return write.call(this, chunk, encoding, whenAnswered(this, chunk, callback));
		return write.call(this, chunk, encoding);
	}

	/** Hands what was written to the kernel now: for those who block the thread next (`execSync`, `Atomics.wait`). */
	flush(): void {
		this[kState].handle?.flush();
	}

	/** Half-closes behind what was written; the peer sees the end. */
	override end(callback?: () => void): this;
	override end(chunk: unknown, callback?: () => void): this;
	override end(chunk: unknown, encoding?: BufferEncoding, callback?: () => void): this;
	override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
		end.call(this, chunk, encoding, callback);
		return this;
	}

	/** Bytes given to `write`, sent or not. */
	get bytesWritten(): number {
		return countWritten(this);
	}

	get _bytesDispatched(): number {
		const { handle, last } = this[kState];
		return (handle ?? last)?.bytesWritten ?? 0;
	}

	/** Bytes that wait to be written; undefined without a handle. Deprecated by Node: use `writableLength`. */
	get bufferSize(): number {
		// A number for the types, as Node's say, or no socket of ours were one of theirs.
		return (this[kState].handle === null ? undefined : this.writableLength) as number;
	}

	// ── Reading.

	override pause(): this {
		stopUserReading(this);
		return super.pause();
	}

	override resume(): this {
		startUserReading(this);
		return super.resume();
	}

	override read(size?: number): ReturnType<Duplex['read']> {
		startUserReading(this);
		return super.read(size);
	}

	/** Bytes received. */
	get bytesRead(): number {
		const { handle, last, userBuffer: user } = this[kState];
		return handle === null ? (last?.bytesRead ?? 0) : handle.bytesRead - (user?.rest?.length ?? 0);
	}

	// ── Closing.

	/** Ends the writable side and destroys the socket when all has been written. */
	destroySoon(): void {
		if (this.writable) this.end();
		if (this.writableFinished) this.destroy();
		else this.once('finish', this.destroy);
	}

	/**
	 * Closes a TCP connection by RST and destroys the socket; while it connects, once it is connected; without a
	 * connection it destroys with ERR_SOCKET_CLOSED.
	 * @throws ERR_INVALID_HANDLE_TYPE on a Unix socket. Node: socket.resetAndDestroy (v18.3.0).
	 */
	resetAndDestroy(): this {
		const { handle, pipe } = this[kState];
		if (handle === null) {
			this.destroy(new ERR_SOCKET_CLOSED());
			return this;
		}
		if (pipe) throw new ERR_INVALID_HANDLE_TYPE();
		if (this.connecting) this.once('connect', () => this._reset());
		else this._reset();
		return this;
	}

	// ── Settings.

	/**
	 * Emits 'timeout' after `timeout` ms without traffic; never closes the socket by itself.
	 * @param timeout - milliseconds, 0 switches it off.
	 * @param callback - added once for 'timeout'; with 0, removed.
	 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE. Node: socket.setTimeout (v0.1.90).
	 */
	setTimeout(timeout: number, callback?: () => void): this {
		setIdleTimeout(this, timeout, callback);
		return this;
	}

	/** Switches Nagle's algorithm off, or on again; remembered until there is a connection. Node: v0.1.90. */
	setNoDelay(noDelay?: boolean): this {
		setNoDelay(this[kState], noDelay === undefined || Boolean(noDelay));
		return this;
	}

	/**
	 * Switches TCP keep-alive on or off; remembered until there is a connection. Node: v0.1.92.
	 * @param options - as the arguments of the other form.
	 */
	setKeepAlive(options: KeepAliveOptions): this;
	/**
	 * @param enable - default: off.
	 * @param initialDelay - milliseconds until the first probe, whole seconds count; 0 leaves the system's.
	 * @param interval - milliseconds between probes.
	 * @param count - unanswered probes until the connection is given up.
	 */
	setKeepAlive(enable?: boolean, initialDelay?: number, interval?: number, count?: number): this;
	setKeepAlive(enable?: boolean | KeepAliveOptions, initialDelay?: number, interval?: number, count?: number): this {
		setKeepAlive(this[kState], enable, initialDelay, interval, count);
		return this;
	}

	/** Sets the IP header's type of service. @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE outside 0–255. */
	setTypeOfService(tos: number): this {
		setTypeOfService(this[kState], tos);
		return this;
	}

	/** The byte of IPv4, or the traffic class of IPv6, as set or as the kernel has it. */
	getTypeOfService(): number {
		return typeOfService(this[kState]);
	}

	/** Keeps the process running while the socket is open: the default. */
	ref(): this {
		const { handle } = this[kState];
		if (handle === null) this.once('connect', this.ref);
		else handle.ref();
		return this;
	}

	/** Lets the process end though the socket is open. */
	unref(): this {
		const { handle } = this[kState];
		if (handle === null) this.once('connect', this.unref);
		else handle.unref();
		return this;
	}

	// ── Addresses; undefined without a connection, and on Unix sockets.

	/** The local end: `{ address, family, port }`, or `{}`. */
	address(): AddressInfo | Record<string, never> {
		// Both or nothing: the type of a partial one would help nobody.
		return this._getsockname() as AddressInfo | Record<string, never>;
	}

	/** The peer's IP address; undefined on Unix sockets and before it is connected, and it may be once it is closed. */
	get remoteAddress(): string | undefined {
		return this._getpeername().address;
	}

	/** `IPv4` or `IPv6`; undefined where `remoteAddress` is. */
	get remoteFamily(): string | undefined {
		return this._getpeername().family;
	}

	/** Undefined where `remoteAddress` is. */
	get remotePort(): number | undefined {
		return this._getpeername().port;
	}

	/** The IP address at this end; undefined on Unix sockets and before it is connected, and it may be once it is closed. */
	get localAddress(): string | undefined {
		return this._getsockname().address;
	}

	/** Undefined where `localAddress` is. */
	get localPort(): number | undefined {
		return this._getsockname().port;
	}

	/** `IPv4` or `IPv6`; undefined where `localAddress` is. */
	get localFamily(): string | undefined {
		return this._getsockname().family;
	}

	// ── What streams and old programs call.

	/** Node's own handle, which these sockets do not have: null, so that nobody takes it for one (TLS would). */
	get _handle(): null {
		return null;
	}

	get _connecting(): boolean {
		return this.connecting;
	}

	override _read(size: number): void {
		startReading(this, size);
	}

	override _write(chunk: Uint8Array | string, encoding: BufferEncoding, callback: Answer): void {
		writeOne(this, chunk, encoding, callback);
	}

	override _writev(chunks: BufferedWrite[], callback: Answer): void {
		writeMany(this, chunks, callback);
	}

	override _final(callback: Answer): void {
		finishWriting(this, callback);
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		destroySocket(this, error, callback);
	}

	_reset(): this {
		this.resetAndClosing = true;
		return this.destroy();
	}

	_unrefTimer(): void {
		touch(this);
	}

	_onTimeout(): void {
		expired(this);
	}

	_getpeername(): Partial<AddressInfo> {
		return peerName(this);
	}

	_getsockname(): Partial<AddressInfo> {
		return socketName(this);
	}
}

// Whoever looks at all that a prototype has, as makers of mocks do, reads the accessors of a socket that was never constructed.
Object.defineProperty(SocketBody.prototype, kState, {
	value: Object.freeze(new SocketState(SocketBody.prototype)),
	writable: true,
});

// Node's accept an encoding or callback that is undefined or null; their types do not say so.
const write = Duplex.prototype.write as (
	this: Duplex,
	chunk: unknown,
	encoding?: BufferEncoding | null,
	callback?: Answer,
) => boolean;
const end = Duplex.prototype.end as (this: Duplex, chunk: unknown, encoding: unknown, callback: unknown) => Duplex;

/** Callable with and without `new`, and on a `this` that inherits from `Socket.prototype`. */
export interface SocketConstructor {
	new (options?: SocketOptions | number): Socket;
	(options?: SocketOptions | number): Socket;
	/** What all sockets inherit from; replacing a method here changes those that are open, too. */
	readonly prototype: Socket;
}

export interface Socket extends SocketBody {}
/**
 * A TCP connection, or a Unix socket's. Node: net.Socket (v0.3.4).
 *
 * What is written in one turn of the event loop leaves together at its end; see `flush`.
 * @class
 */
export const Socket: SocketConstructor = callable(
	SocketBody,
	function Socket(this: unknown, options?: SocketOptions | number | Accepted): unknown {
		if (!(this instanceof SocketBody)) return new constructor(options as SocketOptions);
		const accepted = options instanceof Accepted;
		const given = accepted ? undefined : givenOptions(options);
		// Assigned here and not in a function of their own: the engine makes room for what it sees in a constructor.
		this.connecting = false;
		this._hadError = false;
		this._parent = null;
		this._host = null;
		this._closeAfterHandlingError = false;
		this[kState] = new SocketState(this);
		Duplex.call(this, accepted ? options.acceptance.stream : streamOptions(given));
		this._sockname = null;
		this._pendingData = null;
		this._pendingEncoding = '';
		this.server = null;
		this._server = null;
		if (accepted) attachAccepted(this, options);
		else initialize(this, given ?? {});
		return undefined;
	},
	['_connecting', 'pending', 'readyState', 'bufferSize', '_handle'],
);
const constructor = Socket;
