/**
 * `child.send(message, socket)`: Node's takes the native handle out of a socket, and ours has none. So what is to be sent
 * becomes Node's first. That takes until all that the socket wrote has left; what is sent meanwhile waits behind it.
 * And a socket in `stdio` is passed as the descriptor that it is.
 */
import { Server, toNodeServer } from '@net/server';
import { Socket, handleOf, toNodeSocket } from '@net/socket';

import type { Patches } from './patches.ts';

/** The end of a channel between processes: a child, or `process` in one. */
interface Channel {
	send?: unknown;
	disconnect?: unknown;
}

/** @param prototype - of `ChildProcess`; each child gets its `send` when it is spawned. */
export function patchChildren(patches: Patches, prototype: object): void {
	const before: unknown = Reflect.get(prototype, 'spawn');
	if (typeof before !== 'function') return;
	function spawn(this: Channel, options: unknown): unknown {
		const result: unknown = Reflect.apply(before as never, this, [withDescriptors(options)]);
		for (const [name, method] of methodsOf(this)) Reflect.set(this, name, method);
		return result;
	}
	patches.property('ChildProcess.prototype.spawn', prototype, 'spawn', spawn);
	for (const [name, method] of methodsOf(process)) patches.property(`process.${name}`, process, name, method);
}

/** A socket that is to be a child's input or output goes there by its descriptor. */
function withDescriptors(options: unknown): unknown {
	if (typeof options !== 'object' || options === null || !('stdio' in options)) return options;
	const { stdio } = options;
	if (!Array.isArray(stdio) || !stdio.some((each) => each instanceof Socket)) return options;
	const descriptor = (each: unknown): unknown => (each instanceof Socket ? (handleOf(each)?.fd ?? each) : each);
	return { ...options, stdio: stdio.map(descriptor) };
}

/** What replaces its methods; nothing where it is no channel. */
function methodsOf(channel: Channel): [string, unknown][] {
	const { disconnect, send } = channel;
	if (typeof send !== 'function' || typeof disconnect !== 'function') return [];
	/** What waits to be sent, the last of it; undefined: nothing. */
	let last: Promise<void> | undefined;

	/** Now, or behind what waits. */
	function inOrder<Result>(act: () => Result, meanwhile: Result): Result {
		if (last === undefined) return act();
		enqueue(async () => act());
		return meanwhile;
	}
	function enqueue(act: () => Promise<unknown>): void {
		const turn = (last ?? Promise.resolve()).then(act).then(() => {
			if (last === turn) last = undefined;
		});
		last = turn;
	}
	return [
		[
			'send',
			(message: unknown, given: unknown, ...rest: unknown[]): boolean => {
				const pass = (handle: unknown): boolean => Reflect.apply(send as never, channel, [message, handle, ...rest]);
				if (given instanceof Server && given.listening) return inOrder(() => pass(toNodeServer(given)), true);
				if (!(given instanceof Socket)) return inOrder(() => pass(given), true);
				// Of a socket that is closed Node sends the message alone.
				enqueue(async () => pass(await toNodeSocket(given).catch(() => undefined)));
				return true;
			},
		],
		['disconnect', (): void => inOrder(() => Reflect.apply(disconnect as never, channel, []), undefined)],
	];
}
