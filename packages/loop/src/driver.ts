/**
 * THE SEAM: what a driver must do, so that everything above need not know which one runs.
 *
 * A driver moves bytes between the kernel and {@link Handle}s. There are two: `native` (Rust, epoll) and `portable`
 * (Node's public `node:net`). Completion is the model: an operation is asked for by a method of this interface and
 * answered by a method of the handle (`completeConnect`, `completeRead`, …). To add a driver, obey this:
 *
 * 1. **It never throws and never emits.** A method answers with 0 or a negative errno (as `util.getSystemErrorName` takes
 *    it); arguments were checked above. All else is reported by calling the handle's or listener's `complete…` methods.
 * 2. **Nothing is completed inside the call that asks for it**, `listen` excepted (see there). `process.nextTick` and
 *    promise jobs run between two completions, except that the writes of a turn that the kernel took at once are completed
 *    one after another at its end, as Node's are in its `nextTick` queue. An exception that a listener throws reaches
 *    `uncaughtException` and costs no other handle its completion.
 * 3. **Order.** Per handle: `completeConnect`, then reads in the order of the bytes, then `completeEnd`; writes in the order
 *    they were asked for, then the shutdown. A close overtakes nothing that was written before it and can still be sent at
 *    once; what the kernel does not take at once is dropped.
 * 4. **Turns.** `write`, `shutdown`, `close` and `reset` only queue. The queue leaves at the end of the turn (see
 *    turn.ts), or when `submit` is called; all that one handle wrote in a turn is one system call where the kernel takes it.
 * 5. **Who owns what.** A chunk given to `completeRead` is the receiver's for good. A chunk given to `write` must stay
 *    unchanged until `completeWrite`; a string is encoded at once. What its owner takes away before (by a transfer) may be
 *    answered by EFAULT, and is never left out of the stream as if it had been sent.
 * 6. **After `close` or `reset`** no completion of the handle follows but exactly one `completeClose`, in the closing phase
 *    of the loop (after `setImmediate` callbacks), as for Node's own handles. File descriptors are closed before that.
 * 7. **References.** A handle keeps the process alive while it connects, has unfinished writes, a pending shutdown or close;
 *    and while it is referenced (the default), as long as it reads or listens. A paused handle keeps nothing alive.
 * 8. **File descriptors** are close-on-exec and non-blocking, and a call never blocks the thread: save on a pipe or terminal
 *    that somebody else who has it makes blocking.
 * 9. **Permissions.** Where Node's permission model allows no sockets, binding, connecting and listening answer by EACCES.
 */
import type { Server, Socket } from 'node:net';
import type { Handle } from './handle.ts';
import type { HostHandle, HostSocketOptions } from './host.ts';
import type { Listener } from './listener.ts';

/** An operation that the kernel has not answered yet; the completion comes later. */
export const PENDING = 1;

/** An address as `server.address()` and `socket.address()` show it; `port` is absent on Unix sockets. */
export interface AddressInfo {
	/** In numbers; an IPv6 one may have a zone. */
	address: string;
	/** `SocketAddress` and `BlockList` write them in small letters. */
	family: 'IPv4' | 'IPv6';
	/** 1–65535: what the system chose where 0 was asked for. */
	port: number;
}

/** Flag of {@link Driver.listenTcp} and {@link Driver.bindTcp}: not for IPv4 as well. Add them. */
export const IPV6_ONLY = 1;
/** Flag of {@link Driver.listenTcp} and {@link Driver.bindTcp}: others may bind the same address and port. */
export const REUSE_PORT = 2;
/** Flag of {@link Driver.listenPath}: everybody may read the socket's file. */
export const READABLE_ALL = 4;
/** Flag of {@link Driver.listenPath}: everybody may write the socket's file, which is what connecting takes. */
export const WRITABLE_ALL = 8;

/** What makes and moves handles and listeners; the head of its source says what it must do. For @net/socket and @net/server. */
export interface Driver {
	/** What `NET_LOOP_DRIVER` calls it. */
	readonly name: 'native' | 'portable';

	// ── Opening. A handle is opened once, by one of `connect…` or `adopt`, or by a driver when it accepts. What its owner
	// said before (`resume`, `unref`) holds from then on.

