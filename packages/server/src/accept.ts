/** From accepted handles to 'connection'. */
import { AsyncResource } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';

import { systemError } from '@net/errors';
import { isIP } from '@net/ip';
import type { Handle, Listener, ListenerEvents } from '@net/loop';
import { Acceptance } from '@net/socket';
import type { AcceptanceOptions } from '@net/socket';

import { onListen } from './listen.ts';
import type { DropArgument, Server } from './server.ts';

/** Published as `{ socket }` for each accepted socket; Node's own name. */
const serverSocketChannel = diagnostics.channel('net.server.socket');

/** A listener's context. Events run in the async context that `listen()` was called in, as on Node. */
export class Listening extends AsyncResource {
	readonly server: Server;
	/** Makes the error of a listener that could not listen. */
	readonly refused: (errno: number) => Error;
	readonly pipe: boolean;
	#options: AcceptanceOptions;
	#acceptance: Acceptance;

	constructor(server: Server, refused: (errno: number) => Error, pipe: boolean) {
		super(pipe ? 'PIPESERVERWRAP' : 'TCPSERVERWRAP');
		this.server = server;
		this.refused = refused;
		this.pipe = pipe;
		const { allowHalfOpen, highWaterMark, pauseOnConnect } = server;
		this.#options = { allowHalfOpen, highWaterMark, pauseOnConnect, pipe };
		this.#acceptance = new Acceptance(this.#options);
	}

	/** As the server's properties are now: they may be changed at any time. */
	acceptance(): Acceptance {
		const { allowHalfOpen, highWaterMark, pauseOnConnect } = this.server;
		const last = this.#options;
		if (
			last.allowHalfOpen !== allowHalfOpen ||
			last.highWaterMark !== highWaterMark ||
			last.pauseOnConnect !== pauseOnConnect
		) {
			this.#options = { allowHalfOpen, highWaterMark, pauseOnConnect, pipe: this.pipe };
			this.#acceptance = new Acceptance(this.#options);
		}
		return this.#acceptance;
	}
}

export const listenerEvents: ListenerEvents = {
	listen: (listener, errno) => {
		const listening = listeningOf(listener);
		listening.runInAsyncScope(onListen, undefined, listening, listener, errno);
	},
	accept: (listener, handle) => {
		const listening = listeningOf(listener);
		listening.runInAsyncScope(onAccept, undefined, listening, handle);
	},
	error: (listener, errno) => {
		const { server } = listeningOf(listener);
		listeningOf(listener).runInAsyncScope(() => server.emit('error', systemError(errno, 'accept')));
	},
	close: () => {},
};

function onAccept(listening: Listening, handle: Handle): void {
	const { server } = listening;
	let admitted = false;
	try {
		admitted = admits(listening, handle);
	} finally {
		// A listener or a check that throws, too: nobody else knows of the connection yet.
		if (!admitted) handle.close();
	}
	if (!admitted) return;
	const socket = listening.acceptance().accept(handle);
	if (server.noDelay) socket.setNoDelay(true);
	if (server.keepAlive) socket.setKeepAlive(true, server.keepAliveInitialDelay * 1000);
	server._connections++;
	socket.server = server;
	socket._server = server;
	server.emit('connection', socket);
	if (serverSocketChannel.hasSubscribers) serverSocketChannel.publish({ socket });
}

function admits({ pipe, server }: Listening, handle: Handle): boolean {
	const { blockList, maxConnections } = server;
	if (maxConnections !== undefined && maxConnections !== null && server._connections >= maxConnections) {
		if (pipe) server.emit('drop');
		else server.emit('drop', dropArgument(handle));
		return false;
	}
	return blockList === undefined || !isBlocked(blockList, handle);
}

function isBlocked(blockList: NonNullable<Server['blockList']>, handle: Handle): boolean {
	const { remote } = handle;
	if (typeof remote !== 'object') return false;
	const family = isIP(remote.address);
	return family !== 0 && blockList.check(remote.address, family === 6 ? 'ipv6' : 'ipv4');
}

function dropArgument(handle: Handle): DropArgument {
	const { local, remote } = handle;
	// Without a prototype, as Node's.
	const told: DropArgument = Object.create(null);
	if (typeof local === 'object') {
		told.localAddress = local.address;
		told.localPort = local.port;
		told.localFamily = local.family;
	}
	if (typeof remote === 'object') {
		told.remoteAddress = remote.address;
		told.remotePort = remote.port;
		told.remoteFamily = remote.family;
	}
	return told;
}

function listeningOf(listener: Listener): Listening {
	// Set together with these events, by listen.ts.
	return listener.context as Listening;
}
