/** Random numbers that a seed repeats (xorshift32). */

/** @returns a function that answers with a whole number from 0 to below `limit`. */
export function randomOf(seed: number): (limit: number) => number {
	let state = seed | 0 || 1;
	return (limit) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % limit;
	};
}
