/** `server.listen()`: from arguments to a listener. */
import diagnostics from 'node:diagnostics_channel';
import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { addAbortListener } from 'node:events';
import { networkInterfaces } from 'node:os';

import type { Endpoint, ListenOptions } from '@net/address';
import { normalizeArguments, parseListenArguments } from '@net/address';
import { ERR_INVALID_ARG_VALUE, ERR_SERVER_ALREADY_LISTEN, errnoOf, listenError } from '@net/errors';
import { isIPv6 } from '@net/ip';
import { IPV6_ONLY, PENDING, READABLE_ALL, REUSE_PORT, WRITABLE_ALL } from '@net/loop';
import { Listener, currentDriver, isHostHandle } from '@net/loop';
import type { HostHandle } from '@net/loop';
import type { BoundSocket, Socket } from '@net/socket';

import { Listening, listenerEvents } from './accept.ts';
import { isBound, listenOnBound } from './bound.ts';
import { askPrimary, hasPrimary } from './cluster.ts';
import type { Server } from './server.ts';

/** Node's own name: `asyncStart`, `asyncEnd` and `error` tell how listening goes. */
const listenChannel = diagnostics.tracingChannel('net.server.listen');

/** Where a server is to listen, with names resolved. */
interface Place {
	/** Undefined: any. For paths the path. */
	address: string | undefined;
	port: number | undefined;
	/** 4 and 6, -1: a path, null: a descriptor. */
	family: number | null;
	listen: (listener: Listener, backlog: number) => number;
	/** What the primary is to know of it where this is a cluster's worker; absent: it is not asked. */
	shared?: { fd?: number; flags?: number; readableAll?: boolean | undefined; writableAll?: boolean | undefined };
}

export function startListening(server: Server, args: readonly unknown[]): void {
	if (server._handle) throw new ERR_SERVER_ALREADY_LISTEN();
	const [given, callback] = normalizeArguments(args);
	if (listenChannel.asyncStart.hasSubscribers) listenChannel.asyncStart.publish({ server, options: given });
	// 'listening' has no arguments.
	if (callback !== null) server.once('listening', callback as () => void);
	server._listeningId++;
	const { endpoint, options, backlog } = parseListenArguments(args, isHandle);
	if (endpoint.kind !== 'handle' && options.signal !== undefined) closeOnAbort(server, options.signal);
	listenOn(server, endpoint, options, backlog);
}

/** The listener's answer where it did not come at once. */
export function onListen(listening: Listening, listener: Listener, errno: number): void {
	const { server } = listening;
	if (server._handle !== listener) return;
	if (errno === 0) {
		ready(server);
		emitListening(server);
	} else {
		server._handle = null;
		listener.close();
		publishError(server, listening.refused(errno));
	}
}

function listenOn(server: Server, endpoint: Endpoint, options: ListenOptions, backlog: number): void {
	const driver = currentDriver();
	switch (endpoint.kind) {
		case 'handle':
			if (isListener(endpoint.handle)) takeOver(server, endpoint.handle);
			else if (isBound(endpoint.handle)) adopt(server, endpoint.handle, backlog);
			else if (isHostHandle(endpoint.handle)) listenOnHost(server, endpoint.handle, backlog);
			break;
		case 'fd':
			listen(server, backlog, {
				address: undefined,
				port: undefined,
				family: null,
				listen: (listener, length) => driver.listenFd(listener, endpoint.fd, length),
				shared: { fd: endpoint.fd },
			});
			break;
		case 'path': {
			const flags = pathFlags(endpoint.path, options);
			const { readableAll, writableAll } = options;
			server._pipeName = endpoint.path;
			listen(server, backlog, {
				...(options.exclusive ? undefined : { shared: { readableAll, writableAll } }),
				address: endpoint.path,
				port: -1,
				family: -1,
				listen: (listener, length) => {
					// A NUL begins a name of the abstract space, anywhere else the kernel would take it for the end.
					const { path } = endpoint;
					if (path.includes('\0', 1) && !path.startsWith('\0')) return errnoOf('EINVAL');
					return driver.listenPath(listener, path, length, flags);
				},
			});
			break;
		}
		case 'tcp': {
			const { port } = endpoint;
			const reusePort = options.reusePort === true;
			const flags = (options.ipv6Only === true ? IPV6_ONLY : 0) | (reusePort ? REUSE_PORT : 0);
			const wanted: Wanted = { port, backlog, flags, exclusive: reusePort || Boolean(options.exclusive) };
			if (endpoint.host === undefined) listenTcp(server, undefined, 4, wanted);
			else lookupAndListen(server, endpoint.host, wanted);
		}
	}
}

