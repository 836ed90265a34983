/** A descriptor that came from elsewhere, under a socket of the host. */
import { errnoOf } from '@net/errors';
import { Socket } from '../host-net.ts';
import { errnoOfError } from './errno.ts';
import { SMALLEST_BUFFER } from './host.ts';

/** Those that are open. Two owners would close one twice, the second time under somebody else. */
const adopted = new Set<number>();

/** @returns the host's socket, which does not read yet; negative errno: the descriptor stays the caller's. */
export function socketOfDescriptor(fd: number): Socket | number {
	// `manualStart` keeps the host from reading at once; it is what child_process does. A host without it reads one
	// chunk into its buffer, which is delivered when reading is asked for.
	const options = { fd, allowHalfOpen: true, readable: true, writable: true, manualStart: true, ...SMALLEST_BUFFER };
	if (adopted.has(fd)) return errnoOf('EEXIST');
	try {
		// Paused before it gets a listener of 'data', which would make it read.
		const socket = new Socket(options).pause();
		adopted.add(fd);
		return socket.once('close', () => adopted.delete(fd));
	} catch (error) {
		return isOpen(fd) ? errnoOfError(error, 'EINVAL') : errnoOf('EBADF');
	}
}

/** Asked only when the host refused a descriptor, which it does without saying why. */
export function isOpen(fd: number): boolean {
	try {
		process.getBuiltinModule('node:fs').fstatSync(fd);
		return true;
	} catch {
		return false;
	}
}
