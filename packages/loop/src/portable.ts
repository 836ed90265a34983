/**
 * The portable driver: the contract of driver.ts over the host's own public `node:net`, for Windows, macOS, Bun, Deno and
 * every machine that has no binary of ours. It buys no speed; it behaves the same.
 *
 * `handle.host` is the host's `Socket`, `listener.host` its `Server`. What the host cannot do:
 * - `fd` is -1, since no public API tells it, but for what was bound;
 * - without `_createServerHandle` (see portable/bound.ts) `bindTcp` only remembers: a busy or foreign address is the answer
 *   of `completeConnect`, and there is no `bindPath`;
 * - what `bindPath` bound can be listened on, but not connected;
 * - `listenTcp` with an address answers later (PENDING), without one at once;
 * - types of service need a host that has them: without, ENOSYS;
 * - so do the interval and count of keep-alive probes, and REUSE_PORT: without, they have no effect;
 * - `reset` while a half-close is unsent closes plainly, as libuv refuses to do both.
 */
import type { SocketConnectOpts } from 'node:net';
import { errnoOf } from '@net/errors';
import type { AddressInfo, Driver } from './driver.ts';
import type { Handle } from './handle.ts';
import { isClusterWorker, isHostHandle } from './host.ts';
import type { HostHandle, HostSocketOptions } from './host.ts';
import { Server, Socket } from './host-net.ts';
import type { Listener } from './listener.ts';
import { IPV6_ONLY, READABLE_ALL, REUSE_PORT, WRITABLE_ALL } from './driver.ts';
import { isForbidden } from './permission.ts';
import { Turn } from './turn.ts';
import { Attachment } from './portable/attachment.ts';
import { bindPath, bindTcp, hostBinds, socketOver } from './portable/bound.ts';
import { socketOfDescriptor } from './portable/descriptor.ts';
import { errnoOfError } from './portable/errno.ts';
import { takeHost, toHostSocket } from './portable/exchange.ts';
import { CONNECTING_OPTIONS, isTooLong } from './portable/host.ts';
import { Listening } from './portable/listening.ts';
import type { Target } from './portable/listening.ts';
import { setKeepAlive, setNoDelay, setTypeOfService, typeOfService } from './portable/settings.ts';

/** @returns the driver; there is always one. */
export function createPortableDriver(): Driver {
	const driver = new PortableDriver();
	// Completions are the host's own callbacks, so there is nothing to deliver.
	driver.turn = new Turn(
		new Int32Array(2),
		() => driver.submit(),
		() => {},
	);
	return driver;
}

class PortableDriver implements Driver {
	readonly name = 'portable';
	/** Set right after construction: the turn needs the driver, too. */
	turn: Turn | undefined = undefined;

	readonly #attachments = new WeakMap<Handle, Attachment>();
	readonly #listenings = new WeakMap<Listener, Listening>();
	/** What `bindTcp` was told where the host cannot bind before it connects. */
	readonly #wishes = new WeakMap<Handle, { localAddress: string; localPort: number }>();
	/** Handles that have something to do at the end of the turn, each once. */
	#queue: Attachment[] = [];

	// ── Opening.

	bindTcp(handle: Handle, address: string, port: number, flags: number): number {
		if (isForbidden()) return errnoOf('EACCES');
		if (!hostBinds) {
			this.#wishes.set(handle, { localAddress: address, localPort: port });
			return 0;
		}
		return this.#bind(handle, bindTcp(address, port, flags), undefined);
	}

	bindPath(handle: Handle, path: string): number {
		if (isForbidden()) return errnoOf('EACCES');
		if (!hostBinds) return errnoOf('ENOSYS');
		return isTooLong(path) ? errnoOf('EINVAL') : this.#bind(handle, bindPath(path), path);
	}

