/** The arguments of `server.listen`, checked and translated. */
import { ERR_INVALID_ARG_VALUE, validateAbortSignal, validatePort, validateString } from '@net/errors';
import type { Endpoint, EndpointListener } from './endpoint.ts';
import { isPath, normalizeArguments } from './endpoint.ts';

/** The options of `listen`. Node: server.listen(options). */
export interface ListenOptions {
	/** A number, or a text that `Number` reads as one; 0 or null lets the system choose. ERR_SOCKET_BAD_PORT above 65535. */
	port?: number | string | null | undefined;
	/** An address of this machine, or a name, of which one is taken. Default: `::` for both families, else `0.0.0.0`. */
	host?: string | null | undefined;
	/** Ignored where there is a port. */
	path?: string | undefined;
	/** Goes before port and path. */
	fd?: number | undefined;
	/** Connections that may wait in the kernel to be accepted; it has a limit, too (listen(2)). Default: 511. */
	backlog?: number | undefined;
	/** In a cluster's worker: listens by itself, and not through the primary. Default: false. */
	exclusive?: boolean | undefined;
	/** With `path`: everybody may read the socket's file. Default: false. ERR_INVALID_ARG_VALUE on an abstract path. */
	readableAll?: boolean | undefined;
	/** As `readableAll`, to write, which connecting takes. */
	writableAll?: boolean | undefined;
	/** With an IPv6 address: takes no IPv4 connections (`IPV6_V6ONLY`, ipv6(7)). Default: false. */
	ipv6Only?: boolean | undefined;
	/** Others may listen on the same port (`SO_REUSEPORT`, socket(7)); as `exclusive`, too. Default: false. */
	reusePort?: boolean | undefined;
	/** Closes the server when it aborts. ERR_INVALID_ARG_TYPE for what is no signal. */
	signal?: AbortSignal | undefined;
}

/** What a call of `listen` asks for. */
export interface ListenArguments {
	/** Where to listen. Of a host it is known only that it is a text: names are looked up by the caller. */
	endpoint: Endpoint;
	/** All other options; `signal` is checked, the rest counts as true or false. */
	options: ListenOptions;
	/** The length of the queue of pending connections; 511 where nothing is said. */
	backlog: number;
	/** The function at the end of the arguments, to be called once it listens. */
	listener: EndpointListener | undefined;
}

/** Node's default. */
const BACKLOG = 511;

/**
 * Reads every form of `listen`: none, `(port[, host][, backlog])`, `(path[, backlog])`, `(options)`, `(handle[, backlog])`,
 * each with or without a listener at the end.
 * @param isHandle - whether an object is something bound that the caller can listen on. It is asked about the first
 *   argument and, before that, about its `_handle` or `handle`. What it refuses is read as options, `fd` included.
 * @throws ERR_SOCKET_BAD_PORT; ERR_INVALID_ARG_VALUE when nothing says where; ERR_INVALID_ARG_TYPE for host and signal.
 */
export function parseListenArguments(
	args: readonly unknown[],
	isHandle: (value: object) => boolean = () => false,
): ListenArguments {
	const [given, listener] = normalizeArguments(args);
	const target = within(given);
	const fallback = countFrom(args[1]) || countFrom(args[2]);
	// From here on each property is checked before it is used, so the type is what they are when this function returns.
	const options = target as ListenOptions;
	const result = (endpoint: Endpoint, backlog: number): ListenArguments => ({
		endpoint,
		options,
		backlog,
		listener: listener ?? undefined,
	});

	validateAbortSignal(options.signal, 'options.signal');
	for (const handle of [target, given])
		if (isHandle(handle)) return result({ kind: 'handle', handle }, fallback || BACKLOG);
	if (typeof options.fd === 'number' && options.fd >= 0)
		return result({ kind: 'fd', fd: options.fd }, fallback || BACKLOG);

	// What the user gave, however odd, reaches the system as a 32-bit integer; a BigInt and a symbol throw there, so it comes last.
	const backlog = (): number => +(options.backlog || fallback || BACKLOG) | 0;
	const port = portOf(args, options);
	if (typeof port === 'number' || typeof port === 'string') {
		const number = validatePort(port, 'options.port');
		const host = options.host || undefined;
		if (host !== undefined) validateString(host, 'hostname');
		return result({ kind: 'tcp', host, port: number }, backlog());
	}
	if (isPath(options.path)) return result({ kind: 'path', path: options.path }, backlog());
	if (!('port' in target || 'path' in target)) {
		throw new ERR_INVALID_ARG_VALUE('options', target, 'must have the property "port" or "path"');
	}
	throw new ERR_INVALID_ARG_VALUE('options', target);
}

/** A server or socket given as options stands for what it has inside. */
function within(given: object): object {
	const inner: unknown = ('_handle' in given && given._handle) || ('handle' in given && given.handle);
	return typeof inner === 'object' && inner !== null ? inner : given;
}

/** A port that is left open is any free one. */
function portOf(args: readonly unknown[], options: ListenOptions): unknown {
	if (args.length === 0 || typeof args[0] === 'function') return 0;
	if (options.port === null || (options.port === undefined && 'port' in options)) return 0;
	return options.port;
}

function countFrom(value: unknown): number {
	const count = Number(value);
	return count >= 0 ? count : 0;
}
