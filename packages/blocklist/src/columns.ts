/** Typed arrays that grow with the rows of a batch. */

export const FIRST_CAPACITY = 16;

/** Rows of a small batch may double, those of a larger one grow by less, so that little is unused. */
const LARGE = 1 << 16;
const VERY_LARGE = 1 << 19;

/** How much room there is to be where so much is needed. */
export function grown(length: number): number {
	const factor = length < LARGE ? 2 : length < VERY_LARGE ? 1.25 : 1.125;
	return Math.max(FIRST_CAPACITY, Math.ceil(factor * length));
}

/** As many words of one as fit into the other. @returns the other. */
export function resized<T extends Uint32Array | Uint16Array | Float64Array>(from: T, to: T): T {
	to.set(from.length > to.length ? from.subarray(0, to.length) : from);
	return to;
}
