/** `net.connect`: makes a socket and connects it. */
import { normalizeArguments } from '@net/address';

import type { CreateConnectionOptions, SocketOptions } from './options.ts';
import { Socket } from './socket.ts';

/**
 * Makes a socket and connects it to a host's port or a path; 'connect' or 'error' follow.
 * @throws what `socket.connect` and `new Socket` throw. Node: net.createConnection (v0.1.90), net.connect.
 */
export function connect(options: CreateConnectionOptions, listener?: () => void): Socket;
export function connect(port: number | string, host?: string, listener?: () => void): Socket;
export function connect(portOrPath: number | string, listener?: () => void): Socket;
export function connect(...args: unknown[]): Socket {
	const normalized = normalizeArguments(args);
	// What came is checked by the constructor, option by option.
	const options = normalized[0] as SocketOptions & { timeout?: number };
	const socket = new Socket(options);
	if (options.timeout) socket.setTimeout(options.timeout);
	const connectNormalized: (normalized: unknown) => Socket = socket.connect.bind(socket) as never;
	return connectNormalized(normalized);
}

/** The same as `connect`. Node: net.createConnection (v0.1.90). */
export const createConnection: typeof connect = connect;
