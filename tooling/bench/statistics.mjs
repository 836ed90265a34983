/** Medians, quartiles, percentiles of histograms, and a shuffle that can be repeated. */

/**
 * @param {readonly number[]} values - in any order, at least one.
 * @param {number} share - 0 to 1; between two values it is interpolated linearly.
 * @returns {number}
 */
export function quantile(values, share) {
	if (values.length === 0) throw new RangeError('no values');
	const sorted = [...values].sort((a, b) => a - b);
	const place = share * (sorted.length - 1);
	const below = Math.floor(place);
	const low = sorted[below] ?? NaN;
	const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
	return low + (high - low) * (place - below);
}

/**
 * @typedef {{ median: number, low: number, high: number }} Spread `low` and `high` are the quartiles.
 */

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spread(values) {
	return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * @typedef {[top: number, count: number][]} Histogram ascending; `top` is the largest value that a bucket takes.
 */

/**
 * @param {readonly Histogram[]} histograms
 * @returns {Histogram}
 */
export function mergeHistograms(histograms) {
	/** @type {Map<number, number>} */
	const counts = new Map();
	for (const histogram of histograms) {
		for (const [top, count] of histogram) counts.set(top, (counts.get(top) ?? 0) + count);
	}
	return [...counts].sort((a, b) => a[0] - b[0]);
}

/**
 * The smallest bucket top that at least `share` of the values do not exceed.
 * @param {Histogram} histogram
 * @param {number} share - 0 to 1.
 * @returns {number} NaN without values.
 */
export function percentile(histogram, share) {
	let total = 0;
	for (const [, count] of histogram) total += count;
	let seen = 0;
	for (const [top, count] of histogram) {
		seen += count;
		if (seen >= share * total) return top;
	}
	return NaN;
}

/**
 * @param {number} seed - a 32-bit integer.
 * @returns {() => number} numbers from 0 (included) to 1 (excluded), the same ones for the same seed.
 */
export function randomFrom(seed) {
	let state = seed >>> 0;
	return () => {
		// A Weyl sequence through the finishing function of MurmurHash3.
		state = (state + 0x9e3779b9) >>> 0;
		let z = state;
		z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
		z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
		return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
	};
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {() => number} random
 * @returns {T[]} the same things in another order.
 */
export function shuffle(list, random) {
	const rest = [...list];
	/** @type {T[]} */
	const shuffled = [];
	while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(random() * rest.length), 1));
	return shuffled;
}
