/** The host's errors as negative errno numbers. */

/**
 * @param error - what the host threw, emitted or gave to a callback.
 * @param fallback - the code where the error is of the host's own making and carries no errno.
 */
export function errnoOf(error: unknown, fallback = 'EPIPE'): number {
	if (typeof error === 'object' && error !== null) {
		if ('errno' in error && typeof error.errno === 'number' && error.errno !== 0) return -Math.abs(error.errno);
		if ('code' in error && typeof error.code === 'string') {
			const errno = errnoOfCode(error.code);
			if (errno !== undefined) return errno;
		}
	}
	return errnoOfCode(fallback) ?? -1;
}

let errnos: Map<string, number> | undefined;

/** The numbers differ between platforms, so the host is asked, once. */
function errnoOfCode(code: string): number | undefined {
	if (errnos === undefined) {
		errnos = new Map();
		for (const [errno, [name]] of process.getBuiltinModule('node:util').getSystemErrorMap()) errnos.set(name, errno);
	}
	return errnos.get(code);
}
