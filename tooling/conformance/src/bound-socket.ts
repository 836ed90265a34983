/** What the scenarios of BoundSocket have in common. */
import type { Socket } from 'node:net';
import { invoke, socketEvents } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import type { Net } from './scenario.ts';

/** A BoundSocket, or undefined when the constructor threw, which is recorded. */
export function bind(net: Net, recorder: Recorder, ...values: unknown[]): object | undefined {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return undefined;
	const made = recorder.attempt(`new BoundSocket ${recorder.names.show(values)}`, () => {
		const bound: unknown = Reflect.construct(constructor, values);
		recorder.alias(bound, 'bound');
		return bound;
	});
	return typeof made === 'object' && made !== null ? made : undefined;
}

export function portOf(bound: object): number {
	const address: unknown = invoke(bound, 'address', []);
	const port: unknown = typeof address === 'object' && address !== null ? Reflect.get(address, 'port') : 0;
	return typeof port === 'number' ? port : 0;
}

/** A socket that took a BoundSocket over, and the port of both. */
export function adopt(
	net: Net,
	recorder: Recorder,
	options: object = {},
): { socket: Socket; port: number } | undefined {
	const bound = bind(net, recorder, { host: '127.0.0.1' });
	if (bound === undefined) return undefined;
	const port = portOf(bound);
	recorder.alias(port, 'bound port');
	const socket: unknown = Reflect.construct(net.Socket, [{ ...options, handle: bound }]);
	if (!(socket instanceof net.Socket)) throw new Error('no socket');
	recorder.alias(socket, 'socket');
	recorder.events(recorder.own(socket), [...socketEvents, ...attemptEvents]);
	return { socket, port };
}

/** What the methods of a BoundSocket return or throw. */
export function ask(recorder: Recorder, bound: object): void {
	for (const name of ['address', 'fd', 'close']) recorder.call(bound, name);
	recorder.attempt('dispose', () => invoke(bound, Symbol.dispose ?? '', []));
}

const attemptEvents = ['connectionAttempt', 'connectionAttemptFailed'];
