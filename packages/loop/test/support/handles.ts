/** Handles and listeners of the driver under test, with everything they tell written down. */
import type { AddressInfo, HandleEvents, ListenerEvents } from '@net/loop';
import { Handle, Listener, PENDING, currentDriver } from '@net/loop';
import { Waiter } from './waiter.ts';

export const driver = currentDriver();

/** One thing that a handle told: `['data', 'abc']`, `['written', 0]`. */
export type Told = [event: keyof HandleEvents, value?: number | string];

/** A handle and what it told. `react` may replace single events; they are written down all the same. */
export class Recorded {
	readonly told: Told[] = [];
	readonly chunks: Buffer[] = [];
	readonly handle: Handle;
	readonly #waiter = new Waiter(() => `told so far: ${JSON.stringify(this.told)}`);

	constructor(handle: Handle = new Handle(driver), react: Partial<HandleEvents> = {}) {
		this.handle = handle;
		handle.events = {
			connect: (_, errno) => this.#tell(['connect', errno], () => react.connect?.(handle, errno)),
			data: (_, chunk) => {
				this.chunks.push(chunk);
				this.#tell(['data', chunk.length > 100 ? chunk.length : chunk.toString()], () => react.data?.(handle, chunk));
			},
			end: () => this.#tell(['end'], () => react.end?.(handle)),
			error: (_, errno) => this.#tell(['error', errno], () => react.error?.(handle, errno)),
			written: (_, errno) => this.#tell(['written', errno], () => react.written?.(handle, errno)),
			shutdown: (_, errno) => this.#tell(['shutdown', errno], () => react.shutdown?.(handle, errno)),
			close: () => this.#tell(['close'], () => react.close?.(handle)),
		};
	}

	#tell(told: Told, react: () => void): void {
		this.told.push(told);
		try {
			react();
		} finally {
			this.#waiter.check();
		}
	}

	get names(): string[] {
		return this.told.map(([name]) => name);
	}

	/** All bytes that came. */
	get text(): string {
		return Buffer.concat(this.chunks).toString('latin1');
	}

	count(event: keyof HandleEvents): number {
		return this.told.filter(([name]) => name === event).length;
	}

	/** Waits for the n-th time of an event. */
	async until(event: keyof HandleEvents, times = 1): Promise<number | string | undefined> {
		await this.when(() => this.count(event) >= times, `${event} (${times})`);
		return this.told.filter(([name]) => name === event)[times - 1]?.[1];
	}

	when(condition: () => boolean, what: string): Promise<void> {
		return this.#waiter.until(condition, what);
	}

	/** Closes, if nobody did, and waits for the end of it. */
	async gone(): Promise<void> {
		this.handle.close();
		await this.until('close');
	}
}

/** A listener that records each handle it accepts. */
export class RecordedListener {
	readonly accepted: Recorded[] = [];
	readonly errors: number[] = [];
	/** The peers' addresses as they were on arrival. */
	readonly remotes: string[] = [];
	readonly listener: Listener;
	closed = false;
	listenErrno: number | undefined = undefined;
	readonly #waiter = new Waiter(() => `accepted so far: ${this.accepted.length}`);

	constructor(react: Partial<HandleEvents> = {}, paused = false) {
		const events: ListenerEvents = {
			listen: (_, errno) => {
				this.listenErrno = errno;
				this.#waiter.check();
			},
			accept: (_, handle) => {
				const { remote } = handle;
				this.remotes.push(typeof remote === 'object' ? remote.address : String(remote));
				this.accepted.push(new Recorded(handle, react));
				this.#waiter.check();
			},
			error: (_, errno) => void this.errors.push(errno),
			close: () => {
				this.closed = true;
				this.#waiter.check();
			},
		};
		this.listener = new Listener(driver, events, paused);
	}

	/** @returns the errno of `start`, late or at once. */
	async answer(start: (listener: Listener) => number): Promise<number> {
		const errno = start(this.listener);
		if (errno !== PENDING) return errno;
		await this.#waiter.until(() => this.listenErrno !== undefined, 'the answer to listen');
		return this.listenErrno ?? 0;
	}

	/** Listens on a free port, or throws. */
	async onTcp(address: string | undefined = '127.0.0.1', flags = 0): Promise<this> {
		const errno = await this.answer((listener) => driver.listenTcp(listener, address, 0, 511, flags));
		if (errno !== 0) throw new Error(`cannot listen on ${address}: ${errno}`);
		return this;
	}

	async onPath(path: string): Promise<this> {
		const errno = await this.answer((listener) => driver.listenPath(listener, path, 511, 0));
		if (errno !== 0) throw new Error(`cannot listen on ${path}: ${errno}`);
		return this;
	}

	get port(): number {
		return portOf(this.listener.local);
	}

	async next(times = 1): Promise<Recorded> {
		await this.#waiter.until(() => this.accepted.length >= times, `connection ${times}`);
		const recorded = this.accepted[times - 1];
		if (recorded === undefined) throw new Error('unreachable');
		return recorded;
	}

	/** Closes the listener and all that it accepted, and waits for the end of it. */
	async gone(): Promise<void> {
		this.listener.close();
		await this.#waiter.until(() => this.closed, 'the listener to close');
		for (const recorded of this.accepted) await recorded.gone();
	}
}

export function portOf(local: AddressInfo | string | undefined): number {
	if (typeof local !== 'object') throw new Error(`no TCP address: ${local}`);
	return local.port;
}

/** A client's handle that is connected, and reads. */
export async function connected(port: number, react: Partial<HandleEvents> = {}): Promise<Recorded> {
	const recorded = new Recorded(undefined, react);
	const errno = driver.connectTcp(recorded.handle, '127.0.0.1', port);
	if (errno !== 0) throw new Error(`cannot connect: ${errno}`);
	const answer = await recorded.until('connect');
	if (answer !== 0) throw new Error(`not connected: ${answer}`);
	recorded.handle.resume();
	return recorded;
}

/** Both ends of a connection over 127.0.0.1, and their listener. */
export async function connectedPair(
	ours: Partial<HandleEvents> = {},
	theirs: Partial<HandleEvents> = {},
): Promise<{ server: RecordedListener; client: Recorded; peer: Recorded; gone: () => Promise<void> }> {
	const server = await new RecordedListener(theirs).onTcp();
	const client = await connected(server.port, ours);
	const peer = await server.next();
	const gone = async (): Promise<void> => {
		await client.gone();
		await server.gone();
	};
	return { server, client, peer, gone };
}
