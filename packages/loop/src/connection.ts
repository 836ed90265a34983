/**
 * The connection of the callback API: a {@link Handle} that ends and closes by itself as Node's sockets do, and whose
 * events are the user's own functions. `data` sits in `handle.events` as it was given: nothing is called in between.
 */
import type { ConnectionSettings } from './connection-settings.ts';
import type { AddressInfo } from './driver.ts';
import type { HandleEvents } from './handle.ts';
import {
	AbortError,
	ERR_INVALID_ARG_TYPE,
	ERR_STREAM_WRITE_AFTER_END,
	ERR_UNKNOWN_ENCODING,
	errnoOf,
	systemError,
	validateBoolean,
	validateNumber,
} from '@net/errors';
import { Handle, noEvents } from './handle.ts';

interface Abort {
	readonly signal: AbortSignal;
	readonly listener: () => void;
}

/**
 * An open connection, made by `connect` and `listen`.
 *
 * It is no stream: what `write` is given is sent or held however much it is, so mind its answer.
 */
export class Connection extends Handle {
	#settings: ConnectionSettings | undefined = undefined;
	/** Who caused the half-close, if there is one. */
	#endedBy: 'owner' | 'peer' | undefined = undefined;
	#peerEnded = false;
	#shutdownDone = false;
	#failed = false;
	#drainWanted = false;
	#abort: Abort | undefined = undefined;

