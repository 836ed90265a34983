/** `socket.connect()` and `net.connect()`. */
import diagnostics from 'node:diagnostics_channel';

import type { ConnectEndpoint, ConnectOptions, EndpointListener } from '@net/address';
import { connectEndpoint } from '@net/address';
import { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS, validateString } from '@net/errors';

import { openHandle, undestroy } from '../handle.ts';
import { kState } from '../state.ts';
import { touch } from '../timeout.ts';
import { Socket } from '../socket.ts';
import { connectOne } from './attempts.ts';
import type { Attempt } from './attempts.ts';
import { connectHost } from './lookup.ts';

/** Published as `{ socket }` when a socket begins to connect; Node's own name. */
const clientSocketChannel = diagnostics.channel('net.client.socket');

export function startConnecting(socket: Socket, options: ConnectOptions, listener: EndpointListener | undefined): void {
	if (clientSocketChannel.hasSubscribers) clientSocketChannel.publish({ socket });
	// 'connect' has no arguments.
	if (listener !== undefined) socket.once('connect', listener as () => void);
	if (isConnecting(socket._parent)) return;
	const { path, port } = options;
	// The other checks come when the socket is connecting already, as on Node; this one finds it as it was.
	if (port === undefined && (path === undefined || path === null)) {
		throw new ERR_MISSING_ARGS(['options', 'port', 'path']);
	}
	// A socket that is used again: it writes once more.
	if (socket.write !== Socket.prototype.write) socket.write = Socket.prototype.write;
	const state = socket[kState];
	if (socket.destroyed) {
		socket._peername = null;
		socket._sockname = null;
	}
	if (state.handle === null) {
		undestroy(socket);
		openHandle(state, Boolean(path));
	}
	const { adopted } = state;
	const bound = adopted?.bound === true;
	if (adopted !== undefined) adopted.bound = false;
	touch(socket);
	socket.connecting = true;
	checkHost(options.host);
	const endpoint = adopted !== undefined ? adoptedEndpoint(options, bound, state.pipe) : connectEndpoint(options);
	if (endpoint.kind === 'tcp') connectHost(socket, endpoint, options, bound);
	else connectOne(socket, pathAttempt(endpoint.path));
}

/** What was bound decides whether it is TCP or a path, and where it comes from. */
function adoptedEndpoint(options: ConnectOptions, bound: boolean, pipe: boolean): ConnectEndpoint {
	const { path, port = 0, localAddress, localPort } = options;
	if (pipe) {
		validateString(path, 'options.path');
		return { kind: 'path', path };
	}
	if (localAddress || localPort) {
		const reason = 'localAddress and localPort cannot be used with an adopted bound socket';
		throw new ERR_INVALID_ARG_VALUE('options', options, reason);
	}
	const endpoint = connectEndpoint(bound ? { ...options, path: undefined, port } : options);
	// There is one socket, so there is one attempt.
	return endpoint.kind === 'tcp' ? { ...endpoint, autoSelectFamily: false } : endpoint;
}

function checkHost(host: unknown): void {
	if (typeof host === 'string' && host.includes('\0')) {
		throw new ERR_INVALID_ARG_VALUE('options.host', host, 'must be a string without null bytes');
	}
}

function pathAttempt(path: string): Attempt {
	return {
		address: path,
		port: undefined,
		family: undefined,
		localAddress: undefined,
		localPort: undefined,
		list: undefined,
		index: 0,
	};
}

function isConnecting(parent: unknown): boolean {
	return typeof parent === 'object' && parent !== null && 'connecting' in parent && Boolean(parent.connecting);
}
