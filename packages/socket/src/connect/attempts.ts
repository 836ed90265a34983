/** Attempts to connect: to one address, or to one after another until one answers (Happy Eyeballs, RFC 8305 section 5). */
import { AsyncResource } from 'node:async_hooks';
import timers from 'node:timers';

import {
	ERR_IP_BLOCKED,
	ERR_SOCKET_CONNECTION_TIMEOUT,
	attemptsError,
	connectError,
	connectionError,
	errnoOf,
	systemError,
} from '@net/errors';
import type { NodeError, SystemError } from '@net/errors';
import { isIP } from '@net/ip';
import type { Handle } from '@net/loop';

import { dropHandle, openHandle, socketName, undestroy } from '../handle.ts';
import { inAttemptScope } from '../scope.ts';
import { applySettings } from '../settings.ts';
import { kState } from '../state.ts';
import type { SocketState } from '../state.ts';
import { touch } from '../timeout.ts';
import type { Socket } from '../socket.ts';
import { withZone } from './zone.ts';

const { clearTimeout, setImmediate, setTimeout } = timers;

/** One address that is tried. */
export interface Attempt {
	readonly address: string;
	/** Undefined for paths. */
	readonly port: number | undefined;
	readonly family: 4 | 6 | undefined;
	localAddress: string | undefined;
	readonly localPort: number | undefined;
	/** The list that this attempt belongs to, and its place there. */
	readonly list: AttemptList | undefined;
	readonly index: number;
	/** Known before the driver answers: it was asked for something that cannot be. */
	outcome?: number;
	/** Where it began: its outcome is told there. */
	resource?: AsyncResource;
}

/** Addresses that are tried in turn. */
export interface AttemptList {
	readonly addresses: readonly { address: string; family: 4 | 6 }[];
	readonly port: number;
	readonly localPort: number | undefined;
	/** How long one attempt may take before the next address is tried. */
	readonly timeoutMs: number;
	readonly errors: NodeError[];
	next: number;
	timer: NodeJS.Timeout | undefined;
}

/** Connects to the only address that there is. */
export function connectOne(socket: Socket, attempt: Attempt): void {
	const state = socket[kState];
	const { handle } = state;
	if (handle === null) return;
	const { address, port, family } = attempt;
	const unbound = bind(handle, attempt);
	if (unbound !== undefined) {
		socket.destroy(unbound);
		return;
	}
	socket.emit('connectionAttempt', address, port, family);
	// A listener may have destroyed the socket.
	if (state.handle !== handle) return;
	if (family !== undefined && isBlocked(socket, address, family)) {
		socket.destroy(new ERR_IP_BLOCKED(address));
		return;
	}
	const errno = connectHandle(state, handle, attempt);
	if (errno < 0) socket.destroy(refusedAtOnce(socket, errno, attempt));
}

/** Connects to the first address of the list that answers. */
export function connectFirst(socket: Socket, list: AttemptList): void {
	clearTimeout(list.timer);
	if (socket._aborted === true) return;
	for (;;) {
		const target = list.addresses[list.next];
		if (target === undefined) {
			socket.destroy(list.errors.length === 0 ? new ERR_SOCKET_CONNECTION_TIMEOUT() : attemptsError(list.errors));
			return;
		}
		if (startAttempt(socket, list, target)) return;
		if (!socket.connecting) return;
	}
}

/** The driver's answer to an attempt. */
export function onConnect(state: SocketState, answer: number): void {
	const { attempt, socket } = state;
	if (attempt === undefined || socket.destroyed) return;
	const errno = attempt.outcome ?? answer;
	state.attempt = undefined;
	const { list } = attempt;
	if (list !== undefined) clearTimeout(list.timer);
	if (errno === 0) {
		connected(state);
		return;
	}
	const error = attemptError(errno, attempt);
	list?.errors.push(error);
	// The last attempt is over before anybody hears of it.
	if (list === undefined) socket.connecting = false;
	socket.emit('connectionAttemptFailed', attempt.address, attempt.port, attempt.family, error);
	if (list === undefined) socket.destroy(error);
	else if (socket.connecting) connectFirst(socket, list);
}