	/**
	 * Queues bytes; they leave at the end of the turn or at `flush`, everything written in one turn together.
	 * After the peer closed (or reset) the connection nothing happens.
	 * @param chunk - must stay unchanged until all is sent (`drain`, or `end` and `close`); a string is encoded at once.
	 * @returns whether to go on: false when 64 KiB or more are unsent (`drain` follows), or nobody will get it.
	 * @throws ERR_STREAM_WRITE_AFTER_END after `end`, ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_ENCODING.
	 */
	override write(chunk: Uint8Array | string, encoding: BufferEncoding = 'utf8'): boolean {
		if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
			throw new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
		}
		if (encoding !== 'utf8' && !Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
		if (this.#endedBy === 'owner') throw new ERR_STREAM_WRITE_AFTER_END();
		if (this.#endedBy === 'peer') return false;
		if (super.write(chunk, encoding)) return true;
		this.#drainWanted = !this.closed;
		return false;
	}

	/**
	 * Writes a last chunk, if given, and half-closes behind all that was written. The connection closes once the peer
	 * has ended, too; a peer that never does keeps it open.
	 * @throws as `write`.
	 */
	end(chunk?: Uint8Array | string, encoding: BufferEncoding = 'utf8'): void {
		if (chunk !== undefined) this.write(chunk, encoding);
		Connection.#halfClose(this, 'owner');
	}

	/** The same as `end()`. */
	override shutdown(): void {
		this.end();
	}

	/** Closes now: what the kernel does not take at once is dropped. `close` follows, nothing else. */
	override close(): void {
		Connection.#forgetSignal(this);
		super.close();
	}

	/** Closes a TCP connection with RST, other ones as `close` does. `close` follows, nothing else. */
	override reset(): void {
		Connection.#forgetSignal(this);
		super.reset();
	}

	/** @throws ERR_INVALID_ARG_TYPE */
	setNoDelay(noDelay = true): this {
		validateBoolean(noDelay, 'noDelay');
		if (!this.closed) this.driver.setNoDelay(this, noDelay);
		return this;
	}

	/**
	 * @param initialDelay - idle time before the first probe in milliseconds, whole seconds count; 0 leaves it.
	 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
	 */
	setKeepAlive(enable = false, initialDelay = 0): this {
		validateBoolean(enable, 'enable');
		validateNumber(initialDelay, 'initialDelay', 0);
		if (!this.closed) this.driver.setKeepAlive(this, enable, wholeSeconds(initialDelay), 0, 0);
		return this;
	}

	/** The local address in numbers; undefined on Unix sockets and after closing. */
	get localAddress(): string | undefined {
		return tcpEnd(this.local)?.address;
	}

	/** Undefined where `localAddress` is. */
	get localPort(): number | undefined {
		return tcpEnd(this.local)?.port;
	}

	/** Undefined where `localAddress` is. */
	get localFamily(): 'IPv4' | 'IPv6' | undefined {
		return tcpEnd(this.local)?.family;
	}

	/** The peer's address in numbers; undefined on Unix sockets and after closing. */
	get remoteAddress(): string | undefined {
		return tcpEnd(this.remote)?.address;
	}

	/** Undefined where `remoteAddress` is. */
	get remotePort(): number | undefined {
		return tcpEnd(this.remote)?.port;
	}

	/** Undefined where `remoteAddress` is. */
	get remoteFamily(): 'IPv4' | 'IPv6' | undefined {
		return tcpEnd(this.remote)?.family;
	}

	// ── What `connect` and `listen` call.

	/** Begins to serve the handlers, once, when the connection is open. */
	begin(settings: ConnectionSettings, signal?: AbortSignal): void {
		this.#settings = settings;
		this.events = settings.events;
		if (settings.noDelay) this.driver.setNoDelay(this, true);
		if (settings.keepAlive) this.driver.setKeepAlive(this, true, settings.keepAliveDelay, 0, 0);
		if (signal !== undefined) {
			const listener = (): void => Connection.#fail(this, new AbortError(undefined, { cause: signal.reason }));
			this.#abort = { signal, listener };
			signal.addEventListener('abort', listener, { once: true });
		}
		if (!settings.paused) this.resume();
		settings.handlers.open(this);
	}

	// Static, for a class with private methods makes every instance larger.

	static #halfClose(connection: Connection, by: 'owner' | 'peer'): void {
		if (connection.#endedBy !== undefined) return;
		connection.#endedBy = by;
		Handle.prototype.shutdown.call(connection);
	}

	static #forgetSignal(connection: Connection): void {
		const abort = connection.#abort;
		connection.#abort = undefined;
		abort?.signal.removeEventListener('abort', abort.listener);
	}

	static #fail(connection: Connection, error: Error): void {
		if (connection.#failed || connection.closed) return;
		connection.#failed = true;
		// Also when the handler throws.
		try {
			connection.#settings?.handlers.error(connection, error);
		} finally {
			connection.close();
		}
	}

	// ── The events that are not the user's own. `this` is the table of events, hence static.

	/** @returns the table that all connections of these handlers share. */
	static eventsOf(data: (connection: Connection, chunk: Buffer) => void): HandleEvents {
		const events = {
			connect: noEvents.connect,
			data,
			end: Connection.#onEnd,
			error: Connection.#onError,
			written: Connection.#onWritten,
			shutdown: Connection.#onShutdown,
			close: Connection.#onClose,
		};
		// These functions take a Connection where HandleEvents says Handle. Sound: only `begin` puts the table in place.
		return events as unknown as HandleEvents;
	}

	static #onEnd(connection: Connection): void {
		connection.#peerEnded = true;
		try {
			connection.#settings?.handlers.end(connection);
		} finally {
			if (connection.#shutdownDone) connection.close();
			else if (connection.#settings?.allowHalfOpen === false) Connection.#halfClose(connection, 'peer');
		}
	}

	static #onError(connection: Connection, errno: number): void {
		Connection.#fail(connection, systemError(errno, 'read'));
	}

	static #onWritten(connection: Connection, errno: number): void {
		if (errno !== 0) return Connection.#fail(connection, systemError(errno, 'write'));
		if (!connection.#drainWanted) return;
		connection.#drainWanted = false;
		if (connection.#endedBy === undefined) connection.#settings?.handlers.drain(connection);
	}

	static #onShutdown(connection: Connection, errno: number): void {
		connection.#shutdownDone = true;
		// The peer was quicker: there is nothing to be closed any more, and no harm done.
		if (errno !== 0 && errno !== errnoOf('ENOTCONN')) Connection.#fail(connection, systemError(errno, 'shutdown'));
		else if (connection.#peerEnded) connection.close();
	}

	static #onClose(connection: Connection): void {
		connection.#settings?.handlers.close(connection, connection.#failed);
	}
}

const MS_PER_SECOND = 1000;

/** What the kernel takes of a delay: the rest is cut off. */
export function wholeSeconds(delayMs: number): number {
	return Math.floor(delayMs / MS_PER_SECOND);
}

function tcpEnd(end: AddressInfo | string | undefined): AddressInfo | undefined {
	return typeof end === 'object' ? end : undefined;
}
