/**
 * `http2.connect('http://…')`: it asks for `net.connect`, and takes a native handle of Node's directly, but one of ours through
 * an adapter, at twice the price for large bodies. So for its call Node's `connect` is back in its place.
 */
import nodes from 'node:net';
import { promisify } from 'node:util';

import type { Patches } from './patches.ts';

/** A function, as far as it has to be known here. */
type Connect = (...args: unknown[]) => unknown;

/** @param theirs - Node's own `net.connect`. */
export function patchHttp2(patches: Patches, http2: { connect: object }, ours: unknown, theirs: unknown): void {
	function withTheirs(call: Connect): Connect {
		return function connect(this: unknown, ...args: unknown[]): unknown {
			// What a program puts in the place, or connects itself, is used as it is.
			const own = typeof Object(args[1]).createConnection === 'function' || Reflect.get(nodes, 'connect') !== ours;
			if (own) return Reflect.apply(call, this, args);
			Reflect.set(nodes, 'connect', theirs);
			try {
				return Reflect.apply(call, this, args);
			} finally {
				Reflect.set(nodes, 'connect', ours);
			}
		};
	}
	// Functions both; the types of http2 do not name the second, which `util.promisify` takes.
	const before = http2.connect as Connect & { [promisify.custom]: Connect };
	const connect = withTheirs(before);
	Object.defineProperty(connect, promisify.custom, { value: withTheirs(before[promisify.custom]) });
	patches.property('http2.connect', http2, 'connect', connect);
}
