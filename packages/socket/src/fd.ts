/** What a file descriptor is, in Node's words. */
import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

import { ERR_INVALID_FD_TYPE, systemError, validateInt32 } from '@net/errors';
import type { Handle } from '@net/loop';

/**
 * Puts an open descriptor under a handle.
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_INVALID_FD_TYPE (`FILE`, `TTY`, `UDP`, `UNKNOWN`), or the system's error of `open`.
 */
export function adoptDescriptor(handle: Handle, fd: number): void {
	validateInt32(fd, 'fd', 0);
	const type = typeOfDescriptor(fd);
	if (type !== 'STREAM') throw new ERR_INVALID_FD_TYPE(type);
	const errno = handle.driver.adopt(handle, fd);
	if (errno === 0) return;
	// A socket that is no stream: fstat does not tell.
	if (errno === EINVAL) throw new ERR_INVALID_FD_TYPE('UDP');
	throw systemError(errno, 'open');
}

type DescriptorType = 'STREAM' | 'FILE' | 'TTY' | 'UNKNOWN';

function typeOfDescriptor(fd: number): DescriptorType {
	if (isatty(fd)) return 'TTY';
	try {
		const stats = fstatSync(fd);
		if (stats.isSocket() || stats.isFIFO()) return 'STREAM';
		return stats.isFile() || stats.isCharacterDevice() ? 'FILE' : 'UNKNOWN';
	} catch {
		return 'UNKNOWN';
	}
}

const EINVAL = -22;
