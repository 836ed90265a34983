/** The host's errors as negative errno numbers. */
import { errnoOf } from '@net/errors';

/**
 * @param error - what the host threw, emitted or gave to a callback.
 * @param fallback - the code where the error is of the host's own making and carries no number.
 */
export function errnoOfError(error: unknown, fallback = 'EPIPE'): number {
	if (typeof error === 'object' && error !== null) {
		if ('errno' in error && typeof error.errno === 'number' && error.errno !== 0) return -Math.abs(error.errno);
		if ('code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code))
			return errnoOf(error.code);
	}
	return errnoOf(fallback);
}
