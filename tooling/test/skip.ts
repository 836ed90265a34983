/** A way to say that a test cannot run here. */

/** By this the guard knows a skip from a failure. */
const SKIP: symbol = Symbol.for('net-test.skip');

/**
 * Ends the running test as skipped; the guard counts it and prints the reason.
 * @param reason - what this machine lacks: `skip('no IPv6 here')`.
 */
export function skip(reason: string): never {
	throw Object.assign(new Error(`skipped: ${reason}`), { [SKIP]: reason });
}
