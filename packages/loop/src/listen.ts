/** `listen`: from options to an {@link Acceptor} whose connections call the handlers. */
import type { AddressInfo } from './driver.ts';
import type { ListenerEvents } from './listener.ts';
import type { ConnectionHandlers, ConnectionOptions, ConnectionSettings } from './connection-settings.ts';
import {
	ERR_INVALID_ARG_VALUE,
	listenError,
	systemError,
	validateAbortSignal,
	validateBoolean,
	validateFunction,
	validateInt32,
	validateObject,
	validatePort,
	validateString,
} from '@net/errors';
import { Connection } from './connection.ts';
import { checkSettings } from './connection-settings.ts';
import { IPV6_ONLY, PENDING, READABLE_ALL, REUSE_PORT, WRITABLE_ALL } from './driver.ts';
import { currentDriver } from './drivers.ts';
import { Listener } from './listener.ts';
import { abortError, resolveHost } from './lookup.ts';

/** Where and how; the names are those of Node's `server.listen`. One of `port`, `path` and `fd` is needed. */
export interface ListenOptions extends ConnectionOptions {
	/** 0: any free port. */
	port?: number | string | undefined;
	/** An address, or a name, of which the first address is taken. Default: all addresses, IPv6 and IPv4. */
	host?: string | undefined;
	/** A Unix socket or, on Windows, a named pipe; then `host` and `port` are ignored. */
	path?: string | undefined;
	/** An open file descriptor of a socket that is bound. */
	fd?: number | undefined;
	/** Connections that the kernel keeps waiting. Default 511; the kernel has a limit of its own. */
	backlog?: number | undefined;
	/** With an IPv6 address: do not take IPv4 as well. Default false. */
	ipv6Only?: boolean | undefined;
	/** Several sockets may share the port; the kernel spreads the connections. Default false. */
	reusePort?: boolean | undefined;
	/** With `path`: everybody may read the socket's file. Default false. */
	readableAll?: boolean | undefined;
	/** With `path`: everybody may write the socket's file, which connecting takes. Default false. */
	writableAll?: boolean | undefined;
}

/** What an acceptor tells beyond what its connections do. */
export interface ListenHandlers extends ConnectionHandlers {
	/**
	 * A connection could not be accepted (ENOBUFS, ENOMEM …); the acceptor goes on. While the process has no descriptor
	 * left, who comes is dropped and nothing is told, as on node:net.
	 */
	acceptError?: ((acceptor: Acceptor, error: Error) => void) | undefined;
}

/**
 * Listens.
 *
 * Not done here: counting or limiting connections, sharing a port between cluster workers; @net/server does.
 * @param handlers - called for each connection that is accepted.
 * @returns the acceptor, once it listens.
 * @throws (by the promise) a system error (`listen EADDRINUSE …`: code, errno, syscall, address, port), what the look-up of
 * `host` answered, AbortError when `signal` aborted, which later closes the acceptor instead; ERR_INVALID_ARG_TYPE,
 * ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, ERR_SOCKET_BAD_PORT for wrong options.
 */
export async function listen(options: ListenOptions, handlers: ListenHandlers = {}): Promise<Acceptor> {
	validateObject(options, 'options');
	const { signal } = options;
	validateAbortSignal(signal, 'options.signal');
	const settings = checkSettings(options, handlers);
	const { acceptError } = handlers;
	if (acceptError !== undefined) validateFunction(acceptError, 'handlers.acceptError');
	const place = await findPlace(options);
	if (signal?.aborted) throw abortError(signal);

	const acceptor = new Acceptor(settings, acceptError);
	const answer = place.start(acceptor);
	const errno = answer === PENDING ? await acceptor.answer() : answer;
	if (errno !== 0 || signal?.aborted) {
		acceptor.close();
		if (errno === 0) throw abortError(signal);
		throw listenError(errno, 'listen', place.address ?? null, place.port);
	}
	if (signal !== undefined) acceptor.closeOn(signal);
	return acceptor;
}

/** A listening socket, made by `listen`. Its connections are its own no more: closing it leaves them open. */
export class Acceptor extends Listener {
	readonly #settings: ConnectionSettings;
	readonly #acceptError: ((acceptor: Acceptor, error: Error) => void) | undefined;
	readonly #gone: Promise<void>;
	#resolveGone = (): void => {};
	#listening: (errno: number) => void = () => {};

