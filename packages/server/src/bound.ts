/** Listening on what is bound already: a BoundSocket, or a socket that is not connected. */
import { errnoOf, listenError, systemError } from '@net/errors';
import { Listener, currentDriver } from '@net/loop';
import { BoundSocket, Socket, handleOf, takeBound } from '@net/socket';

import { Listening, listenerEvents } from './accept.ts';
import type { Server } from './server.ts';

/** Whether `listenOnBound` takes it. */
export function isBound(value: object): value is BoundSocket | Socket {
	return value instanceof BoundSocket || (value instanceof Socket && handleOf(value) !== null);
}

/**
 * Takes the handle over. A socket keeps its name and is of no other use any more.
 * @returns the listener, or the error to emit: what was bound is closed then, and a socket destroyed.
 * @throws ERR_SOCKET_HANDLE_ADOPTED
 */
export function listenOnBound(server: Server, bound: BoundSocket | Socket, backlog: number): Listener | Error {
	const handle = bound instanceof BoundSocket ? takeBound(bound) : handleOf(bound);
	// The socket goes on telling its name.
	if (bound instanceof Socket) bound.address();
	const local = handle?.local;
	const path = typeof local === 'string' ? local : undefined;
	const refused = (errno: number): Error => listenError(errno, 'listen', null, -1);
	const driver = currentDriver();
	const listener = new Listener(driver, listenerEvents, server.pauseOnConnect);
	listener.context = new Listening(server, refused, path !== undefined);
	const errno = handle === null ? errnoOf('EBADF') : driver.listenBound(listener, handle, backlog);
	if (errno < 0) {
		if (bound instanceof Socket) bound.destroy(systemError(errno, 'read'));
		else handle?.close();
		return refused(errno);
	}
	if (path !== undefined) server._pipeName = path;
	return listener;
}
