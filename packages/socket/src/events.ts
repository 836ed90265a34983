/** What a socket emits, and the types of `on` and its like. */

/** The arguments of a listener, by event. Node: net.Socket. */
export interface SocketEvents {
	/** It is closed; whether by an error. */
	close: [hadError: boolean];
	/** It is connected. */
	connect: [];
	/** An attempt to connect to one of the host's addresses begins. */
	connectionAttempt: [address: string, port: number, family: number];
	/** One of several attempts has failed. */
	connectionAttemptFailed: [address: string, port: number, family: number, error: Error];
	/** One of several attempts took longer than `autoSelectFamilyAttemptTimeout`. */
	connectionAttemptTimeout: [address: string, port: number, family: number];
	/** A string after `setEncoding`. */
	data: [chunk: string | Buffer];
	/** What was written has left, after a `write` that answered false. */
	drain: [];
	/** The peer has ended: it sends no more. */
	end: [];
	/** What went wrong: `code` tells. 'close' follows. */
	error: [error: Error];
	/** `end` was called, and all has left. */
	finish: [];
	/** What the look-up of the host has found: once for each address. */
	lookup: [error: Error | null, address: string, family: number | null, host: string];
	/** The stream's: `pause` was called. */
	pause: [];
	/** The stream's: `source` is piped into it. */
	pipe: [source: NodeJS.ReadableStream];
	/** The stream's: there is something to read, or the end. */
	readable: [];
	/** It is connected: comes behind 'connect'. */
	ready: [];
	/** The stream's: `resume` was called. */
	resume: [];
	/** Nothing was received or sent for the time that `setTimeout` was given; it stays open. */
	timeout: [];
	/** The stream's: `source` is piped into it no more. */
	unpipe: [source: NodeJS.ReadableStream];
}

/** What an emitter of these events has before the members of EventEmitter, which take any event. */
export interface Emitting<Events extends { [Event in keyof Events]: unknown[] }> {
	/** As `on`. */
	addListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** Takes a listener away. */
	off<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** Adds a listener. */
	on<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** Adds a listener for the next time alone. */
	once<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** Adds a listener before those that are there. */
	prependListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** As `once`, before those that are there. */
	prependOnceListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** As `off`. */
	removeListener<Event extends keyof Events>(event: Event, listener: (...args: Events[Event]) => void): this;
	/** Calls the listeners. @returns whether there are any. */
	emit<Event extends keyof Events>(event: Event, ...args: Events[Event]): boolean;
}