	/**
	 * Binds the local end of a handle that will connect, or be listened with. Until it connects its `localAddress` answers,
	 * unless the host cannot bind before; writes are answered by EPIPE, a shutdown by ENOTCONN.
	 * @param address - an IPv4 or IPv6 address in numbers, zone allowed.
	 * @returns 0 or a negative errno; EADDRINUSE may come from `connectTcp` or `listenBound` instead.
	 */
	bindTcp(handle: Handle, address: string, port: number, flags: number): number;
	/** As `bindTcp`, to a path, whose file goes with the handle or its listener. ENOSYS where the host cannot. */
	bindPath(handle: Handle, path: string): number;
	/** Starts to connect; answered by `completeConnect`. `address` is in numbers: names are resolved above. */
	connectTcp(handle: Handle, address: string, port: number): number;
	/** Starts to connect to a Unix socket or, on Windows, a named pipe. A leading NUL names Linux' abstract space. */
	connectPath(handle: Handle, path: string): number;
	/**
	 * Takes over an open file descriptor: a stream socket, pipe or FIFO. Reading has to be asked for.
	 * EINVAL where the descriptor is of another kind, EBADF where it is none. Standard input, output and error stay open when
	 * the handle closes, as on Node: their numbers are the program's.
	 */
	adopt(handle: Handle, fd: number): number;
	/**
	 * Takes over a connection of the host's own `node:net`: a native handle, or a socket, which closes without closing the
	 * connection. What the socket has read comes first. Reading has to be asked for.
	 * @returns 0 or a negative errno, those of `connectionIn` included: then the host's stays as it was.
	 */
	adoptHost(handle: Handle, host: Socket | HostHandle): number;
	/**
	 * Gives the connection to a socket of the host, which reads nothing before its `resume`. The handle is then to be closed by
	 * its owner, which leaves the connection open. Reading has to be off, since the end of the last wake-up at the latest.
	 * @returns the socket or a negative errno. EBUSY: there are unfinished writes.
	 */
	toHostSocket(handle: Handle, options: HostSocketOptions): Socket | number;

	/**
	 * Binds and listens.
	 * @param address - in numbers, or undefined: `::` where there is IPv6, and then for IPv4 as well, else `0.0.0.0`.
	 * @returns 0: it listens, `localAddress` answers at once. Negative errno: it does not. PENDING: `completeListen` follows.
	 */
	listenTcp(listener: Listener, address: string | undefined, port: number, backlog: number, flags: number): number;
	/** As `listenTcp`, on a file that it makes: EADDRINUSE where there is one. A leading NUL: Linux' abstract space. */
	listenPath(listener: Listener, path: string, backlog: number, flags: number): number;
	/** Listens on a descriptor that is bound already. */
	listenFd(listener: Listener, fd: number, backlog: number): number;
	/**
	 * Listens with what `bindTcp`, `bindPath` or `adopt` opened: it is the listener's from here on, and the handle is not open
	 * any more. On a negative errno the handle is still to be closed.
	 */
	listenBound(listener: Listener, handle: Handle, backlog: number): number;

	/**
	 * A server of the host that listens on the same socket, for those who take no other. What it accepts goes to the listener.
	 * It is unreferenced, and ends with the listener.
	 * @returns the server or a negative errno. ENOTSUP: in a cluster's worker.
	 */
	toHostServer(listener: Listener): Server | number;

	// ── Bytes.

	/**
	 * Queues a chunk. Answered by one `completeWrite` when nothing that was written on this handle is unsent any more.
	 * @returns the chunk's length in bytes; 0 on a handle that is not open, where nothing happens.
	 */
	write(handle: Handle, chunk: Uint8Array | string, encoding: BufferEncoding): number;
	/** Bytes that the kernel has not taken yet although it was asked; 0 while a write is only queued for this turn. */
	backlog(handle: Handle): number;
	/** Sends what was queued on any handle of this environment, now, and not at the end of the turn. Completions still come later. */
	submit(): void;
	/** Sends likewise, and completes this handle's writes at once where the kernel has answered; a driver that can't leaves it. */
	settle(handle: Handle): void;
	/** Starts or stops to read. A read that was under way when it was stopped may still be completed; the handle keeps it. */
	setReading(handle: Handle, on: boolean): void;
	/**
	 * Half-closes after the queued writes; answered by `completeShutdown`.
	 * @returns false on a handle that is not open, where nothing happens.
	 */
	shutdown(handle: Handle): boolean;
	/** Closes; see rule 6. */
	close(handle: Handle): void;
	/** Closes a TCP connection by RST (`SO_LINGER` 0). */
	reset(handle: Handle): void;
	/** Stops accepting, and removes the file of a Unix socket; answered by its `completeClose`. */
	closeListener(listener: Listener): void;

	// ── Settings and facts. On a handle that is not open: EBADF, or undefined.

	/** `TCP_NODELAY`, tcp(7). @returns 0 or a negative errno, as of the two below. */
	setNoDelay(handle: Handle, on: boolean): number;
	/** Times in seconds, as the kernel has them; 0 leaves a time or the count as it is. */
	setKeepAlive(handle: Handle, on: boolean, delay: number, interval: number, count: number): number;
	/** `IP_TOS`, ip(7), or `IPV6_TCLASS`, ipv6(7): 0–255. */
	setTypeOfService(handle: Handle, value: number): number;
	/** @returns 0–255 or a negative errno. */
	typeOfService(handle: Handle): number;
	/** Whether it keeps the process alive while it reads or listens; see rule 7. */
	setReferenced(handle: Handle | Listener, on: boolean): void;
	/** The file descriptor, or -1 where the host does not say. */
	fd(handle: Handle | Listener): number;
	/** The local end: an AddressInfo on TCP, the path on Unix sockets (empty string: unnamed), undefined: not open. */
	localAddress(handle: Handle | Listener): AddressInfo | string | undefined;
	/** As `localAddress`, of the peer; undefined also while it is not connected. */
	remoteAddress(handle: Handle): AddressInfo | string | undefined;
}
