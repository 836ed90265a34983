/**
 * What a scenario records with. A trace has lanes: within a lane the order counts, between lanes it does not. What two
 * ends of a connection see goes into two lanes, since the kernel does not promise who sees what first; what one program
 * can rely on (this socket's events, ticks, timers) goes into one.
 */
import type { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo, ListenOptions, NetConnectOpts, Server, ServerOpts, Socket } from 'node:net';
import { join } from 'node:path';
import type { Net } from './scenario.ts';
import { Names } from './value.ts';

/** Events of a socket whose listeners change nothing, except `error`'s, which keeps errors from being thrown. */
export const socketEvents = ['lookup', 'connect', 'ready', 'end', 'timeout', 'finish', 'error', 'close'] as const;
export const serverEvents = ['listening', 'connection', 'drop', 'error', 'close'] as const;

/** Where lines go to: the trace file. */
export type Sink = (lane: string, line: string) => void;

export class Lane {
	readonly #name: string;
	readonly #sink: Sink;
	readonly names: Names;

	constructor(name: string, sink: Sink, names: Names) {
		this.#name = name;
		this.#sink = sink;
		this.names = names;
	}

	/** Records a line: the label and the values, see value.ts for how they are shown. */
	log(label: string, ...values: readonly unknown[]): void {
		const shown = values.map((value) => this.names.show(value)).join(', ');
		this.#sink(this.#name, shown === '' ? label : `${label}: ${shown}`);
	}

	/** Records the events of these names with their arguments. */
	events(emitter: EventEmitter, names: readonly string[], label = ''): void {
		for (const name of names) {
			emitter.on(name, (...values: unknown[]) => this.log(label === '' ? name : `${label} ${name}`, ...values));
		}
	}

	/** Records what a call returns or throws, and returns it. For wrong arguments: `values` may be anything. */
	call(target: object, method: string, ...values: readonly unknown[]): unknown {
		return this.attempt(`${method}(${values.map((value) => this.names.show(value, 2)).join(', ')})`, () =>
			invoke(target, method, values),
		);
	}

	/** Records what a function returns or throws, and returns it. */
	attempt(label: string, run: () => unknown): unknown {
		try {
			const value = run();
			this.#sink(this.#name, `${label} -> ${this.names.show(value)}`);
			return value;
		} catch (error) {
			this.#sink(this.#name, `${label} throws ${this.names.show(error)}`);
			return undefined;
		}
	}
}

/** A server, a client of it, and the server's end of that connection. */
export interface Pair {
	readonly server: Server;
	readonly client: Socket;
	readonly peer: Socket;
	/** What to connect to. */
	readonly target: NetConnectOpts;
	/** All three have emitted `close`; closes the server, and waits for the rest to end. */
	readonly closed: () => Promise<void>;
}

export interface PairOptions {
	readonly server?: ServerOpts;
	readonly client?: Partial<NetConnectOpts>;
	/** On a Unix socket and not on 127.0.0.1. */
	readonly unix?: boolean;
	/** Called with the server's end inside the connection listener. */
	readonly accepted?: (peer: Socket) => void;
}

export class Recorder extends Lane {
	/** The URL that `net` was imported from, for workers and child processes. */
	readonly moduleUrl: string;
	readonly #sink: Sink;
	readonly #folder: string;
	readonly #lanes = new Map<string, Lane>();
	readonly #opened: { destroy(): void }[] = [];

	/** @param folder - for Unix sockets; made when a scenario asks for a path. */
	constructor(sink: Sink, folder: string, moduleUrl: string) {
		super('main', sink, new Names());
		this.#sink = sink;
		this.#folder = folder;
		this.moduleUrl = moduleUrl;
		this.names.add(folder, 'tmp');
	}

	lane(name: string): Lane {
		let lane = this.#lanes.get(name);
		if (lane === undefined) this.#lanes.set(name, (lane = new Lane(name, this.#sink, this.names)));
		return lane;
	}

	/** Shows `value` as `<name>` from now on. */
	alias(value: unknown, name: string): void {
		this.names.add(value, name);
	}

	/** A path in the scenario's own folder, shown as `<tmp>/name`. */
	path(name: string): string {
		mkdirSync(this.#folder, { recursive: true });
		return join(this.#folder, name);
	}

	/** Closes this after the scenario, however it ends. */
	own<T extends Socket | Server>(opened: T): T {
		this.#opened.push({
			destroy() {
				opened.on('error', () => {});
				if ('destroy' in opened) opened.destroy();
				else opened.close();
			},
		});
		return opened;
	}

