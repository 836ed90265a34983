/** Numbers that follow from a seed alone. */

export class Random {
	#state: number;

	/** @param seed - any two numbers; the same two give the same numbers. */
	constructor(seed: number, index: number) {
		this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
		for (let i = 0; i < 4; i++) this.next();
	}

	/** From 0 to below 1 (mulberry32). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from 0 to below `end`. */
	below(end: number): number {
		return Math.floor(this.next() * end);
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<T>(list: readonly T[]): T {
		const found = list[this.below(list.length)];
		if (found === undefined) throw new Error('nothing to pick from');
		return found;
	}

	/** Picks by weight, the second of each pair. */
	weighted<T>(list: readonly (readonly [T, number])[]): T {
		let rest = this.next() * list.reduce((sum, [, weight]) => sum + weight, 0);
		for (const [value, weight] of list) {
			rest -= weight;
			if (rest < 0) return value;
		}
		const [first] = list;
		if (first === undefined) throw new Error('nothing to pick from');
		return first[0];
	}
}