	/** Puts the host's socket over what was bound. It does nothing until it is told to connect, or given to a server. */
	#bind(handle: Handle, bound: HostHandle | number, path: string | undefined): number {
		if (typeof bound === 'number') return bound;
		const attachment = this.#attach(handle, socketOver(bound), false);
		attachment.bound = bound;
		attachment.idle = true;
		attachment.localPath = path;
		attachment.updateReference();
		return 0;
	}

	connectTcp(handle: Handle, address: string, port: number): number {
		if (isForbidden()) return errnoOf('EACCES');
		if (this.#attachments.get(handle)?.idle === false) return errnoOf('EISCONN');
		const target = { host: address, port, autoSelectFamily: false, ...this.#wishes.get(handle) };
		return this.#connect(this.#open(handle), target);
	}

	connectPath(handle: Handle, path: string): number {
		if (isForbidden()) return errnoOf('EACCES');
		if (isTooLong(path)) return errnoOf('EINVAL');
		// A pipe of the host's that was bound is neither readable nor writable once it is connected.
		const { idle } = this.#attachments.get(handle) ?? {};
		if (idle !== undefined) return errnoOf(idle ? 'ENOTSUP' : 'EISCONN');
		const attachment = this.#open(handle);
		attachment.remotePath = path;
		return this.#connect(attachment, { path });
	}

	#connect(attachment: Attachment, target: SocketConnectOpts): number {
		const { handle, host } = attachment;
		try {
			host.connect(target);
			// A host that was told neither would read what comes first.
			attachment.setReading(handle.reading);
			return 0;
		} catch (error) {
			attachment.forget();
			this.#attachments.delete(handle);
			handle.host = undefined;
			return errnoOfError(error, 'EINVAL');
		}
	}

	adopt(handle: Handle, fd: number): number {
		const socket = socketOfDescriptor(fd);
		if (typeof socket === 'number') return socket;
		this.#attach(handle, socket, false).setReading(handle.reading);
		return 0;
	}

	adoptHost(handle: Handle, host: Socket | HostHandle): number {
		const socket = takeHost(handle, host);
		if (typeof socket === 'number') return socket;
		this.#attach(handle, socket, true).setReading(false);
		return 0;
	}

	toHostSocket(handle: Handle, options: HostSocketOptions): Socket | number {
		const host = this.#host(handle);
		return host === undefined ? errnoOf('EBADF') : toHostSocket(handle, host, options);
	}

	/** The host's server is there already. */
	toHostServer(listener: Listener): Server | number {
		if (isClusterWorker()) return errnoOf('ENOTSUP');
		return listener.host instanceof Server && listener.host.listening ? listener.host : errnoOf('EBADF');
	}

	listenTcp(listener: Listener, address: string | undefined, port: number, backlog: number, flags: number): number {
		if (isForbidden()) return errnoOf('EACCES');
		const ipv6Only = (flags & IPV6_ONLY) !== 0;
		const reusePort = (flags & REUSE_PORT) !== 0;
		const options = { port, backlog, ipv6Only, reusePort, exclusive: true };
		return this.#listen(listener, address === undefined ? options : { ...options, host: address });
	}

	listenPath(listener: Listener, path: string, backlog: number, flags: number): number {
		if (isForbidden()) return errnoOf('EACCES');
		if (isTooLong(path)) return errnoOf('EINVAL');
		const readableAll = (flags & READABLE_ALL) !== 0;
		const writableAll = (flags & WRITABLE_ALL) !== 0;
		return this.#listen(listener, { path, backlog, readableAll, writableAll, exclusive: true });
	}

	listenFd(listener: Listener, fd: number, backlog: number): number {
		return this.#listen(listener, { fd, backlog, exclusive: true });
	}

	listenBound(listener: Listener, handle: Handle, backlog: number): number {
		const attachment = this.#attachments.get(handle);
		if (attachment === undefined || attachment.host.destroyed) return errnoOf('EBADF');
		const inner: unknown = attachment.bound ?? Reflect.get(attachment.host, '_handle');
		if (!isHostHandle(inner)) return errnoOf('EBADF');
		const errno = listener.listenHost(inner, backlog);
		if (errno < 0) return errno;
		// The host's socket is a mere wrapping from here on: it is never destroyed, for the listener has its inside.
		attachment.release();
		this.#attachments.delete(handle);
		handle.host = undefined;
		return 0;
	}

	#listen(listener: Listener, target: Target): number {
		const listening = new Listening(listener, (handle, socket, path) => {
			const attachment = this.#attach(handle, socket, true);
			attachment.localPath = path;
			handle.markReading(!listener.paused);
			attachment.updateReference();
		});
		this.#listenings.set(listener, listening);
		return listening.start(target);
	}

	/** The host's socket of a handle that will connect: made now, or when it was bound. */
	#open(handle: Handle): Attachment {
		const bound = this.#attachments.get(handle);
		if (bound?.idle === true) {
			bound.idle = false;
			bound.connecting = true;
			return bound;
		}
		const attachment = this.#attach(handle, new Socket(CONNECTING_OPTIONS), false);
		attachment.connecting = true;
		return attachment;
	}

	#attach(handle: Handle, host: Socket, accepted: boolean): Attachment {
		const attachment = new Attachment(handle, host, accepted);
		handle.host = host;
		this.#attachments.set(handle, attachment);
		return attachment;
	}

	// ── Bytes.

	write(handle: Handle, chunk: Uint8Array | string, encoding: BufferEncoding): number {
		const attachment = this.#attachments.get(handle);
		if (attachment === undefined) return 0;
		const length = attachment.write(chunk, encoding);
		this.#enqueue(attachment);
		return length;
	}

	backlog(handle: Handle): number {
		return this.#attachments.get(handle)?.backlog ?? 0;
	}

	submit(): void {
		// By index and not for-of: a host that fails at once may make its owner write elsewhere.
		const queue = this.#queue;
		for (let i = 0; i < queue.length; i++) queue[i]?.submit();
		queue.length = 0;
	}

	settle(): void {
		// The host answers a write in a tick.
		this.submit();
	}

	setReading(handle: Handle, on: boolean): void {
		this.#attachments.get(handle)?.setReading(on);
	}

	shutdown(handle: Handle): boolean {
		const attachment = this.#attachments.get(handle);
		if (attachment === undefined) return false;
		attachment.shutdownAsked = true;
		this.#enqueue(attachment);
		return true;
	}

	close(handle: Handle): void {
		this.#close(handle, false);
	}

	reset(handle: Handle): void {
		this.#close(handle, true);
	}

	#close(handle: Handle, byReset: boolean): void {
		const attachment = this.#attachments.get(handle);
		if (attachment === undefined) {
			setImmediate(() => handle.completeClose());
			return;
		}
		attachment.closing = byReset ? 'reset' : 'close';
		this.#enqueue(attachment);
	}

	closeListener(listener: Listener): void {
		const listening = this.#listenings.get(listener);
		if (listening === undefined) setImmediate(() => listener.completeClose());
		else listening.close();
	}

	/** Last in each operation: while the process exits, `schedule` submits at once. */
	#enqueue(attachment: Attachment): void {
		if (!attachment.queued) {
			attachment.queued = true;
			this.#queue.push(attachment);
		}
		this.turn?.schedule();
	}

	// ── Settings and facts.

	setNoDelay(handle: Handle, on: boolean): number {
		return setNoDelay(this.#host(handle), on);
	}

	setKeepAlive(handle: Handle, on: boolean, delay: number, interval: number, count: number): number {
		return setKeepAlive(this.#host(handle), on, delay, interval, count);
	}

	setTypeOfService(handle: Handle, value: number): number {
		return setTypeOfService(this.#host(handle), value);
	}

	typeOfService(handle: Handle): number {
		return typeOfService(this.#host(handle));
	}

	setReferenced(handle: Handle | Listener, on: boolean): void {
		if ('reading' in handle) return this.#attachments.get(handle)?.updateReference();
		const host = this.#listenings.get(handle)?.host;
		if (on) host?.ref();
		else host?.unref();
	}

	fd(handle: Handle | Listener): number {
		return 'reading' in handle ? (this.#attachments.get(handle)?.bound?.fd ?? -1) : -1;
	}

	localAddress(handle: Handle | Listener): AddressInfo | string | undefined {
		if ('reading' in handle) return this.#attachments.get(handle)?.localAddress;
		return this.#listenings.get(handle)?.localAddress;
	}

	remoteAddress(handle: Handle): AddressInfo | string | undefined {
		return this.#attachments.get(handle)?.remoteAddress;
	}

	/** The host's socket while it is open. */
	#host(handle: Handle): Socket | undefined {
		const { host } = handle;
		return host instanceof Socket && !host.destroyed ? host : undefined;
	}
}