	/** Made by `listen` only. */
	constructor(settings: ConnectionSettings, acceptError: ((acceptor: Acceptor, error: Error) => void) | undefined) {
		super(currentDriver(), Acceptor.#events, settings.paused, Connection);
		this.#settings = settings;
		this.#acceptError = acceptError;
		this.#gone = new Promise((resolve) => (this.#resolveGone = resolve));
	}

	/** As Node's `server.address()`: address, family and port on TCP, the path on Unix sockets, null when closed. */
	address(): AddressInfo | string | null {
		return this.local ?? null;
	}

	/** The port on TCP, else undefined. */
	get port(): number | undefined {
		const address = this.local;
		return typeof address === 'object' ? address.port : undefined;
	}

	/**
	 * Stops accepting at once; open connections go on. The file of a Unix socket is removed.
	 * @returns fulfilled when the socket is closed. Called again, the same promise.
	 */
	override close(): Promise<void> {
		super.close();
		return this.#gone;
	}

	/** As `close`, for `await using`. */
	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	/** The kernel's answer to a `listen…` that was PENDING. */
	answer(): Promise<number> {
		return new Promise((resolve) => (this.#listening = resolve));
	}

	/** Closes when the signal aborts, if nobody did before. */
	closeOn(signal: AbortSignal): void {
		const onAbort = (): void => void this.close();
		signal.addEventListener('abort', onAbort, { once: true });
		void this.#gone.then(() => signal.removeEventListener('abort', onAbort));
	}

	/** One table for all; see Connection.eventsOf for the cast. */
	static readonly #events = {
		listen: (acceptor: Acceptor, errno: number): void => acceptor.#listening(errno),
		// The connection came from `createHandle`, which makes nothing else here.
		accept: (acceptor: Acceptor, connection: Connection): void => connection.begin(acceptor.#settings),
		error: (acceptor: Acceptor, errno: number): void => acceptor.#acceptError?.(acceptor, systemError(errno, 'accept')),
		close: (acceptor: Acceptor): void => acceptor.#resolveGone(),
	} as unknown as ListenerEvents;
}

/** Where to listen, for the error, and how. */
interface Place {
	address?: string;
	port?: number;
	start: (acceptor: Acceptor) => number;
}

const DEFAULT_BACKLOG = 511;
/** The kernel cuts it down to `net.core.somaxconn`, and takes no negative number for unlimited. */
const LARGEST_BACKLOG = 2 ** 31 - 1;
/** The port of errors about paths. */
const NO_PORT = -1;

async function findPlace(options: ListenOptions): Promise<Place> {
	const { path, fd, host, backlog = DEFAULT_BACKLOG } = options;
	validateInt32(backlog, 'options.backlog', 0, LARGEST_BACKLOG);
	const flags =
		flag(options, 'ipv6Only', IPV6_ONLY) +
		flag(options, 'reusePort', REUSE_PORT) +
		flag(options, 'readableAll', READABLE_ALL) +
		flag(options, 'writableAll', WRITABLE_ALL);
	if (fd !== undefined) {
		validateInt32(fd, 'options.fd', 0);
		return { start: (acceptor) => acceptor.driver.listenFd(acceptor, fd, backlog) };
	}
	if (path !== undefined) {
		validateString(path, 'options.path');
		const start = (acceptor: Acceptor): number => acceptor.driver.listenPath(acceptor, path, backlog, flags);
		return { address: path, port: NO_PORT, start };
	}
	if (options.port === undefined) {
		throw new ERR_INVALID_ARG_VALUE('options', options, 'must have the property "port" or "path"');
	}
	const port = validatePort(options.port, 'options.port');
	if (host !== undefined) validateString(host, 'options.host');
	const address = host === undefined ? undefined : (await resolveHost(host, 0, undefined, options.signal))[0]?.address;
	const start = (acceptor: Acceptor): number =>
		acceptor.driver.listenTcp(acceptor, address, port, backlog, flags & (IPV6_ONLY | REUSE_PORT));
	return { address: address ?? '::', port, start };
}

function flag(options: ListenOptions, name: keyof ListenOptions, value: number): number {
	const on = options[name] ?? false;
	validateBoolean(on, `options.${name}`);
	return on ? value : 0;
}