/** What TCP is to listen with, beside an address. */
interface Wanted {
	port: number;
	backlog: number;
	flags: number;
	/** Not through the primary of a cluster. */
	exclusive: boolean;
}

function lookupAndListen(server: Server, host: string, wanted: Wanted): void {
	// As the dns.lookup of newer hosts does.
	if (host.includes('\0')) throw new ERR_INVALID_ARG_VALUE('hostname', host, 'must be a string without null bytes');
	const id = server._listeningId;
	// By property: programs replace dns.lookup.
	dns.lookup(host, { all: true }, (error, addresses) => {
		// Closed, or asked to listen elsewhere, while the name was looked up.
		if (id !== server._listeningId) return;
		if (error) {
			server.emit('error', error);
			return;
		}
		const found = firstUsable(addresses);
		if (found !== undefined) listenTcp(server, found.address, found.family || 4, wanted);
	});
}

function listenTcp(server: Server, address: string | undefined, family: number, wanted: Wanted): void {
	const { port, backlog, flags, exclusive } = wanted;
	const driver = currentDriver();
	listen(server, backlog, {
		...(exclusive ? undefined : { shared: { flags } }),
		address,
		port,
		family,
		listen: (listener, length) => driver.listenTcp(listener, address, port, length, flags),
	});
}

function listen(server: Server, backlog: number, place: Place): void {
	if (place.shared !== undefined && hasPrimary()) return listenThroughPrimary(server, backlog, place, place.shared);
	const driver = currentDriver();
	const listener = new Listener(driver, listenerEvents, server.pauseOnConnect);
	const listening = new Listening(server, (errno) => refused(errno, place), place.family === -1);
	listener.context = listening;
	const errno = place.listen(listener, backlog);
	if (errno < 0) {
		refuse(server, refused(errno, place));
		return;
	}
	keep(server, listener, place);
	if (errno === PENDING) return;
	announce(server);
}

function listenThroughPrimary(server: Server, backlog: number, place: Place, shared: object): void {
	const { address, port, family } = place;
	const named = { address: address ?? null, port: port ?? null, addressType: family };
	const query = { ...named, fd: undefined, flags: 0, backlog, ...shared };
	askPrimary(server, query, (given) => {
		if (given instanceof Error) server.emit('error', given);
		else listenOnHost(server, given, backlog, place);
	});
}

/** A handle of Node's own; it is closed with the server. */
function listenOnHost(server: Server, host: HostHandle, backlog: number, place: Place = nowhere): void {
	const refusal = (errno: number): Error => listenError(errno, 'listen', place.address ?? null, place.port);
	const listener = new Listener(currentDriver(), listenerEvents, server.pauseOnConnect);
	// Only TCP has such names.
	listener.context = new Listening(server, refusal, host.getsockname === undefined);
	const errno = listener.listenHost(host, backlog);
	if (errno !== 0) {
		host.close();
		refuse(server, refusal(errno));
		return;
	}
	keep(server, listener, place);
	announce(server);
}

