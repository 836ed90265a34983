/** Servers for those who take none but Node's own: `child_process`, which sends them to other processes. */
import type { Server as NodeServer } from 'node:net';

import { ERR_INVALID_ARG_TYPE, ERR_SERVER_NOT_RUNNING, systemError } from '@net/errors';

import { Server } from './server.ts';

/**
 * Makes a server of Node's own `node:net` that listens on the same socket: for `child.send()`, by which a child shares it.
 *
 * `server` goes on. What Node's server accepts in this process is given to `server`, so it needs no 'connection' listener. It
 * keeps no process running, and closes with `server`: close that, not it.
 * @returns an instance of `net.Server`; called again, the same on the native driver and on the portable one.
 * @throws ERR_INVALID_ARG_TYPE; ERR_SERVER_NOT_RUNNING where it does not listen; a system error: ENOTSUP in a cluster's worker,
 * and for a server that listens on a handle of Node's; `dup EMFILE`.
 */
export function toNodeServer(server: Server): NodeServer {
	if (!(server instanceof Server)) throw new ERR_INVALID_ARG_TYPE('server', 'Server', server);
	const listener = server._handle;
	if (listener === null) throw new ERR_SERVER_NOT_RUNNING();
	const made = listener.toHostServer();
	if (typeof made === 'number') throw systemError(made, 'dup');
	return made;
}
