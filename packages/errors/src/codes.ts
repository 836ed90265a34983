/**
 * One class a code, with the names, codes and texts of Node 26. An error of theirs looks as Node's does:
 * `constructor` is the built-in class, `code` is enumerable, head of the stack and `toString()` are `TypeError [CODE]: text`.
 *
 * They are not Node's own classes: `instanceof TypeError` holds, comparing prototypes with one of Node's errors does not.
 */
import { format, inspect } from './host.ts';
import { describeExpected, describeNumber, describeReceived, list } from './received.ts';

/** An error with a code, as all of these are. */
export interface NodeError extends Error {
	/** `ERR_…`, or the system's name (`ECONNREFUSED`). Stays what it is between versions; texts need not. */
	code: string;
}

/** A class of errors of one code. */
export type NodeErrorClass<Arguments extends readonly unknown[]> = new (...args: Arguments) => NodeError;

/** Values longer than this are cut in texts. */
const LONGEST_VALUE = 128;

// ── Arguments.

/** `expected`: names of types (`string`), classes (`Buffer`), or a phrase. */
export const ERR_INVALID_ARG_TYPE: NodeErrorClass<
	[name: string, expected: string | readonly string[], actual: unknown]
> = define('ERR_INVALID_ARG_TYPE', TypeError, (name, expected, actual) => {
	const what = name.endsWith(' argument') ? name : `"${name}" ${kind(name)}`;
	return `The ${what} must be ${describeExpected(expected)}. Received ${describeReceived(actual)}`;
});

