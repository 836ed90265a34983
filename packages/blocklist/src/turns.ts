/** Sets of numbers as the places where belonging turns: into the set at a start, out of it behind an end. Cold paths. */

/** Collects turns in ascending order; two at one place are one or none. */
export class Turns {
	positions: Uint32Array = new Uint32Array(256);
	count = 0;
	/** Whether 0 belongs to the set. */
	start: 0 | 1 = 0;
	#state: 0 | 1 = 0;

	begin(): void {
		this.count = 0;
		this.start = this.#state = 0;
	}

	/** From `position` on everything belongs to the set, or nothing does. */
	turn(position: number, state: 0 | 1): void {
		if (state === this.#state) return;
		this.#state = state;
		if (position === 0) {
			this.start = state;
			return;
		}
		// Here and back again is no turn.
		if (this.count > 0 && this.positions[this.count - 1] === position) {
			this.count--;
			return;
		}
		if (this.count === this.positions.length) {
			const positions = new Uint32Array(2 * this.count);
			positions.set(this.positions);
			this.positions = positions;
		}
		this.positions[this.count++] = position;
	}

	/** The ranges between the turns: pairs of ends, ascending. @param largest - of all numbers. */
	pairs(largest: number): Uint32Array {
		const { positions, count, start } = this;
		const pairs = new Uint32Array(2 * ((count + start + 1) >> 1));
		let length: number = start;
		for (let i = 0; i < count; i++, length++) pairs[length] = (positions[i] ?? 0) - (length & 1);
		if ((length & 1) === 1) pairs[length] = largest;
		return pairs;
	}
}

/**
 * Collects the old turns outside of `first` to `last`, and `ranges` inside.
 * @param count - of turns, that stand in `old` from `at` on.
 * @param limit - one more than the largest number.
 * @param ranges - pairs of ends, ascending, apart from each other; those outside of `first` to `last` are cut.
 * @param base - what is 0 here is this number in `ranges`.
 */
export function splice(
	turns: Turns,
	old: Uint16Array | Uint32Array,
	at: number,
	count: number,
	start: 0 | 1,
	first: number,
	last: number,
	limit: number,
	ranges: Uint32Array,
	base: number,
): void {
	turns.begin();
	let state = start;
	let i = 0;
	turns.turn(0, first > 0 ? state : 0);
	for (; i < count; i++) {
		const position = old[at + i] ?? 0;
		if (position > last) break;
		state = state === 0 ? 1 : 0;
		if (position < first) turns.turn(position, state);
	}
	turns.turn(first, 0);
	for (let r = 0; r + 1 < ranges.length; r += 2) {
		const from = Math.max(first, (ranges[r] ?? 0) - base);
		const to = Math.min(last, (ranges[r + 1] ?? 0) - base);
		if (from > last) break;
		if (from > to) continue;
		turns.turn(from, 1);
		if (to + 1 < limit) turns.turn(to + 1, 0);
	}
	if (last + 1 >= limit) return;
	// The old turn right behind, if there is one, has not been counted in.
	turns.turn(last + 1, state);
	for (; i < count; i++) {
		state = state === 0 ? 1 : 0;
		turns.turn(old[at + i] ?? 0, state);
	}
}
