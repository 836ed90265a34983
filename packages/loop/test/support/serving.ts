/** The callback API's two ends with everything that their handlers are told. */
import type { Acceptor, ConnectOptions, Connection, ConnectionHandlers, ListenOptions } from '@net/loop';
import { connect, listen } from '@net/loop';
import { Waiter } from './waiter.ts';

export type Call = [handler: keyof ConnectionHandlers, value?: unknown];

/** Handlers that write down what they are told, then do what `react` says. */
export class Log {
	readonly calls: Call[] = [];
	readonly connections: Connection[] = [];
	readonly handlers: Required<ConnectionHandlers>;
	text = '';
	readonly #waiter = new Waiter(() => `told so far: ${this.names.join()}`);

	constructor(react: ConnectionHandlers = {}) {
		this.handlers = {
			open: (connection) => {
				this.connections.push(connection);
				this.#note(['open'], () => react.open?.(connection));
			},
			data: (connection, chunk) => {
				this.text += chunk.toString('latin1');
				this.#note(['data', chunk.length], () => react.data?.(connection, chunk));
			},
			drain: (connection) => this.#note(['drain'], () => react.drain?.(connection)),
			end: (connection) => this.#note(['end'], () => react.end?.(connection)),
			error: (connection, error) => this.#note(['error', error], () => react.error?.(connection, error)),
			close: (connection, hadError) => this.#note(['close', hadError], () => react.close?.(connection, hadError)),
		};
	}

	#note(call: Call, react: () => void): void {
		this.calls.push(call);
		try {
			react();
		} finally {
			this.#waiter.check();
		}
	}

	get names(): string[] {
		return this.calls.map(([name]) => name);
	}

	/** The first connection that opened. */
	get connection(): Connection {
		const [first] = this.connections;
		if (first === undefined) throw new Error('no connection yet');
		return first;
	}

	count(handler: keyof ConnectionHandlers): number {
		return this.calls.filter(([name]) => name === handler).length;
	}

	value(handler: keyof ConnectionHandlers): unknown {
		return this.calls.find(([name]) => name === handler)?.[1];
	}

	async until(handler: keyof ConnectionHandlers, times = 1): Promise<void> {
		await this.#waiter.until(() => this.count(handler) >= times, `${handler} (${times})`);
	}

	async when(condition: () => boolean, what: string): Promise<void> {
		await this.#waiter.until(condition, what);
	}
}

export interface Served {
	acceptor: Acceptor;
	ours: Log;
	theirs: Log;
	connection: Connection;
	peer: Connection;
	gone: () => Promise<void>;
}

/** Listens, connects, and waits until both ends are open. `ours` is the connecting side. */
export async function serve(
	ours: ConnectionHandlers = {},
	theirs: ConnectionHandlers = {},
	options: { connect?: ConnectOptions; listen?: ListenOptions } = {},
): Promise<Served> {
	const ourLog = new Log(ours);
	const theirLog = new Log(theirs);
	const acceptor = await listen({ port: 0, host: '127.0.0.1', ...options.listen }, theirLog.handlers);
	const address = acceptor.address();
	const place = typeof address === 'string' ? { path: address } : { port: acceptor.port, host: '127.0.0.1' };
	const connection = await connect({ ...place, ...options.connect }, ourLog.handlers);
	await theirLog.until('open');
	const gone = async (): Promise<void> => {
		connection.close();
		for (const accepted of theirLog.connections) accepted.close();
		await ourLog.until('close');
		await theirLog.until('close', theirLog.connections.length);
		await acceptor.close();
	};
	return { acceptor, ours: ourLog, theirs: theirLog, connection, peer: theirLog.connection, gone };
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { code?: unknown }> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof Error) return error;
		throw new Error(`rejected with ${String(error)}`);
	}
	throw new Error('not rejected');
}
