/** The layout of the records that native.ts and Rust exchange; native/core/src/records.rs has the same and explains it. */
import type { Handle } from '../handle.ts';
import type { Listener } from '../listener.ts';

/** Words a record. */
export const WORDS = 6;

// Words of a submission.
export const OPERATION = 0;
export const SLOT = 1;
export const GENERATION = 2;
export const OFFSET = 3;
export const LENGTH = 4;
export const STATUS = 5;

/** A length that the word does not hold: all of the chunk. */
export const ALL = 4_294_967_295;

// Operations.
export const WRITE = 1;
export const WRITE_KEPT = 2;
export const SHUTDOWN = 3;
export const CLOSE = 4;
export const RESET = 5;

// Kinds of completion, in the first word.
export const DATA = 1;
export const END = 2;
export const CONNECTED = 3;
export const WRITTEN = 4;
export const SHUT = 5;
export const ACCEPTED = 6;
export const ACCEPT_FAILED = 7;
export const CLOSED = 8;

/** Added to the number of a receive buffer that may be taken whole. */
export const WHOLE = 256;
/** The word of the turn's state that tells which completion to deliver. */
export const CURSOR = 2;
/** Word of the turn: how many completions there are to deliver. */
export const COUNT = 3;
/** A flag of listening, beside those of driver.ts: accepted handles do not read. */
export const PAUSED = 16;
/** Handles are numbers on the way to Rust: generation * SLOTS + slot. */
export const SLOTS = 4_194_304;

export function idOf(handle: Handle | Listener): number {
	return handle.generation * SLOTS + handle.slot;
}
