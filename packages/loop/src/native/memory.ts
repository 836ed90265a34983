/**
 * The memory that Rust and native.ts exchange records and bytes through. Nobody else may get hold of it, for Rust looks up
 * where it is only once: it is never detached, resized or handed out.
 */
import { TURN_PENDING } from '../turn.ts';
import { COUNT, WORDS } from './records.ts';

export class Memory {
	/** The turn's state: `TURN_PENDING`, `IN_WAKE_UP`, `CURSOR` and `COUNT`. */
	readonly turn: Int32Array = words(COUNT - TURN_PENDING + 1);
	readonly completions: Int32Array = words(COMPLETIONS * WORDS);
	/** The submissions at first; Submissions doubles them when they do not suffice. */
	readonly records: Int32Array = words(RECORDS * WORDS);
	readonly arena: Buffer = Buffer.allocUnsafeSlow(ARENA_BYTES);
}

/** Zeroed words outside V8's heap, where the garbage collector does not move them. */
export function words(count: number): Int32Array {
	return new Int32Array(new ArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

/** Completions of one round. */
const COMPLETIONS = 512;
const RECORDS = 1024;
const ARENA_BYTES = 262_144;