	/** A server that listens on 127.0.0.1, or where `listen` says; its port is shown as `<port>`. */
	async serve(
		net: Net,
		connection?: (socket: Socket) => void,
		options: ServerOpts & { listen?: ListenOptions } = {},
	): Promise<Server & { port: number }> {
		const server = this.own(net.createServer(options, connection));
		server.listen(options.listen ?? { port: 0, host: '127.0.0.1' });
		await this.once(server, 'listening');
		const address = server.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		if (port !== 0) this.alias(port, 'port');
		return Object.assign(server, { port });
	}

	/** Connects a client to a server of its own. Comes back in the check phase, when both ends know of each other. */
	async pair(net: Net, options: PairOptions = {}): Promise<Pair> {
		const path = options.unix === true ? this.path('pair.sock') : undefined;
		let peer: Socket | undefined;
		const server = this.own(
			net.createServer(options.server ?? {}, (socket) => {
				peer = this.own(socket);
				options.accepted?.(socket);
			}),
		);
		server.listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path });
		await this.once(server, 'listening');
		const port = portOf(server.address());
		if (port !== undefined) this.alias(port, 'port');
		const target: NetConnectOpts =
			path === undefined ? { ...options.client, port: port ?? 0, host: '127.0.0.1' } : { ...options.client, path };
		const accepted = this.once(server, 'connection');
		const client = this.own(net.connect(target));
		await Promise.all([this.once(client, 'connect'), accepted]);
		await new Promise((resolve) => setImmediate(resolve));
		if (peer === undefined) throw new Error('a server emitted connection without a socket');
		this.alias(client, 'client');
		this.alias(peer, 'peer');
		this.alias(server, 'server');
		if (client.localPort !== undefined) this.alias(client.localPort, 'client port');
		const all = [this.once(client, 'close'), this.once(peer, 'close'), this.once(server, 'close')];
		const closed = async (): Promise<void> => {
			server.close();
			await Promise.all(all);
		};
		return { server, client, peer, target, closed };
	}

	/** The arguments of the next event of this name. An `error` event meanwhile is nobody's business here. */
	once(emitter: EventEmitter, name: string): Promise<unknown[]> {
		return new Promise((resolve) => emitter.once(name, (...values: unknown[]) => resolve(values)));
	}

	/** All that a socket receives, as text, when it has ended or closed. */
	text(socket: Socket): Promise<string> {
		const chunks: Buffer[] = [];
		socket.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)));
		return new Promise((resolve) => {
			const done = (): void => resolve(Buffer.concat(chunks).toString());
			socket.once('end', done).once('close', done);
		});
	}

	/** Waits until a socket received this many bytes; they are recorded by nobody. */
	received(socket: Socket, bytes: number): Promise<Buffer> {
		const chunks: Buffer[] = [];
		let sum = 0;
		return new Promise((resolve) => {
			socket.on('data', function collect(chunk: Buffer) {
				chunks.push(chunk);
				sum += chunk.length;
				if (sum < bytes) return;
				socket.off('data', collect);
				resolve(Buffer.concat(chunks));
			});
		});
	}

	/** Comes back after this many whole rounds of the event loop. */
	async rounds(count = 1): Promise<void> {
		for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
	}

	/** What a socket shows of its state; ports under their names. */
	state(socket: Socket): Record<string, unknown> {
		const state: Record<string, unknown> = {};
		for (const name of stateNames) state[name] = Reflect.get(socket, name);
		return state;
	}

	/** Destroys what the scenario left open. */
	async cleanUp(): Promise<void> {
		for (const opened of this.#opened) {
			try {
				opened.destroy();
			} catch {
				// What is broken was recorded by the scenario.
			}
		}
		await this.rounds(2);
	}
}

const stateNames = [
	'readyState',
	'pending',
	'connecting',
	'destroyed',
	'readable',
	'writable',
	'bytesRead',
	'bytesWritten',
	'bufferSize',
	'timeout',
	'allowHalfOpen',
];

/** Calls a method with any arguments; returns what it returns. */
export function invoke(target: object, method: string | symbol, values: readonly unknown[]): unknown {
	const called: unknown = Reflect.get(target, method);
	if (typeof called !== 'function') throw new Error(`there is no method ${String(method)}`);
	return Reflect.apply(called, target, values);
}

function portOf(address: AddressInfo | string | null): number | undefined {
	return typeof address === 'object' && address !== null ? address.port : undefined;
}
