/** What ties a listener to the host's server. */
import type { ListenOptions, Socket } from 'node:net';
import { PENDING } from '../driver.ts';
import type { AddressInfo } from '../driver.ts';
import type { Handle } from '../handle.ts';
import { Server } from '../host-net.ts';
import type { Listener } from '../listener.ts';
import { raiseLater } from '../raise-later.ts';
import { errnoOfError } from './errno.ts';
import { addressOf } from './host.ts';

/** What the host listens on: a descriptor, too, which its types leave out. */
export interface Target extends ListenOptions {
	fd?: number;
}

export class Listening {
	readonly listener: Listener;
	readonly host: Server;
	/** The caller was told that it listens, or that it does not. */
	#listening = false;
	#failed = false;
	#closing = false;
	readonly #attach: (handle: Handle, socket: Socket, path: string | undefined) => void;

	/** @param attach - given the handle of an accepted connection, the host's socket, and the path that was listened on. */
	constructor(listener: Listener, attach: (handle: Handle, socket: Socket, path: string | undefined) => void) {
		const host = new Server({ allowHalfOpen: true, pauseOnConnect: listener.paused, highWaterMark: 1 });
		this.listener = listener;
		this.host = host;
		this.#attach = attach;
		listener.host = host;
		host.once('listening', this.#onListening);
		host.on('connection', this.#onConnection);
		host.on('error', this.#onError);
	}

	/** @returns 0, a negative errno, or PENDING. */
	start(target: Target): number {
		const { host, listener } = this;
		if (!listener.referenced) host.unref();
		try {
			host.listen(target);
		} catch (error) {
			return errnoOfError(error, 'EINVAL');
		}
		// The host reports in its next tick in either case. `listening` says what it is going to say, except where it
		// resolves the address first; then it is false, and the answer comes later.
		if (!host.listening) return PENDING;
		this.#listening = true;
		return 0;
	}

	get localAddress(): AddressInfo | string | undefined {
		return this.host.listening ? addressOf(this.host.address()) : undefined;
	}

	/** The host's `'close'` waits for the connections, the contract does not. */
	close(): void {
		this.#closing = true;
		if (this.host.listening) this.host.close();
		// Else the host's answer is still to come, and the descriptor with it; or there is none.
		if (this.#listening || this.#failed) setImmediate(this.#onClosed);
	}

	readonly #onListening = (): void => {
		if (this.#listening) return;
		this.#listening = true;
		if (this.#closing) return this.close();
		this.#complete(0);
	};

	readonly #onError = (failure: unknown): void => {
		const errno = errnoOfError(failure);
		if (!this.#listening) {
			this.#failed = true;
			if (this.#closing) return this.close();
			return this.#complete(errno);
		}
		try {
			this.listener.completeError(errno);
		} catch (error) {
			raiseLater(error);
		}
	};

	readonly #onConnection = (socket: Socket): void => {
		const { host, listener } = this;
		let handle: Handle;
		try {
			handle = listener.createHandle();
		} catch (error) {
			socket.destroy();
			return raiseLater(error);
		}
		const address = host.address();
		this.#attach(handle, socket, typeof address === 'string' ? address : undefined);
		try {
			listener.completeAccept(handle);
		} catch (error) {
			raiseLater(error);
		}
	};

	#complete(errno: number): void {
		try {
			this.listener.completeListen(errno);
		} catch (error) {
			raiseLater(error);
		}
	}

	readonly #onClosed = (): void => {
		this.listener.completeClose();
	};
}
