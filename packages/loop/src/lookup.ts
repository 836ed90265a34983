/** Names to addresses, for `connect` and `listen`. */
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AbortError } from '@net/errors';
import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';

/**
 * @param host - a name, or an address, which is the answer then.
 * @param lookup - called as Node calls a `lookup` option with `all: true`; may answer with one address and its family, too.
 * @returns at least one address. Families are not checked.
 * @throws (by the promise) what `lookup` answered (code ENOTFOUND …), AbortError.
 */
export function resolveHost(
	host: string,
	family: 0 | 4 | 6,
	lookup: LookupFunction = systemLookup,
	signal: AbortSignal | undefined = undefined,
): Promise<LookupAddress[]> {
	const version = isIP(host);
	if (version !== 0) return Promise.resolve([{ address: host, family: version }]);
	return new Promise((resolve, reject) => {
		const onAbort = (): void => reject(abortError(signal));
		if (signal?.aborted) return onAbort();
		signal?.addEventListener('abort', onAbort, { once: true });
		lookup(host, { family, all: true }, (error, found, foundFamily) => {
			signal?.removeEventListener('abort', onAbort);
			if (error !== null && error !== undefined) return reject(error);
			const addresses = typeof found === 'string' ? [{ address: found, family: foundFamily ?? isIP(found) }] : found;
			if (addresses.length > 0) return resolve(addresses);
			reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host }));
		});
	});
}

/** What a promise is rejected with when its signal aborts. */
export function abortError(signal: AbortSignal | undefined): AbortError {
	return new AbortError(undefined, { cause: signal?.reason });
}
