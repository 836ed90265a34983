/** What there is to know about the host's `node:net` and its sockets. */
import type { AddressInfo } from '../driver.ts';

/**
 * A high-water mark of one byte: the host's stream is only a pipe to us, and a paused handle should leave the bytes
 * with the kernel.
 */
export const SMALLEST_BUFFER = { readableHighWaterMark: 1 } as const;
export const CONNECTING_OPTIONS: { allowHalfOpen: true; readableHighWaterMark: 1 } = {
	allowHalfOpen: true,
	...SMALLEST_BUFFER,
};

export function isTooLong(path: string): boolean {
	return process.platform !== 'win32' && Buffer.byteLength(path) > LONGEST_PATH;
}

/** The host's address in the contract's form; the host says `{}` where it has none. */
export function addressOf(
	address: { address?: unknown; family?: unknown; port?: unknown } | string | null,
): AddressInfo | string | undefined {
	if (typeof address === 'string') return address;
	if (address === null || typeof address.address !== 'string' || typeof address.port !== 'number') return undefined;
	return { address: address.address, family: address.family === 'IPv6' ? 'IPv6' : 'IPv4', port: address.port };
}

/** `sun_path`, which the kernel ends by itself where a path fills it (unix(7)). Older hosts cut longer paths short. */
const LONGEST_PATH = process.platform === 'linux' ? 108 : 104;
