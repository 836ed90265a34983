/** IPv6 ranges, collected in order. */
import type { WideTurns } from './wide-turns.ts';

const WORD_MAX = 0xffff_ffff;

/** Collects ranges, and joins those that meet. */
export class RangeList {
	#words = new Uint32Array(64);
	#length = 0;

	/** All addresses from one key to another. */
	addWhole(key: number, lastKey: number): void {
		this.#begin(key, 0, 0, 0);
		this.#end(lastKey, WORD_MAX, WORD_MAX, WORD_MAX);
	}

	addTurns(key: number, { positions, count, start }: WideTurns): void {
		if (start === 1) this.#begin(key, 0, 0, 0);
		let state = start;
		for (let i = 0; i < count; i++) {
			const [a, b, c] = [positions[3 * i] ?? 0, positions[3 * i + 1] ?? 0, positions[3 * i + 2] ?? 0];
			state = state === 0 ? 1 : 0;
			if (state === 1) this.#begin(key, a, b, c);
			else if (c > 0) this.#end(key, a, b, c - 1);
			else if (b > 0) this.#end(key, a, b - 1, WORD_MAX);
			else this.#end(key, a - 1, WORD_MAX, WORD_MAX);
		}
		if (state === 1) this.#end(key, WORD_MAX, WORD_MAX, WORD_MAX);
	}

	words(): Uint32Array {
		return this.#words.slice(0, this.#length);
	}

	#begin(key: number, a: number, b: number, c: number): void {
		const last = this.#length - 4;
		const meets =
			last >= 0 &&
			(a | b | c) === 0 &&
			this.#words[last] === key - 1 &&
			this.#words[last + 1] === WORD_MAX &&
			this.#words[last + 2] === WORD_MAX &&
			this.#words[last + 3] === WORD_MAX;
		if (meets) this.#length -= 4;
		else this.#push(key, a, b, c);
	}

	#end(key: number, a: number, b: number, c: number): void {
		this.#push(key, a, b, c);
	}

	#push(key: number, a: number, b: number, c: number): void {
		if (this.#length === this.#words.length) {
			const words = new Uint32Array(2 * this.#length);
			words.set(this.#words);
			this.#words = words;
		}
		this.#words[this.#length++] = key;
		this.#words[this.#length++] = a;
		this.#words[this.#length++] = b;
		this.#words[this.#length++] = c;
	}
}
