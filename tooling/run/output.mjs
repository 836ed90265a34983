/** What a person at a terminal sees of a task: its steps, how long they take, and what to do when one fails. */

/** Where a task cannot go on: printed without a stack. */
export class Stop extends Error {
	/**
	 * @param {string} message - what happened, in one line.
	 * @param {string} [advice] - what to do about it.
	 */
	constructor(message, advice) {
		super(message);
		this.advice = advice;
	}
}

/** A step that takes longer says every so often that it still runs. */
const STILL_MS = 10_000;

/**
 * Runs a step; its name comes first, its time at the end.
 * @template T
 * @param {string} name
 * @param {() => Promise<T> | T} run
 * @returns {Promise<T>}
 */
export async function step(name, run) {
	const started = performance.now();
	const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
	console.log(`▸ ${name} …`);
	const timer = setInterval(() => console.log(`  … still: ${name}, ${seconds()} s`), STILL_MS);
	try {
		const result = await run();
		console.log(`✔ ${name}: ${seconds()} s`);
		return result;
	} catch (error) {
		console.log(`✘ ${name}: ${seconds()} s`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}