function adopt(server: Server, bound: BoundSocket | Socket, backlog: number): void {
	const answer = listenOnBound(server, bound, backlog);
	if (answer instanceof Error) {
		refuse(server, answer);
		return;
	}
	keep(server, answer, nowhere);
	announce(server);
}

/** Of a handle that comes from elsewhere; in Node's words. */
const nowhere: Place = { address: undefined, port: -1, family: -1, listen: () => 0 };

function keyOf({ address, port, family }: Place): string {
	return `${family}:${address ?? null}:${port ?? null}`;
}

/** Another server's listener: from now on it is this one's. */
function takeOver(server: Server, listener: Listener): void {
	const pipe = typeof listener.local === 'string';
	listener.context = new Listening(server, (errno) => listenError(errno, 'listen', null), pipe);
	listener.events = listenerEvents;
	keep(server, listener, nowhere);
	announce(server);
}

/** The listener is the server's. */
function keep(server: Server, listener: Listener, place: Place): void {
	server._handle = listener;
	server._connectionKey = keyOf(place);
	if (server._unref) listener.unref();
}

function announce(server: Server): void {
	ready(server);
	process.nextTick(emitListening, server);
}

function refuse(server: Server, error: Error): void {
	if (listenChannel.error.hasSubscribers) listenChannel.error.publish({ server, error });
	process.nextTick(emitError, server, error);
}

function ready(server: Server): void {
	if (listenChannel.asyncEnd.hasSubscribers) listenChannel.asyncEnd.publish({ server });
}

function refused(errno: number, { address, family, port }: Place): Error {
	// A descriptor of another kind: Node does not tell them apart.
	if (family === null) return listenError(errno === errnoOf('EBADF') ? errnoOf('EINVAL') : errno, 'listen', null);
	return listenError(errno, 'listen', address ?? anyAddress(errno), port);
}

/** Which of the two was tried last: a busy port shows with `::`, all else makes `0.0.0.0` be tried. */
function anyAddress(errno: number): string {
	// Looking at the interfaces takes a descriptor, and there may be none.
	if (errno !== errnoOf('EADDRINUSE')) return '0.0.0.0';
	const interfaces = Object.values(networkInterfaces()).flat();
	return interfaces.some((each) => each?.family === 'IPv6') ? '::' : '0.0.0.0';
}

function pathFlags(path: string, options: ListenOptions): number {
	const { readableAll, writableAll } = options;
	if (path.startsWith('\0') && (readableAll || writableAll)) {
		const reason = 'can not set readableAll or writableAllt to true when path is abstract unix socket';
		throw new ERR_INVALID_ARG_VALUE('options', options, reason);
	}
	return (readableAll === true ? READABLE_ALL : 0) | (writableAll === true ? WRITABLE_ALL : 0);
}

function closeOnAbort(server: Server, signal: AbortSignal): void {
	const close = (): void => {
		server.close();
	};
	if (signal.aborted) {
		process.nextTick(close);
		return;
	}
	const watch = addAbortListener(signal, close);
	server.once('close', () => watch[Symbol.dispose]());
}

/** A link-local address needs a zone to be bound: others go first. */
function firstUsable(addresses: readonly LookupAddress[]): LookupAddress | undefined {
	return addresses.find(({ address }) => !isLinkLocal(address)) ?? addresses[0];
}

function isLinkLocal(address: string): boolean {
	return isIPv6(address) && /^fe[89ab]/i.test(address);
}

function isHandle(value: object): boolean {
	return isListener(value) || isBound(value) || isHostHandle(value);
}

function isListener(value: object): value is Listener {
	return value instanceof Listener;
}

function publishError(server: Server, error: Error): void {
	if (listenChannel.error.hasSubscribers) listenChannel.error.publish({ server, error });
	emitError(server, error);
}

function emitError(server: Server, error: Error): void {
	server.emit('error', error);
}

function emitListening(server: Server): void {
	// It may have been closed meanwhile.
	if (server._handle) server.emit('listening');
}
