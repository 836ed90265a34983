/** A short set of 32-bit numbers: where belonging turns, and how many turns stand before each value of the upper 8 bits. */
import type { Turns } from './turns.ts';
import { splice } from './turns.ts';

/** How many turns there may be. */
export const MOST_FEW = 64;

const TOPS = 256;

export class FewWords {
	#turns: Uint32Array = new Uint32Array(4);
	readonly #before: Uint8Array = new Uint8Array(TOPS + 1);
	/** Whether 0 belongs to the set. */
	#start: 0 | 1 = 0;

	has(word: number): boolean {
		const before = this.#before;
		const top = word >>> 24;
		let rank = before[top] ?? 0;
		let count = (before[top + 1] ?? 0) - rank;
		if (count > 0) {
			const turns = this.#turns;
			const unsigned = word >>> 0;
			while (count > 0) {
				const half = (count + 1) >>> 1;
				if ((turns[rank + half - 1] ?? 0) <= unsigned) rank += half;
				count -= half;
			}
		}
		return ((rank + this.#start) & 1) === 1;
	}

	/** False if no number with these upper 8 bits belongs to the set. */
	hasTop(top: number): boolean {
		const rank = this.#before[top] ?? 0;
		return this.#before[top + 1] !== rank || ((rank + this.#start) & 1) === 1;
	}

	/** Collects the turns of the set that it becomes by a `replace`. */
	splice(into: Turns, first: number, last: number, ranges: Uint32Array): void {
		const count = this.#before[TOPS] ?? 0;
		splice(into, this.#turns, 0, count, this.#start, first, last, 2 ** 32, ranges, 0);
	}

	/** Becomes another set. */
	keep({ positions, count, start }: Turns): void {
		if (this.#turns.length < count) this.#turns = new Uint32Array(Math.min(MOST_FEW, 2 * count));
		this.#turns.set(positions.subarray(0, count));
		this.#start = start;
		let top = 0;
		for (let i = 0; i < count; i++) while (top <= (positions[i] ?? 0) >>> 24) this.#before[top++] = i;
		while (top <= TOPS) this.#before[top++] = count;
	}

	/** Collects all turns. */
	read(into: Turns): void {
		let state = this.#start;
		into.turn(0, state);
		for (let i = 0; i < (this.#before[TOPS] ?? 0); i++) {
			state = state === 0 ? 1 : 0;
			into.turn(this.#turns[i] ?? 0, state);
		}
	}

	get byteLength(): number {
		return this.#turns.byteLength + this.#before.byteLength;
	}
}
