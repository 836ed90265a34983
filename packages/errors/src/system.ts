/** Error numbers of the system, and the errors that Node makes of them: text and properties in Node's order. */
import type { NodeError } from './codes.ts';
import { CodedAggregateError } from './codes.ts';
import { systemErrors } from './host.ts';

/** An error that the system reported. `errno` is negative, `code` its name. */
export interface SystemError extends NodeError {
	/** What `util.getSystemErrorName` takes; of the same `code` another number on other systems. */
	errno: number;
	/** Which operation failed: `connect`, `listen`, `bind`, `accept`, `read`, `write`, `shutdown` … */
	syscall: string;
	/** The address or the path that was asked for; null: any, or a descriptor. Absent of an open connection. */
	address?: string | null;
	/** Absent of paths, and where it was 0; -1 of paths that cannot be listened on. */
	port?: number;
	/** Told with `localPort`, where connecting failed and the caller had named both. */
	localAddress?: string;
	/** See {@link SystemError.localAddress}. */
	localPort?: number;
}

/** The local end of a connection that could not be made. */
export interface LocalEnd {
	/** In numbers; undefined on paths. */
	address: string | undefined;
	/** 0: the system chooses; undefined on paths. */
	port: number | undefined;
}

/** libuv's number of an error that has no other. */
const UNKNOWN = -4094;

let numbers: Map<string, number> | undefined;

/** The name of a negative errno on this platform; `Unknown system error -1234` where it has none. */
export function errnoName(errno: number): string {
	return systemErrors().get(errno)?.[0] ?? `Unknown system error ${errno}`;
}

/** The negative number that this platform gives a name (`EINVAL`); -4094, libuv's UNKNOWN, where it gives none. */
export function errnoOf(name: string): number {
	numbers ??= new Map(Array.from(systemErrors(), ([errno, [known]]) => [known, errno]));
	return numbers.get(name) ?? UNKNOWN;
}

/** `write EPIPE`: an operation on something open failed. Properties: errno, code, syscall. */
export function systemError(errno: number, syscall: string, original?: string): SystemError {
	const code = errnoName(errno);
	return Object.assign(new Error(`${syscall} ${code}${original ? ` ${original}` : ''}`), { errno, code, syscall });
}

/**
 * `connect EINVAL ::1:80 - Local (:::0)`: a call that names an address failed at once (`connect`, `bind`).
 * Properties: errno, code, syscall, address, and port where there is one.
 * @param address - null where none is named: a cluster's worker that binds to any address, or to a descriptor.
 * @param port - undefined or 0 for none, as with paths.
 * @param local - the local end, for the text only; Node tells it when `connect` fails at once, on paths as `undefined:undefined`.
 */
export function connectError(
	errno: number,
	syscall: string,
	address: string | null,
	port?: number,
	local?: LocalEnd,
): SystemError {
	const code = errnoName(errno);
	const to = address === null && !port ? '' : ` ${end(address, port)}`;
	const from = local === undefined ? '' : ` - Local (${local.address}:${local.port})`;
	const error = Object.assign(new Error(`${syscall} ${code}${to}${from}`), {
		errno,
		code,
		syscall,
		address,
	});
	return port ? Object.assign(error, { port }) : error;
}

/**
 * `connect ECONNREFUSED 127.0.0.1:1`: the answer to `connect` was no. As `connectError`; where the user had asked for
 * a local address and port, both, they are told in the text and as properties localAddress, localPort.
 */
export function connectionError(
	errno: number,
	address: string,
	port?: number,
	localAddress?: string,
	localPort?: number,
): SystemError {
	if (!localAddress || !localPort) return connectError(errno, 'connect', address, port);
	const error = connectError(errno, 'connect', address, port, { address: localAddress, port: localPort });
	return Object.assign(error, { localAddress, localPort });
}

/**
 * `listen EADDRINUSE: address already in use 127.0.0.1:80`: a server cannot listen.
 * Properties: code, errno, syscall, address (null on descriptors), and port where there is one.
 * @param port - -1 for paths, as Node has it; it is a property then, but not in the text.
 */
export function listenError(errno: number, syscall: string, address: string | null, port?: number): SystemError {
	const [code, text] = systemErrors().get(errno) ?? ['UNKNOWN', 'unknown error'];
	const where = address ? ` ${end(address, port)}` : '';
	const error = Object.assign(new Error(`${syscall} ${code}: ${text}${where}`), { code, errno, syscall, address });
	return port ? Object.assign(error, { port }) : error;
}

/** All attempts to connect failed: an AggregateError with the code of the first. */
export function attemptsError(errors: readonly NodeError[]): AggregateError & NodeError {
	return new CodedAggregateError(errors[0]?.code ?? errnoName(UNKNOWN), errors);
}

/** A write after the peer ended and was answered: code EPIPE, no errno. */
export function peerEndedError(): NodeError {
	return Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
}

function end(address: string | null, port: number | undefined): string {
	return port !== undefined && port > 0 ? `${address}:${port}` : String(address);
}
