import type { Loop } from './drivers.ts';
/** @returns the loop, or why there is none. */
export function createNativeDriver(): Loop | string {
	return 'not built';
}
