/** `for await (const socket of server)`: connections as a queue that is asked for the next one. */
import type { Socket } from '@net/socket';

import type { Server } from './server.ts';

interface Asked {
	resolve: (result: IteratorResult<Socket, undefined>) => void;
	reject: (error: Error) => void;
}

/** Sockets that were accepted since it was made, in order. Whoever is destroyed before somebody asks is left out. */
export class Connections implements AsyncIterableIterator<Socket, undefined, void> {
	readonly #server: Server;
	readonly #accepted: Socket[] = [];
	readonly #asked: Asked[] = [];
	#over = false;
	#error: Error | undefined = undefined;

	constructor(server: Server) {
		this.#server = server;
		server.on('connection', this.#onConnection).on('error', this.#onError).on('close', this.#onClose);
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	/** The next connection; done when the server has closed. Rejects once when the server emits 'error', and is over then. */
	next(): Promise<IteratorResult<Socket, undefined>> {
		for (let socket = this.#accepted.shift(); socket !== undefined; socket = this.#accepted.shift()) {
			socket.off('error', ignore);
			if (!socket.destroyed) return Promise.resolve({ value: socket, done: false });
		}
		const error = this.#error;
		this.#error = undefined;
		if (error !== undefined) return Promise.reject(error);
		if (this.#over) return Promise.resolve(end);
		return new Promise((resolve, reject) => this.#asked.push({ resolve, reject }));
	}

	/** The loop was left: connections that nobody asked for are destroyed. The server goes on. */
	return(): Promise<IteratorResult<Socket, undefined>> {
		this.#stop();
		for (const socket of this.#accepted.splice(0)) socket.destroy();
		return Promise.resolve(end);
	}

	readonly #onConnection = (socket: Socket): void => {
		const asked = this.#asked.shift();
		if (asked !== undefined) {
			asked.resolve({ value: socket, done: false });
			return;
		}
		// Nobody else listens to it yet.
		socket.on('error', ignore);
		this.#accepted.push(socket);
	};

	readonly #onError = (error: Error): void => {
		const asked = this.#asked.shift();
		if (asked === undefined) this.#error = error;
		else asked.reject(error);
		this.#stop();
	};

	readonly #onClose = (): void => this.#stop();

	#stop(): void {
		this.#over = true;
		const server = this.#server;
		server.off('connection', this.#onConnection).off('error', this.#onError).off('close', this.#onClose);
		for (const { resolve } of this.#asked.splice(0)) resolve(end);
	}
}

const end: IteratorResult<Socket, undefined> = { value: undefined, done: true };

function ignore(): void {}
