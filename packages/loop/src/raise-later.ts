/** Exceptions of the user's in completions that the host's own code is calling. */

/**
 * Brings an exception to `uncaughtException` before the next completion, from a frame of our own: it must not unwind the
 * host's code, in which other connections may come in the same message.
 */
export function raiseLater(error: unknown): void {
	process.nextTick(raise, error);
}

function raise(error: unknown): void {
	throw error;
}
