/** A socket's handle: got, given back, asked. */
import type { AddressInfo } from '@net/loop';
import { Handle, currentDriver, noEvents } from '@net/loop';

import { Closing, closingEvents, openEvents } from './handle-events.ts';
import { prepareUserBuffer } from './onread.ts';
import { keepScope } from './scope.ts';
import { kState } from './state.ts';
import type { SocketState } from './state.ts';
import { stopTimers } from './timeout.ts';
import type { Socket } from './socket.ts';

/** Makes a handle that will connect. */
export function openHandle(state: SocketState, pipe: boolean): Handle {
	const handle = new Handle(currentDriver());
	takeHandle(state, handle, pipe);
	keepScope(state);
	return handle;
}

/** Puts a handle under the socket; the caller says in which scope its events are to run. */
export function takeHandle(state: SocketState, handle: Handle, pipe: boolean): void {
	state.handle = handle;
	state.pipe = pipe;
	state.waiting = undefined;
	state.halfClosed = false;
	state.socket._sockname = null;
	handle.context = state;
	handle.events = openEvents;
	if (state.userBuffer !== undefined) prepareUserBuffer(state.userBuffer);
}

/** For a server that listens on what a socket has. */
export function handleOf(socket: Socket): Handle | null {
	return socket[kState].handle;
}

/** Closes a handle that no one needs to hear of any more: an attempt that was given up. */
export function dropHandle(state: SocketState): void {
	const { handle } = state;
	if (handle === null) return;
	state.handle = null;
	handle.events = noEvents;
	handle.close();
}

/** Makes the stream as new; Node gives streams a method for it that its types do not know. */
export function undestroy(socket: Socket & { _undestroy?: () => void }): void {
	socket._undestroy?.();
}

/** `_destroy` */
export function destroySocket(socket: Socket, error: Error | null, callback: (error?: Error | null) => void): void {
	socket.connecting = false;
	stopTimers(socket);
	const state = socket[kState];
	const { handle } = state;
	if (handle === null) {
		callback(error);
		process.nextTick(emitClose, socket);
	} else {
		closeHandle(state, handle, error !== null);
		callback(error);
	}
	const server = socket._server;
	if (server === null || server === undefined) return;
	server._connections--;
	server._emitCloseIfDrained?.();
}

/** The peer's end, `{}` where there is none to tell. */
export function peerName(socket: Socket): Partial<AddressInfo> {
	const { handle } = socket[kState];
	if (handle === null || socket.connecting || socket._peername) return socket._peername ?? {};
	const remote = handle.remote;
	// Unix sockets have no such names on node:net.
	if (typeof remote !== 'object') return {};
	return (socket._peername = remote);
}

/** The local end. */
export function socketName(socket: Socket): Partial<AddressInfo> {
	const { adopted, handle } = socket[kState];
	// Unlike other Unix sockets this one says where it is.
	if (adopted?.path !== undefined) return { address: adopted.path };
	if (handle === null) return {};
	if (socket._sockname) return socket._sockname;
	const local = handle.local;
	return typeof local === 'object' ? (socket._sockname = local) : {};
}

function closeHandle(state: SocketState, handle: Handle, hadError: boolean): void {
	const { socket } = state;
	state.last = handle;
	if (state.userBuffer !== undefined) {
		handle.bytesRead -= state.userBuffer.rest?.length ?? 0;
		// A connection that comes after this one has nothing to do with it.
		state.userBuffer.rest = undefined;
		state.userBuffer.resuming = false;
	}
	handle.context = new Closing(state, hadError);
	handle.events = closingEvents;
	state.handle = null;
	state.attempt = undefined;
	if (state.waiting !== undefined) state.waiting.answers = state.waiting.held = undefined;
	state.shutdown = undefined;
	socket._sockname = null;
	if (socket.resetAndClosing === true) {
		socket.resetAndClosing = false;
		handle.reset();
	} else {
		handle.close();
	}
}

function emitClose(socket: Socket): void {
	socket.emit('close');
}
