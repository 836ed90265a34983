/** Finds the addon for this platform, or says why there is none. Nothing is compiled, downloaded or guessed. */
import { createRequire } from 'node:module';

import type { AddressInfo } from './driver.ts';

/** The addon's loop; see native/node/src/binding.rs. Handles are numbers, failures are negative errno. */
export interface NativeLoop {
	setRecords(records: Int32Array): void;
	setReceiveBuffer(index: number, buffer: Buffer): void;
	keep(chunk: Uint8Array): number;
	submit(from: number, to: number): void;
	bindTcp(local: string, port: number, flags: number): number;
	bindPath(path: Uint8Array): number;
	connectTcp(bound: number, remote: string, port: number): number;
	connectPath(bound: number, path: Uint8Array): number;
	adopt(fd: number): number;
	listenTcp(local: string, port: number, backlog: number, flags: number): number;
	listenPath(path: Uint8Array, backlog: number, flags: number): number;
	listenFd(fd: number, backlog: number, flags: number): number;
	listenBound(bound: number, backlog: number, flags: number): number;
	setReading(handle: number, on: boolean): number;
	setReferenced(handle: number, on: boolean): number;
	closeUnopened(): number;
	close(handle: number): number;
	fd(handle: number): number;
	backlog(handle: number): number;
	localAddress(handle: number): AddressInfo | string | null;
	remoteAddress(handle: number): AddressInfo | string | null;
	setNoDelay(handle: number, on: boolean): number;
	setKeepAlive(handle: number, on: boolean, delay: number, interval: number, count: number): number;
	setTypeOfService(handle: number, value: number): number;
	typeOfService(handle: number): number;
}

export interface Binding {
	NativeLoop: {
		abi(): number;
		/** A second descriptor of the same open file, the caller's own; or a negative errno. */
		duplicate(fd: number): number;
		new (
			complete: () => void,
			turn: Int32Array,
			completions: Int32Array,
			records: Int32Array,
			arena: Buffer,
		): NativeLoop;
	};
}

/** What this version of native.ts speaks; the addon must answer the same. */
const ABI = 5;

/** @returns the addon, or in words why it can't be had. */
export function loadBinding(): Binding | string {
	const platform = `${process.platform}-${process.arch}`;
	// npm installs the one that fits; asking for both is quicker than to find out which C library this is.
	const names = process.platform === 'linux' ? [`${platform}-gnu`, `${platform}-musl`] : [platform];
	const require = createRequire(import.meta.url);
	let reason = `there is no @net/loop-${platform}`;
	for (const name of names) {
		try {
			// What a platform package exports is the addon; there is no declaration that the compiler could check.
			const binding = require(`@net/loop-${name}`) as Binding;
			const abi = binding.NativeLoop.abi();
			if (abi === ABI) return binding;
			reason = `@net/loop-${name} is of another version (ABI ${abi}, not ${ABI}): install the same of both`;
		} catch (error) {
			const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
			if (!missing) reason = `@net/loop-${name} does not load: ${String(error)}`;
		}
	}
	return reason;
}
