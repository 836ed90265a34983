/** Finds the addon for this platform, or says why there is none. Nothing is compiled, downloaded or guessed. */
import { createRequire } from 'node:module';

import type { AddressInfo } from './driver.ts';

/** The addon; see native/node/src/binding.rs. Loops and handles are numbers, failures are negative errno. */
export interface Binding {
	abi(): number;
	/** A second descriptor of the same open file, the caller's own; or a negative errno. */
	duplicate(fd: number): number;
	/** @returns the number of this environment's loop, which the others want first. */
	start(complete: () => void, turn: Int32Array, completions: Int32Array, records: Int32Array, arena: Buffer): number;
	setRecords(loop: number, records: Int32Array): void;
	setReceiveBuffer(loop: number, index: number, buffer: Buffer): void;
	submit(loop: number, from: number, to: number, chunks: readonly (Uint8Array | undefined)[]): void;
	bindTcp(loop: number, local: string, port: number, flags: number): number;
	bindPath(loop: number, path: Uint8Array): number;
	connectTcp(loop: number, bound: number, remote: string, port: number): number;
	connectPath(loop: number, bound: number, path: Uint8Array): number;
	adopt(loop: number, fd: number): number;
	listenTcp(loop: number, local: string, port: number, backlog: number, flags: number): number;
	listenPath(loop: number, path: Uint8Array, backlog: number, flags: number): number;
	listenFd(loop: number, fd: number, backlog: number, flags: number): number;
	listenBound(loop: number, bound: number, backlog: number, flags: number): number;
	setReading(loop: number, handle: number, on: boolean): number;
	setReferenced(loop: number, handle: number, on: boolean): number;
	closeUnopened(loop: number): number;
	close(loop: number, handle: number): number;
	fd(loop: number, handle: number): number;
	backlog(loop: number, handle: number): number;
	localAddress(loop: number, handle: number): AddressInfo | string | null;
	remoteAddress(loop: number, handle: number): AddressInfo | string | null;
	setNoDelay(loop: number, handle: number, on: boolean): number;
	setKeepAlive(loop: number, handle: number, on: boolean, delay: number, interval: number, count: number): number;
	setTypeOfService(loop: number, handle: number, value: number): number;
	typeOfService(loop: number, handle: number): number;
}

/** What this version of native.ts speaks; the addon must answer the same. */
const ABI = 6;

/** @returns the addon, or in words why it can't be had. */
export function loadBinding(): Binding | string {
	const platform = `${process.platform}-${process.arch}`;
	// npm installs the one that fits; asking for both is quicker than to find out which C library this is.
	const names = process.platform === 'linux' ? [`${platform}-gnu`, `${platform}-musl`] : [platform];
	const require = createRequire(import.meta.url);
	const wanted = names.map((name) => `@net/loop-${name}`).join(' or ');
	let reason = `there is no ${wanted}: install with optional dependencies, on the platform where this runs`;
	for (const name of names) {
		try {
			// What a platform package exports is the addon; there is no declaration that the compiler could check.
			const binding = require(`@net/loop-${name}`) as Binding;
			const abi = binding.abi();
			if (abi === ABI) return binding;
			reason = `@net/loop-${name} is of another version (ABI ${abi}, not ${ABI}): install the same of both`;
		} catch (error) {
			const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
			if (!missing) reason = `@net/loop-${name} does not load: ${String(error)}`;
		}
	}
	return reason;
}
