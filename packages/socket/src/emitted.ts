/** What a socket emits, for the types of `on` and its like. */
import type { Duplex } from 'node:stream';

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

/** A listener of an event that is not in the list: its parameters are its own affair. */
export type AnyListener = Parameters<Duplex['on']>[1];