/** The socket was destroyed meanwhile. Node tells of it where there were several addresses. */
export function onCancel(socket: Socket, attempt: Attempt): void {
	const { address, family, list, port } = attempt;
	if (list === undefined) return;
	clearTimeout(list.timer);
	socket.emit('connectionAttemptFailed', address, port, family, attemptError(errnoOf('ECANCELED'), attempt));
}

function connected(state: SocketState): void {
	const { socket } = state;
	socket.connecting = false;
	socket._sockname = null;
	touch(socket);
	const errno = state.handle === null ? 0 : applySettings(state, state.handle);
	if (errno < 0) socket.emit('error', systemError(errno, 'setTypeOfService'));
	socket.emit('connect');
	socket.emit('ready');
	if (!socket.isPaused()) socket.read(0);
}

/** @returns whether it is under way; if not, its error is in the list. */
function startAttempt(socket: Socket, list: AttemptList, target: { address: string; family: 4 | 6 }): boolean {
	const { address, family } = target;
	const { port, localPort } = list;
	const state = socket[kState];
	const index = list.next++;
	if (index > 0) {
		dropHandle(state);
		// Its error is told, whatever was told before.
		undestroy(socket);
		openHandle(state, false);
	}
	const { handle } = state;
	if (handle === null) return true;
	const attempt: Attempt = { address, port, family, localAddress: undefined, localPort, list, index };
	const unbound = bind(handle, attempt);
	if (unbound !== undefined) {
		list.errors.push(unbound);
		return false;
	}
	if (isBlocked(socket, address, family)) {
		failed(socket, list, attempt, new ERR_IP_BLOCKED(address));
		return false;
	}
	socket.emit('connectionAttempt', address, port, family);
	if (state.handle !== handle) return true;
	socket.autoSelectFamilyAttemptedAddresses?.push(`${address}:${port}`);
	const errno = connectHandle(state, handle, attempt);
	if (errno < 0) {
		failed(socket, list, attempt, refusedAtOnce(socket, errno, attempt));
		return false;
	}
	if (index < list.addresses.length - 1) {
		list.timer = setTimeout(onAttemptTimeout, list.timeoutMs, socket, list, attempt);
	}
	return true;
}

function failed(socket: Socket, list: AttemptList, attempt: Attempt, error: NodeError): void {
	list.errors.push(error);
	socket.emit('connectionAttemptFailed', attempt.address, attempt.port, attempt.family, error);
}

function onAttemptTimeout(socket: Socket, list: AttemptList, attempt: Attempt): void {
	const state = socket[kState];
	const current = state.attempt === attempt;
	// Nobody waits for its outcome any more.
	if (current) state.attempt = undefined;
	socket.emit('connectionAttemptTimeout', attempt.address, attempt.port, attempt.family);
	list.errors.push(attemptError(errnoOf('ETIMEDOUT'), attempt));
	if (current && socket.connecting) connectFirst(socket, list);
}

/** Binds the local end where one was asked for; tells the attempt which. */
function bind(handle: Handle, attempt: Attempt): SystemError | undefined {
	const { family, localPort = 0 } = attempt;
	if (family === undefined || (!attempt.localAddress && localPort === 0)) return undefined;
	const address = (attempt.localAddress ||= family === 4 ? '0.0.0.0' : '::');
	// One that connects, or is connected, has its local end.
	const free = handle.remote === undefined && handle.local === undefined;
	const errno = free && isIP(address) === family ? bindPort(handle, address, localPort) : errnoOf('EINVAL');
	return errno < 0 ? connectError(errno, 'bind', address, localPort) : undefined;
}

