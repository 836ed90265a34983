/**
 * Workers of a cluster. Their servers listen through the primary, which deals out connections (round robin), or shares one
 * listening socket among them (SCHED_NONE), and is told where each of them listens.
 *
 * `cluster._getServer` is no documented function, but a plain property of the module, and how Node's own net asks: there is no
 * other way to the primary. A host that has none lets each worker listen for itself.
 */
import { Socket } from 'node:net';
import { relative, resolve } from 'node:path';

import { connectError, errnoOf } from '@net/errors';
import type { HostHandle } from '@net/loop';

import type { Server } from './server.ts';

/** What the primary is told; the names are those of its message. */
export interface Query {
	address: string | null;
	port: number | null;
	/** 4, 6, -1: a path, null: a descriptor of the primary's. */
	addressType: number | null;
	fd: number | undefined;
	/** Those of libuv, of which IPV6_ONLY is 1 as ours. */
	flags: number;
	backlog: number;
	readableAll?: boolean | undefined;
	writableAll?: boolean | undefined;
}

/** Whether a server is to listen through a primary. */
export function hasPrimary(): boolean {
	const cluster = hostCluster();
	return cluster.isWorker && typeof Reflect.get(cluster, '_getServer') === 'function';
}

/**
 * Asks the primary for what a server is to listen on.
 * @param answer - gets a handle, which is the server's from there on, or the error to emit; not called at all where the server
 * was closed, or told to listen elsewhere, meanwhile.
 */
export function askPrimary(server: Server, query: Query, answer: (given: HostHandle | Error) => void): void {
	const cluster = hostCluster();
	const ask: unknown = Reflect.get(cluster, '_getServer');
	if (typeof ask !== 'function') return;
	owner ??= ownerSymbol();
	const id = server._listeningId;
	const onAnswer = (errno: number | null | undefined, handle: HostHandle | null): void => {
		if (id !== server._listeningId) {
			handle?.close();
			return;
		}
		const status = errno || (handle === null ? errnoOf('EINVAL') : bindStatus(query, handle));
		if (status === 0 && handle !== null) {
			// By this the primary's messages find the server: to count its connections, and to close it when the worker is to end.
			if (owner !== undefined) Reflect.set(handle, owner, new Owner(server));
			answer(handle);
			return;
		}
		handle?.close();
		answer(connectError(status, 'bind', query.address, query.port ?? undefined));
	};
	// Older primaries would cut it short.
	if (isTooLong(query)) process.nextTick(onAnswer, errnoOf('EINVAL'), null);
	else Reflect.apply(ask, cluster, [server, query, onAnswer]);
}

/** With SCHED_NONE a busy port may show only here: the handle is then bound to another one. */
function bindStatus({ port }: Query, handle: HostHandle): number {
	if (port === null || port <= 0 || handle.getsockname === undefined) return 0;
	const out: { port?: number } = {};
	const errno = handle.getsockname(out);
	return errno === 0 && out.port !== port ? errnoOf('EADDRINUSE') : errno;
}

/** What the primary's messages look at: Node's older ones know nothing of `dropMaxConnection`. */
class Owner {
	readonly #server: Server;

	constructor(server: Server) {
		this.#server = server;
	}

	/** Where this is reached the connection goes to another worker. */
	get maxConnections(): number | undefined {
		return this.#server.dropMaxConnection ? undefined : this.#server.maxConnections;
	}

	get _connections(): number {
		return this.#server._connections;
	}

	close(callback?: () => void): void {
		this.#server.close(callback);
	}
}

/** The primary takes the shorter of the path as such and as seen from where it is, which is here. */
function isTooLong({ address, port }: Query): boolean {
	if (port !== NO_PORT || address === null || address.startsWith('\0')) return false;
	const lengths = [resolve(address), relative('', address)].map((path) => Buffer.byteLength(path));
	return process.platform === 'linux' && Math.min(...lengths) > LONGEST_PATH;
}

/** What the primary is told in the place of a port where it is a path. */
const NO_PORT = -1;
/** `sun_path`, which may be filled. */
const LONGEST_PATH = 108;

/** Asked for when a server listens, as Node's own net does: behind it are child processes and datagrams. */
function hostCluster(): typeof import('node:cluster') {
	return process.getBuiltinModule('node:cluster');
}

/** The symbol under which a handle of Node's has its owner; a socket puts itself there. */
let owner: symbol | undefined;

function ownerSymbol(): symbol | undefined {
	const handle = {};
	// `object`: Node's types do not know `handle`. It does nothing with it but to enter itself.
	const options: object = { handle, readable: false, manualStart: true };
	new Socket(options).on('error', () => {});
	return Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
}
