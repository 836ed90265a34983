/** Runs at most so many jobs at once: programs wait for each other's answers half of their time. */
import { availableParallelism } from 'node:os';

const LIMIT = Math.min(4, availableParallelism() + 1);

let free = LIMIT;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * @template T
 * @param {() => Promise<T>} job
 * @returns {Promise<T>}
 */
export async function pooled(job) {
	if (free > 0) free--;
	else await new Promise((resolve) => waiting.push(() => resolve(undefined)));
	try {
		return await job();
	} finally {
		const next = waiting.shift();
		if (next === undefined) free++;
		else next();
	}
}