/** A number that is no port is cut to 16 bits; Node takes it for a port in use then. */
function bindPort(handle: Handle, address: string, localPort: number): number {
	const port = localPort & 0xffff;
	const errno = handle.driver.bindTcp(handle, address, port, 0);
	return errno === 0 && localPort > 0 && port !== localPort ? errnoOf('EADDRINUSE') : errno;
}

/**
 * @returns a negative errno where Node reports it at once. What libuv keeps for the next round of the loop is kept here:
 * a refusal, all that is wrong with a path, and the success of connecting TCP that is connected already.
 */
function connectHandle(state: SocketState, handle: Handle, attempt: Attempt): number {
	const { address, family, port = 0 } = attempt;
	const busy = state.attempt !== undefined;
	attempt.resource = new AsyncResource(family === undefined ? 'PIPECONNECTWRAP' : 'TCPCONNECTWRAP');
	const isPath = family === undefined;
	// A handle that was made for TCP, a path that no handle takes, an address that is not of the family that came with it.
	const fits = isPath ? state.pipe && Buffer.byteLength(address) <= LONGEST_PATH : isIP(address) === family;
	if (!fits) return errnoOf('EINVAL');
	if (busy || handle.remote !== undefined) {
		if (isPath) return later(state, attempt, errnoOf('EISCONN'));
		if (busy) return errnoOf('EALREADY');
		// The kernel tells the one that connected of its success once more, and nobody else (connect(2)).
		const accepted = state.socket.server !== null && !connectedAgain.has(handle);
		if (accepted || state.halfClosed || toldTwice.has(handle)) return errnoOf('EISCONN');
		toldTwice.add(handle);
		return later(state, attempt, 0);
	}
	if (state.socket.server !== null) connectedAgain.add(handle);
	state.attempt = attempt;
	const errno = isPath ? connectPath(handle, address) : handle.driver.connectTcp(handle, withZone(address), port);
	if (errno >= 0) return 0;
	state.attempt = undefined;
	// The kernel had a socket, which was bound to nothing yet, unless there were no more descriptors.
	const made = errno !== errnoOf('EMFILE') && errno !== errnoOf('ENFILE');
	if (!isPath && made && handle.local === undefined) {
		state.socket._sockname = { address: family === 6 ? '::' : '0.0.0.0', family: `IPv${family}`, port: 0 };
	}
	const kept = family === undefined ? errno !== errnoOf('EINVAL') : errno === errnoOf('ECONNREFUSED');
	return kept ? later(state, attempt, errno) : errno;
}

/** What fits into the kernel's `sun_path` (unix(7)). */
const LONGEST_PATH = 108;

/** Connections that were not accepted though their sockets once were. */
const connectedAgain = new WeakSet<Handle>();

/** Connections that `connect()` was called on when they were there already. */
const toldTwice = new WeakSet<Handle>();

/** A NUL begins a name of the abstract space, anywhere else the kernel would take it for the end. */
function connectPath(handle: Handle, path: string): number {
	return path.includes('\0', 1) && !path.startsWith('\0') ? errnoOf('EINVAL') : handle.driver.connectPath(handle, path);
}

function later(state: SocketState, attempt: Attempt, errno: number): number {
	state.attempt = attempt;
	attempt.outcome = errno;
	setImmediate(() => {
		if (state.attempt === attempt) inAttemptScope(state, onConnect, errno);
	});
	return 0;
}

function isBlocked(socket: Socket, address: string, family: 4 | 6): boolean {
	return socket.blockList?.check(address, family === 4 ? 'ipv4' : 'ipv6') === true;
}

/** The kernel answered: no. */
function attemptError(errno: number, { address, port, localAddress, localPort }: Attempt): SystemError {
	return connectionError(errno, address, port, localAddress, localPort);
}

/** It did not even start. */
function refusedAtOnce(socket: Socket, errno: number, { address, port }: Attempt): SystemError {
	const local = socketName(socket);
	return connectError(errno, 'connect', address, port, { address: local.address, port: local.port });
}
