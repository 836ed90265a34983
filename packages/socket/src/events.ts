/** What a socket emits, and the types of `on` and its like. */

/** The arguments of a listener, by event. Node: net.Socket. */
export interface SocketEvents {
	close: [hadError: boolean];
	connect: [];
	connectionAttempt: [address: string, port: number, family: number];
	connectionAttemptFailed: [address: string, port: number, family: number, error: Error];
	connectionAttemptTimeout: [address: string, port: number, family: number];
	/** A string after `setEncoding`. */
	data: [chunk: string | Buffer];
	drain: [];
	end: [];
	error: [error: Error];
	finish: [];
	lookup: [error: Error | null, address: string, family: number | null, host: string];
	pause: [];
	pipe: [source: NodeJS.ReadableStream];
	readable: [];
	ready: [];
	resume: [];
	timeout: [];
	unpipe: [source: NodeJS.ReadableStream];
}

/** What an emitter of these events has before the members of EventEmitter, which take any event. */
export interface Emitting<Events extends { [Event in keyof Events]: unknown[] }> {
	addListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	off<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	once<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	prependListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	prependOnceListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	removeListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	emit<Event extends keyof Events>(event: Event, ...args: Events[Event]): boolean;
}
