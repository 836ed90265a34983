/** `connect`: from options to an open {@link Connection}. */
import type { LookupFunction } from 'node:net';
import type { NodeError } from '@net/errors';
import type { ConnectionHandlers, ConnectionOptions, ConnectionSettings } from './connection-settings.ts';
import {
	ERR_INVALID_ADDRESS_FAMILY,
	ERR_INVALID_IP_ADDRESS,
	ERR_MISSING_ARGS,
	attemptsError,
	connectError,
	systemError,
	validateAbortSignal,
	validateFunction,
	validateInt32,
	validateObject,
	validateOneOf,
	validatePort,
	validateString,
} from '@net/errors';
import { isIP } from 'node:net';
import { Connection } from './connection.ts';
import { checkSettings } from './connection-settings.ts';
import { currentDriver } from './drivers.ts';
import { noEvents } from './handle.ts';
import { abortError, resolveHost } from './lookup.ts';

/** Where to and how; the names are those of Node's `socket.connect`. One of `port`, `path` and `fd` is needed. */
export interface ConnectOptions extends ConnectionOptions {
	/** A number, or a text that `Number` reads as one. ERR_SOCKET_BAD_PORT unless it is 0–65535. */
	port?: number | string | undefined;
	/** An address or a name, resolved by `lookup`. Default `localhost`. */
	host?: string | undefined;
	/** 4 or 6: only such addresses; 0, the default: both, in the order of the system. */
	family?: 0 | 4 | 6 | undefined;
	/** Replaces `dns.lookup`; called with `all: true`. */
	lookup?: LookupFunction | undefined;
	/** The address to connect from. */
	localAddress?: string | undefined;
	/** The port to connect from; 0, the default, lets the system choose. */
	localPort?: number | undefined;
	/** A Unix socket or, on Windows, a named pipe; then `host` and `port` are ignored. */
	path?: string | undefined;
	/** An open file descriptor of a stream socket, pipe or FIFO, which the connection takes over. */
	fd?: number | undefined;
}

/**
 * Connects. Where a name has several addresses they are tried one after the other.
 *
 * Not done here: attempts side by side (Happy Eyeballs) and time limits; @net/socket has them.
 * @param handlers - called from `open` on; when connecting fails, none of them is.
 * @returns the open connection, once `handlers.open` has returned.
 * @throws (by the promise) a system error (`connect ECONNREFUSED …`: code, errno, syscall, address, port), an
 * AggregateError of them when several addresses failed, what `lookup` answered; AbortError when `signal` aborted, which
 * after the connection is open is told to `handlers.error` instead; ERR_MISSING_ARGS, ERR_INVALID_ARG_TYPE,
 * ERR_OUT_OF_RANGE, ERR_SOCKET_BAD_PORT, ERR_INVALID_IP_ADDRESS for wrong options.
 */
export async function connect(options: ConnectOptions, handlers: ConnectionHandlers = {}): Promise<Connection> {
	validateObject(options, 'options');
	const { path, fd, signal } = options;
	validateAbortSignal(signal, 'options.signal');
	const settings = checkSettings(options, handlers);
	const job: Job = { settings, signal };
	if (fd !== undefined) {
		validateInt32(fd, 'options.fd', 0);
		return adopt(job, fd);
	}
	if (path !== undefined) {
		validateString(path, 'options.path');
		return attempt(job, { address: path, start: (connection) => connection.driver.connectPath(connection, path) });
	}
	return connectTcp(job, options);
}

/** What all attempts of one `connect` share. */
interface Job {
	settings: ConnectionSettings;
	signal: AbortSignal | undefined;
}

/** One attempt: where from, where to (for the error), and how. */
interface Target {
	local?: { address: string; port: number };
	address: string;
	port?: number;
	start: (connection: Connection) => number;
}

async function connectTcp(job: Job, options: ConnectOptions): Promise<Connection> {
	const { host = 'localhost', family = 0, localAddress, localPort, lookup } = options;
	if (options.port === undefined) throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
	const port = validatePort(options.port, 'options.port');
	validateString(host, 'options.host');
	validateOneOf(family, 'options.family', [0, 4, 6]);
	if (lookup !== undefined) validateFunction(lookup, 'options.lookup');
	if (localAddress !== undefined) {
		validateString(localAddress, 'options.localAddress');
		if (isIP(localAddress) === 0) throw new ERR_INVALID_IP_ADDRESS(localAddress);
	}
	const from = localPort === undefined ? 0 : validatePort(localPort, 'options.localPort');

	const errors: NodeError[] = [];
	for (const { address, family: found } of await resolveHost(host, family, lookup, job.signal)) {
		if (found !== 4 && found !== 6) throw new ERR_INVALID_ADDRESS_FAMILY(found, host, port);
		const target: Target = {
			address,
			port,
			start: (connection) => connection.driver.connectTcp(connection, address, port),
		};
		if (localAddress !== undefined || from !== 0) {
			target.local = { address: localAddress ?? (found === 6 ? '::' : '0.0.0.0'), port: from };
		}
		try {
			return await attempt(job, target);
		} catch (error) {
			// What is no system error is no failed attempt: the signal has aborted.
			if (!(error instanceof Error && 'errno' in error && 'code' in error)) throw error;
			errors.push(Object.assign(error, { code: String(error.code) }));
		}
	}
	throw errors.length === 1 ? errors[0] : attemptsError(errors);
}

/** @throws (by the promise) SystemError, AbortError */
function attempt({ settings, signal }: Job, target: Target): Promise<Connection> {
	return new Promise((resolve, reject) => {
		const connection = new Connection(currentDriver());
		const { local, address, port } = target;
		const fail = (error: Error): void => {
			signal?.removeEventListener('abort', onAbort);
			connection.events = noEvents;
			connection.close();
			reject(error);
		};
		const onAbort = (): void => fail(abortError(signal));
		const named = local !== undefined && local.port !== 0 ? local : undefined;
		const failConnecting = (errno: number): void => fail(connectError(errno, 'connect', address, port, named));
		signal?.addEventListener('abort', onAbort, { once: true });
		connection.events = {
			...noEvents,
			connect: (_handle, errno) => {
				if (errno !== 0) return failConnecting(errno);
				signal?.removeEventListener('abort', onAbort);
				resolve(connection);
				connection.begin(settings, signal);
			},
		};
		if (signal?.aborted) return onAbort();
		if (local !== undefined) {
			const errno = connection.driver.bindTcp(connection, local.address, local.port, 0);
			if (errno !== 0) return fail(connectError(errno, 'bind', local.address, local.port));
		}
		const errno = target.start(connection);
		if (errno !== 0) failConnecting(errno);
	});
}

async function adopt({ settings, signal }: Job, fd: number): Promise<Connection> {
	if (signal?.aborted) throw abortError(signal);
	const connection = new Connection(currentDriver());
	const errno = connection.driver.adopt(connection, fd);
	if (errno !== 0) throw systemError(errno, 'open');
	connection.begin(settings, signal);
	return connection;
}
