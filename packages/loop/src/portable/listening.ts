/** What ties a listener to the host's server. */
import type { Server, Socket } from 'node:net';
import type { Handle } from '../handle.ts';
import type { Listener } from '../listener.ts';
import { raiseLater } from '../raise-later.ts';
import { errnoOfError } from './errno.ts';

export class Listening {
	readonly listener: Listener;
	readonly host: Server;
	/** The caller was told that it listens, or that it does not. */
	listening = false;
	#failed = false;
	#closing = false;
	readonly #attach: (handle: Handle, socket: Socket) => void;

	constructor(listener: Listener, host: Server, attach: (handle: Handle, socket: Socket) => void) {
		this.listener = listener;
		this.host = host;
		this.#attach = attach;
		host.once('listening', this.#onListening);
		host.on('connection', this.#onConnection);
		host.on('error', this.#onError);
	}

	/** The host's `'close'` waits for the connections, the contract does not. */
	close(): void {
		this.#closing = true;
		if (this.host.listening) this.host.close();
		// Else the host's answer is still to come, and the descriptor with it; or there is none.
		if (this.listening || this.#failed) setImmediate(this.#onClosed);
	}

	readonly #onListening = (): void => {
		if (this.listening) return;
		this.listening = true;
		if (this.#closing) return this.close();
		this.#complete(0);
	};

	readonly #onError = (failure: unknown): void => {
		const errno = errnoOfError(failure);
		if (!this.listening) {
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
		const { listener } = this;
		let handle: Handle;
		try {
			handle = listener.createHandle();
		} catch (error) {
			socket.destroy();
			return raiseLater(error);
		}
		this.#attach(handle, socket);
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
