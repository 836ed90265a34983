/** Waiting for what events bring about, with a limit instead of a sleep. */

/** Longer than any wait of a healthy test, shorter than the guard's patience. */
const LIMIT_MS = 20_000;

export class Waiter {
	#waiting: { condition: () => boolean; resolve: () => void }[] = [];
	readonly #state: () => string;

	/** @param state - for the error when the limit is over. */
	constructor(state: () => string = () => '') {
		this.#state = state;
	}

	/** Looks whether anybody's condition holds by now. */
	check(): void {
		const waiting = this.#waiting;
		this.#waiting = waiting.filter(({ condition }) => !condition());
		for (const { condition, resolve } of waiting) if (condition()) resolve();
	}

	until(condition: () => boolean, what: string): Promise<void> {
		if (condition()) return Promise.resolve();
		return within(new Promise((resolve) => this.#waiting.push({ condition, resolve })), what, this.#state);
	}
}

/** Rejects when the promise takes too long. */
export async function within<T>(promise: Promise<T>, what: string, state: () => string = () => ''): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`waited in vain for ${what}; ${state()}`)), LIMIT_MS);
	});
	try {
		return await Promise.race([promise, limit]);
	} finally {
		clearTimeout(timer);
	}
}

/** Runs until the next iteration's end: all completions that were due have come. */
export function turnOfTheLoop(): Promise<void> {
	return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
