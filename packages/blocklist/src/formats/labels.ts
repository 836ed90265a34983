/** Labels by their bytes, so that a label that comes again makes no text again. */
import type { RuleBatch } from '../batch.ts';

const SLOTS = 1 << 12;
/** Longer labels are looked up by their text; few are. */
const LONGEST = 64;

const decoder = new TextDecoder();

/** A cache in front of `batch.labelId`. A slot holds the label that came last; another one of the same hash takes it. */
export class Labels {
	readonly #batch: RuleBatch;
	readonly #ids: Uint32Array<ArrayBuffer> = new Uint32Array(SLOTS);
	readonly #lengths: Uint8Array<ArrayBuffer> = new Uint8Array(SLOTS);
	/** Made with the first label, as the others are small. */
	#bytes: Uint8Array<ArrayBuffer> | undefined;

	constructor(batch: RuleBatch) {
		this.#batch = batch;
	}

	/** The id of the label, whose text is UTF-8; 0 for an empty one. */
	idOf(bytes: Uint8Array, start: number, end: number): number {
		const length = end - start;
		if (length <= 0) return 0;
		if (length > LONGEST) return this.#batch.labelId(decoder.decode(bytes.subarray(start, end)));
		let hash = length;
		for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
		const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
		if (this.#holds(slot, bytes, start, length)) return this.#ids[slot] ?? 0;
		const id = this.#batch.labelId(decoder.decode(bytes.subarray(start, end)));
		this.#ids[slot] = id;
		this.#lengths[slot] = length;
		this.#bytes ??= new Uint8Array(SLOTS * LONGEST);
		this.#bytes.set(bytes.subarray(start, end), slot * LONGEST);
		return id;
	}

	#holds(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
		if (this.#lengths[slot] !== length) return false;
		const kept = this.#bytes;
		if (kept === undefined) return false;
		const from = slot * LONGEST;
		for (let i = 0; i < length; i++) if (kept[from + i] !== bytes[start + i]) return false;
		return true;
	}
}
