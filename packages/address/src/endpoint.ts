/** Where a connection or a server goes, and the argument forms that `connect` and `listen` have in common. */

export type Endpoint = TcpEndpoint | PathEndpoint | FdEndpoint | HandleEndpoint;

/** A name or address, and a port. */
export interface TcpEndpoint {
	/** Tells the forms of an {@link Endpoint} apart, as `kind` of the others does. */
	kind: 'tcp';
	/** Undefined: any address of this machine (`listen`), `localhost` (`connect`). */
	host: string | undefined;
	/** 0–65535. */
	port: number;
}

/** A Unix socket or a named pipe. */
export interface PathEndpoint {
	/** See {@link TcpEndpoint.kind}. */
	kind: 'path';
	/** A file's path, `\\.\pipe\name` on Windows; with a NUL in front, a name of Linux' abstract space (unix(7)). */
	path: string;
}

/** An open file descriptor. */
export interface FdEndpoint {
	/** See {@link TcpEndpoint.kind}. */
	kind: 'fd';
	/** 0 or more; not looked at yet, so it may be of any kind, or closed. */
	fd: number;
}

/** Something that its owner knows as bound; see `parseListenArguments`. */
export interface HandleEndpoint {
	/** See {@link TcpEndpoint.kind}. */
	kind: 'handle';
	/** What `isHandle` said yes to: the first argument, or what its `_handle` or `handle` was. */
	handle: object;
}

/** What `connect` and `listen` call when they are done. */
export type EndpointListener = (...args: never[]) => void;

/** The options and the listener that a list of arguments stands for. Marked, so that it can be passed on as one argument. */
export type NormalizedArguments = [options: object, listener: EndpointListener | null];

const normalizedArgs: unique symbol = Symbol('normalizedArgs');

/**
 * Brings `(options)`, `(path)` and `(port[, host])`, each with or without a listener at the end, into one form.
 * Checks nothing: what is neither an object nor a path is taken for a port. Node: net._normalizeArgs.
 */
export function normalizeArguments(args: readonly unknown[]): NormalizedArguments {
	const normalized: NormalizedArguments = [normalizeOptions(args), listenerOf(args)];
	return Object.assign(normalized, { [normalizedArgs]: true });
}

/** Whether this came from `normalizeArguments`, ours or Node's own. */
export function isNormalized(value: unknown): value is NormalizedArguments {
	if (!Array.isArray(value)) return false;
	// Node's mark is a symbol of its own; its description is all that can be known of it.
	return Object.getOwnPropertySymbols(value).some((mark) => mark.description === normalizedArgs.description);
}

/** Whether a text is a path and not a port: `Number` makes nothing of it, or something negative. */
export function isPath(value: unknown): value is string {
	return typeof value === 'string' && !(Number(value) >= 0);
}

function normalizeOptions(args: readonly unknown[]): object {
	if (args.length === 0) return {};
	const [first, host] = args;
	if (typeof first === 'object' && first !== null) return first;
	if (isPath(first)) return { path: first };
	return typeof host === 'string' ? { port: first, host } : { port: first };
}

function listenerOf(args: readonly unknown[]): EndpointListener | null {
	const last = args.at(-1);
	return isListener(last) ? last : null;
}

function isListener(value: unknown): value is EndpointListener {
	return typeof value === 'function';
}
