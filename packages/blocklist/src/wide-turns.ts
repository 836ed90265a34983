/** As turns.ts, for the lower 96 bits of IPv6 addresses: three words a place. */

export class WideTurns {
	/** Three words each. */
	positions: Uint32Array = new Uint32Array(3 * 256);
	count = 0;
	/** Whether the least address belongs to the set. */
	start: 0 | 1 = 0;
	/** The state behind the last turn. */
	state: 0 | 1 = 0;

	begin(start: 0 | 1 = 0): void {
		this.count = 0;
		this.start = this.state = start;
	}

	/** From this place on everything belongs to the set, or nothing does. */
	turn(a: number, b: number, c: number, state: 0 | 1): void {
		if (state === this.state) return;
		this.state = state;
		const end = 3 * this.count;
		const { positions } = this;
		if (this.count === 0 && a === 0 && b === 0 && c === 0) {
			this.start = state;
			return;
		}
		if (this.count > 0 && positions[end - 3] === a && positions[end - 2] === b && positions[end - 1] === c) {
			this.count--;
			return;
		}
		if (end === positions.length) {
			this.positions = new Uint32Array(2 * end);
			this.positions.set(positions);
		}
		this.positions[end] = a;
		this.positions[end + 1] = b;
		this.positions[end + 2] = c;
		this.count++;
	}

	/** Turns behind the place given, which may be none where that is the last one. */
	turnBehind(a: number, b: number, c: number, state: 0 | 1): void {
		if (c !== 0xffff_ffff) this.turn(a, b, c + 1, state);
		else if (b !== 0xffff_ffff) this.turn(a, b + 1, 0, state);
		else if (a !== 0xffff_ffff) this.turn(a + 1, 0, 0, state);
	}
}

/**
 * Collects the old turns outside of `first` to `last`, and `ranges` inside.
 * @param first - four words, of which the first is not looked at; so in `last` and `ranges`.
 * @param ranges - eight words each, ascending, apart from each other, within `first` to `last`.
 */
export function spliceWide(
	turns: WideTurns,
	old: WideTurns,
	first: Uint32Array,
	last: Uint32Array,
	ranges: Uint32Array,
): void {
	const [, f1 = 0, f2 = 0, f3 = 0] = first;
	const [, l1 = 0, l2 = 0, l3 = 0] = last;
	const { positions, count } = old;
	turns.begin(f1 === 0 && f2 === 0 && f3 === 0 ? 0 : old.start);
	let state = old.start;
	let i = 0;
	for (; i < count; i++) {
		const [a, b, c] = [positions[3 * i] ?? 0, positions[3 * i + 1] ?? 0, positions[3 * i + 2] ?? 0];
		if (isAfter(a, b, c, l1, l2, l3)) break;
		state = state === 0 ? 1 : 0;
		if (isAfter(f1, f2, f3, a, b, c)) turns.turn(a, b, c, state);
	}
	turns.turn(f1, f2, f3, 0);
	for (let r = 0; r + 7 < ranges.length; r += 8) {
		turns.turn(ranges[r + 1] ?? 0, ranges[r + 2] ?? 0, ranges[r + 3] ?? 0, 1);
		turns.turnBehind(ranges[r + 5] ?? 0, ranges[r + 6] ?? 0, ranges[r + 7] ?? 0, 0);
	}
	turns.turnBehind(l1, l2, l3, state);
	for (; i < count; i++) {
		state = state === 0 ? 1 : 0;
		turns.turn(positions[3 * i] ?? 0, positions[3 * i + 1] ?? 0, positions[3 * i + 2] ?? 0, state);
	}
}

/** Whether the first place is behind the second one. */
export function isAfter(a: number, b: number, c: number, x: number, y: number, z: number): boolean {
	return a > x || (a === x && (b > y || (b === y && c > z)));
}