/** `reason` completes the sentence that begins with the name; default: `is invalid`. */
export const ERR_INVALID_ARG_VALUE: NodeErrorClass<[name: string, value: unknown, reason?: string]> = define(
	'ERR_INVALID_ARG_VALUE',
	TypeError,
	(name, value, reason = 'is invalid') => {
		const shown = inspect(value);
		const cut = shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}...` : shown;
		return `The ${kind(name)} '${name}' ${reason}. Received ${cut}`;
	},
);

/** `range` completes the sentence "It must be …". */
export const ERR_OUT_OF_RANGE: NodeErrorClass<[name: string, range: string, received: unknown]> = define(
	'ERR_OUT_OF_RANGE',
	RangeError,
	(name, range, received) =>
		`The value of "${name}" is out of range. It must be ${range}. Received ${describeNumber(received)}`,
);

/** An entry may be a list of alternatives. */
export const ERR_MISSING_ARGS: NodeErrorClass<(string | readonly string[])[]> = define(
	'ERR_MISSING_ARGS',
	TypeError,
	(...names) => {
		const quoted = names.map((name) =>
			typeof name === 'string' ? `"${name}"` : name.map((alternative) => `"${alternative}"`).join(' or '),
		);
		return `The ${list(quoted, 'and')} argument${names.length > 1 ? 's' : ''} must be specified`;
	},
);

/** A class of which only its package makes instances was called with `new`. */
export const ERR_ILLEGAL_CONSTRUCTOR: NodeErrorClass<[]> = define(
	'ERR_ILLEGAL_CONSTRUCTOR',
	TypeError,
	() => 'Illegal constructor',
);

/** Not one of `Buffer.isEncoding`. */
export const ERR_UNKNOWN_ENCODING: NodeErrorClass<[encoding: unknown]> = define(
	'ERR_UNKNOWN_ENCODING',
	TypeError,
	(encoding) => `Unknown encoding: ${format(encoding)}`,
);

// ── Addresses.

/** `name` begins the sentence: `Port`, `options.port`. */
export const ERR_SOCKET_BAD_PORT: NodeErrorClass<[name: string, port: unknown, allowZero?: boolean]> = define(
	'ERR_SOCKET_BAD_PORT',
	RangeError,
	(name, port, allowZero = true) =>
		`${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536. Received ${describeReceived(port)}.`,
);

/** Node throws this one without the code in the head of its stack. */
export const ERR_INVALID_ADDRESS: NodeErrorClass<[]> = define(
	'ERR_INVALID_ADDRESS',
	Error,
	() => 'Invalid socket address',
	false,
);

/** Not an IP address, or of the other family. */
export const ERR_INVALID_IP_ADDRESS: NodeErrorClass<[address: unknown]> = define(
	'ERR_INVALID_IP_ADDRESS',
	TypeError,
	(address) => `Invalid IP address: ${format(address)}`,
);

const InvalidAddressFamily: NodeErrorClass<[family: unknown, host: string, port: number]> = define(
	'ERR_INVALID_ADDRESS_FAMILY',
	RangeError,
	(family, host, port) => `Invalid address family: ${String(family)} ${host}:${port}`,
);

/** A lookup answered with a family that is neither 4 nor 6. */
export const ERR_INVALID_ADDRESS_FAMILY: new (
	family: unknown,
	host: string,
	port: number,
) => NodeError & { host: string; port: number } = class extends InvalidAddressFamily {
	host: string;
	port: number;
	constructor(family: unknown, host: string, port: number) {
		super(family, host, port);
		this.host = host;
		this.port = port;
	}
};

hideClass(ERR_INVALID_ADDRESS_FAMILY, RangeError);

/** A block list holds the address that was to be connected to. */
export const ERR_IP_BLOCKED: NodeErrorClass<[ip: string]> = define(
	'ERR_IP_BLOCKED',
	Error,
	(ip) => `IP(${ip}) is blocked by net.BlockList`,
);

// ── Handles.

/** `type` is Node's name of what the descriptor is: `FILE`, `UNKNOWN` … */
export const ERR_INVALID_FD_TYPE: NodeErrorClass<[type: string]> = define(
	'ERR_INVALID_FD_TYPE',
	TypeError,
	(type) => `Unsupported fd type: ${type}`,
);

/** Not for a handle of this kind: `resetAndDestroy` of a Unix socket. */
export const ERR_INVALID_HANDLE_TYPE: NodeErrorClass<[]> = define(
	'ERR_INVALID_HANDLE_TYPE',
	TypeError,
	() => 'This handle type cannot be sent',
);

/** A `BoundSocket` that a socket or a server has taken over already. */
export const ERR_SOCKET_HANDLE_ADOPTED: NodeErrorClass<[]> = define(
	'ERR_SOCKET_HANDLE_ADOPTED',
	Error,
	() => 'The bound socket has already been adopted by a server or socket',
);

// ── State of servers, sockets and streams.

/** `listen` while the server listens or is about to. */
export const ERR_SERVER_ALREADY_LISTEN: NodeErrorClass<[]> = define(
	'ERR_SERVER_ALREADY_LISTEN',
	Error,
	() => 'Listen method has been called more than once without closing.',
);

/** `close` of a server that does not listen. */
export const ERR_SERVER_NOT_RUNNING: NodeErrorClass<[]> = define(
	'ERR_SERVER_NOT_RUNNING',
	Error,
	() => 'Server is not running.',
);

/** A call that wants an open socket. */
export const ERR_SOCKET_CLOSED: NodeErrorClass<[]> = define('ERR_SOCKET_CLOSED', Error, () => 'Socket is closed');

/** The socket was closed before it was connected. */
export const ERR_SOCKET_CLOSED_BEFORE_CONNECTION: NodeErrorClass<[]> = define(
	'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
	Error,
	() => 'Socket closed before the connection was established',
);

/** One attempt of several to connect took longer than it may. */
export const ERR_SOCKET_CONNECTION_TIMEOUT: NodeErrorClass<[]> = define(
	'ERR_SOCKET_CONNECTION_TIMEOUT',
	Error,
	() => 'Socket connection timeout',
);

/** A call that came behind `destroy`. */
export const ERR_STREAM_DESTROYED: NodeErrorClass<[method: string]> = define(
	'ERR_STREAM_DESTROYED',
	Error,
	(method) => `Cannot call ${method} after a stream was destroyed`,
);

/** null was written. */
export const ERR_STREAM_NULL_VALUES: NodeErrorClass<[]> = define(
	'ERR_STREAM_NULL_VALUES',
	TypeError,
	() => 'May not write null values to stream',
);

/** A write behind `end`. */
export const ERR_STREAM_WRITE_AFTER_END: NodeErrorClass<[]> = define(
	'ERR_STREAM_WRITE_AFTER_END',
	Error,
	() => 'write after end',
);

/** An operation was aborted by its signal: `name` is `AbortError`, `code` is `ABORT_ERR`, the signal's reason is `cause`. */
export class AbortError extends Error {
	/** Always `ABORT_ERR`. */
	code: string;

	constructor(message = 'The operation was aborted', options?: ErrorOptions) {
		super(message, options);
		this.code = 'ABORT_ERR';
		this.name = 'AbortError';
	}
}

/** An `AggregateError` with a code; `attemptsError` makes them. */
export const CodedAggregateError: new (code: string, errors: readonly Error[]) => AggregateError & NodeError =
	class extends AggregateError {
		code: string;
		constructor(code: string, errors: readonly Error[]) {
			super(errors);
			writeHead(this, code);
			this.code = code;
		}
	};

hideClass(CodedAggregateError, AggregateError);

function define<Arguments extends readonly unknown[]>(
	code: string,
	Base: ErrorConstructor,
	text: (...args: Arguments) => string,
	codeInHead = true,
): NodeErrorClass<Arguments> {
	const CodedError = class extends Base {
		code: string;

		constructor(...args: Arguments) {
			super(text(...args));
			if (codeInHead) writeHead(this, code);
			this.code = code;
		}

		override toString(): string {
			return codeInHead ? `${this.name} [${this.code}]: ${this.message}` : super.toString();
		}
	};
	hideClass(CodedError, Base);
	return CodedError;
}

/**
 * V8 composes the head of a stack when it is first read, from `name` and `message`: read it once under a name that has
 * the code, as long as nobody sees the error.
 */
function writeHead(error: Error, code: string): void {
	// Without a message V8 leaves out the colon, Node does not.
	const colon = error.message === '' ? ': ' : '';
	Object.defineProperty(error, 'name', { value: `${error.name} [${code}]${colon}`, configurable: true });
	void error.stack;
	Reflect.deleteProperty(error, 'name');
}

/** Loggers print `error.constructor.name`; for Node's errors that is the built-in class. */
function hideClass(Class: abstract new (...args: never) => Error, Base: { readonly prototype: Error }): void {
	Object.defineProperty(Class.prototype, 'constructor', { value: Base, configurable: true, writable: true });
}

function kind(name: string): 'argument' | 'property' {
	return name.includes('.') ? 'property' : 'argument';
}
