/** Listening on what is bound already. */
import { listenError } from '@net/errors';
import { Listener, currentDriver } from '@net/loop';
import { takeBound } from '@net/socket';
import type { BoundSocket } from '@net/socket';

import { Listening, listenerEvents } from './accept.ts';
import type { Server } from './server.ts';

/**
 * Takes the bound socket over.
 * @returns the listener, or the error to emit: the bound socket is closed then.
 * @throws ERR_SOCKET_HANDLE_ADOPTED
 */
export function listenOnBound(server: Server, bound: BoundSocket, backlog: number): Listener | Error {
	const path = bound.isPipe ? bound.address() : undefined;
	const handle = takeBound(bound);
	const refused = (errno: number): Error => listenError(errno, 'listen', null, -1);
	const driver = currentDriver();
	const listener = new Listener(driver, listenerEvents, server.pauseOnConnect);
	listener.context = new Listening(server, refused, path !== undefined);
	const errno = driver.listenBound(listener, handle, backlog);
	if (errno < 0) {
		handle.close();
		return refused(errno);
	}
	if (typeof path === 'string') server._pipeName = path;
	return listener;
}
