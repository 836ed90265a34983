/** A process that has no descriptor left. For programs that tests start, hence no TypeScript: any Node runs it as it is. */
import { closeSync, openSync } from 'node:fs';

/**
 * Opens files until the process may open no more.
 * @returns {() => void} gives the descriptors back.
 */
export function takeDescriptors() {
	/** @type {number[]} */
	const taken = [];
	try {
		for (;;) taken.push(openSync('/dev/null', 'r'));
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error;
	}
	return () => {
		for (const fd of taken.splice(0)) closeSync(fd);
	};
}
