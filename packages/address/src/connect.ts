/** The arguments of `net.connect` and `socket.connect`, checked and translated. */
import {
	ERR_INVALID_ARG_TYPE,
	ERR_INVALID_IP_ADDRESS,
	ERR_MISSING_ARGS,
	validateBoolean,
	validateFunction,
	validateInt32,
	validateNumber,
	validatePort,
	validateString,
} from '@net/errors';
import { isIP } from '@net/ip';
import type { EndpointListener, PathEndpoint, TcpEndpoint } from './endpoint.ts';
import { isNormalized, normalizeArguments } from './endpoint.ts';

/** Resolves a host name: `dns.lookup` or one that is called like it. */
export type LookupFunction = (
	hostname: string,
	options: object,
	callback: (error: Error | null, address: unknown, family?: unknown) => void,
) => void;

/** The options of `connect` that say where to and how to get there. Node: socket.connect(options). */
export interface ConnectOptions {
	/** A number, or a text that `Number` reads as one. */
	port?: number | string | undefined;
	/** Default: `localhost`. */
	host?: string | null | undefined;
	/** When it is not empty, everything else here is ignored. */
	path?: string | null | undefined;
	/** An IP address of this machine to connect from. Default: the system chooses. Of a name one address is tried then. */
	localAddress?: string | null | undefined;
	/** The port to connect from; 0, the default, lets the system choose. Not checked against 65535. */
	localPort?: number | null | undefined;
	/** Which addresses of a name will do: 4, 6, `'IPv4'`, `'IPv6'`; 0, the default, means both. */
	family?: unknown;
	/** Flags for `dns.lookup`. Default: 0, which becomes `dns.ADDRCONFIG` where both families will do, but on Windows. */
	hints?: unknown;
	/** Resolves `host` in the place of `dns.lookup`; not called for an address. */
	lookup?: LookupFunction | null | undefined;
	/**
	 * Whether to try the addresses of a name one after another (RFC 8305, section 5), the families taking turns.
	 * Default: `net.getDefaultAutoSelectFamily()`. Off where `family` or `localAddress` is given.
	 */
	autoSelectFamily?: boolean | null | undefined;
	/**
	 * Milliseconds until the next address is tried; less than 10 counts as 10.
	 * Default: `net.getDefaultAutoSelectFamilyAttemptTimeout()`.
	 */
	autoSelectFamilyAttemptTimeout?: number | null | undefined;
}

/** Where a TCP connection goes, with all that was checked. */
export interface TcpConnectEndpoint extends TcpEndpoint {
	host: string;
	/** What `host` is: 4 or 6, an address; 0, a name that has to be looked up. */
	family: 0 | 4 | 6;
	/** An IP address, maybe not of the family of `host`; undefined: the system chooses. */
	localAddress: string | undefined;
	/** Never 0, maybe above 65535; undefined: the system chooses. */
	localPort: number | undefined;
	/** The user's own lookup; undefined if there is none or `host` is an address. */
	lookup: LookupFunction | undefined;
	/** Undefined: as `net.getDefaultAutoSelectFamily()` says. */
	autoSelectFamily: boolean | undefined;
	/** Milliseconds, at least 10; undefined: as `net.getDefaultAutoSelectFamilyAttemptTimeout()` says. */
	autoSelectFamilyAttemptTimeout: number | undefined;
}

/** Where to connect to: `kind` is `tcp` or `path`. */
export type ConnectEndpoint = TcpConnectEndpoint | PathEndpoint;

/** Shorter waits are raised to this many milliseconds. */
const SHORTEST_ATTEMPT = 10;

/**
 * Reads `(options[, listener])`, `(path[, listener])`, `(port[, host][, listener])`, or the one array that
 * `normalizeArguments` made of them. Checks nothing; `connectEndpoint` does.
 * @typeParam Options - what the caller goes on to check.
 */
export function parseConnectArguments<Options extends object = ConnectOptions>(
	args: readonly unknown[],
): { options: Options; listener: EndpointListener | undefined } {
	const [first] = args;
	const [options, listener] = isNormalized(first) ? first : normalizeArguments(args);
	// A promise of the caller, not a fact: options come from the user, and are checked where they are used.
	return { options: options as Options, listener: listener ?? undefined };
}

/**
 * Checks the options that say where to connect, in Node's order.
 * @throws ERR_MISSING_ARGS without port and path; ERR_SOCKET_BAD_PORT; ERR_INVALID_IP_ADDRESS for `localAddress`;
 *   ERR_INVALID_ARG_TYPE and ERR_OUT_OF_RANGE for the others. What is wrong with `family` and `hints` is left to
 *   `dns.lookup` to say.
 */
export function connectEndpoint(options: ConnectOptions): ConnectEndpoint {
	const { port, path } = options;
	if (port === undefined && (path === undefined || path === null)) {
		throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
	}
	if (path) {
		validateString(path, 'options.path');
		return { kind: 'path', path };
	}
	return tcpEndpoint(options);
}

function tcpEndpoint(options: ConnectOptions): TcpConnectEndpoint {
	const { port, localAddress, localPort, lookup, autoSelectFamily, autoSelectFamilyAttemptTimeout: timeout } = options;
	const host = options.host || 'localhost';
	validateString(host, 'options.host');
	if (localAddress && isIP(localAddress) === 0) throw new ERR_INVALID_IP_ADDRESS(localAddress);
	if (localPort) validateNumber(localPort, 'options.localPort');
	if (port !== undefined && typeof port !== 'number' && typeof port !== 'string') {
		throw new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], port);
	}
	const checkedPort = port === undefined ? 0 : validatePort(port);
	if (autoSelectFamily !== undefined && autoSelectFamily !== null) {
		validateBoolean(autoSelectFamily, 'options.autoSelectFamily');
	}
	if (timeout !== undefined && timeout !== null) {
		validateInt32(timeout, 'options.autoSelectFamilyAttemptTimeout', 1);
	}
	const family = isIP(host);
	if (family === 0 && lookup !== undefined && lookup !== null) validateFunction(lookup, 'options.lookup');
	return {
		kind: 'tcp',
		host,
		port: checkedPort,
		family,
		localAddress: localAddress || undefined,
		localPort: localPort || undefined,
		lookup: family === 0 ? (lookup ?? undefined) : undefined,
		autoSelectFamily: autoSelectFamily ?? undefined,
		autoSelectFamilyAttemptTimeout: timeout ? Math.max(timeout, SHORTEST_ATTEMPT) : undefined,
	};
}
