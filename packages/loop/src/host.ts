/**
 * What the host's own `node:net` made (Node's, that is): sockets, servers, and the native handles inside them. Drivers
 * take such connections over, and give ours back.
 *
 * Neither `_handle` nor the handles' members are documented. They are what Node's cluster, child_process and net know
 * each other by, and the same on every supported Node; what lacks them is not taken for a handle.
 */
import { errnoOf } from '@net/errors';
import type { Handle } from './handle.ts';
import { Socket } from './host-net.ts';

/** A native handle of the host: TCP or Pipe, a connection or a listener; or what a cluster gives for a listener. */
export interface HostHandle {
	/** Negative where it is not open, undefined where the host does not say. */
	readonly fd?: number;
	/** Closes its descriptor; the callback is called in the closing phase of the loop. */
	close(callback?: () => void): void;
	/** Keeps the process alive; absent of what does not listen by itself. */
	ref?(): void;
	/** Lets the process end; absent where `ref` is. */
	unref?(): void;
	/** Listens; 0 or a negative errno. Connections come to `onconnection`. */
	listen?(backlog: number): number;
	/** Called with 0 and a connection, or with a negative errno and none. To be set before `listen`. */
	onconnection?: ((errno: number, client: HostHandle) => void) | null;
	/** Fills in address, family and port; TCP only. */
	getsockname?(out: HostAddress): number;
}

export interface HostAddress {
	address?: string;
	family?: string;
	port?: number;
}

/** How a socket of the host is to be made of a handle. */
export interface HostSocketOptions {
	/** False: the socket ends itself when the peer has ended, as the option of `new net.Socket()` says. */
	allowHalfOpen: boolean;
	/** False where the handle is half-closed. */
	writable: boolean;
}

/** Whether this is a native handle of the host's `node:net`. TLS and terminals have handles of other kinds. */
export function isHostHandle(value: unknown): value is HostHandle {
	if (typeof value !== 'object' || value === null) return false;
	const { name }: { name: unknown } = value.constructor ?? noConstructor;
	return (name === 'TCP' || name === 'Pipe') && 'close' in value && 'listen' in value;
}

/**
 * The native handle in a socket of the host, or the handle that this is.
 * @returns a negative errno where it cannot be taken over. EINVAL: it is neither, or does more than to pass bytes (TLS, an
 * encoding). EBADF: it is closed. EALREADY: it is still connecting. EBUSY: what it wrote has not left yet.
 */
export function connectionIn(host: object): HostHandle | number {
	if (isHostHandle(host)) return host;
	if (!(host instanceof Socket)) return errnoOf('EINVAL');
	if (host.destroyed) return errnoOf('EBADF');
	if (host.connecting) return errnoOf('EALREADY');
	const inner: unknown = Reflect.get(host, '_handle');
	if (inner === null) return errnoOf('EBADF');
	if (!isHostHandle(inner) || host.readableEncoding !== null) return errnoOf('EINVAL');
	const unsent = host.writableLength > 0 || (host.writableEnded && !host.writableFinished);
	return unsent ? errnoOf('EBUSY') : inner;
}

/** Gives a handle what a socket of the host has read and told nobody; it is delivered first, when reading is asked for. */
export function passUnread(host: object, handle: Handle): void {
	if (!(host instanceof Socket)) return;
	// They would get what `read` returns as well.
	host.removeAllListeners('data');
	for (let chunk = nextChunk(host); chunk !== null; chunk = nextChunk(host)) handle.completeRead(chunk);
}

/** Whether a cluster's primary listens for this process. */
export function isClusterWorker(): boolean {
	// Asked for when it is needed, as Node's own net does: behind it are child processes and datagrams.
	return process.getBuiltinModule('node:cluster').isWorker;
}

function nextChunk(host: Socket): Buffer | null {
	const chunk: unknown = host.read();
	return Buffer.isBuffer(chunk) ? chunk : null;
}

const noConstructor = { name: undefined };
