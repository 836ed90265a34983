/** BoundSocket: bound at once, listened on or connected from later. */
import type { Socket } from 'node:net';
import { invoke } from '../src/recorder.ts';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

/** A BoundSocket, or undefined when the constructor threw, which is recorded. */
function bind(net: Net, recorder: Recorder, ...values: unknown[]): object | undefined {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return undefined;
	const made = recorder.attempt(`new BoundSocket ${recorder.names.show(values)}`, () => {
		const bound: unknown = Reflect.construct(constructor, values);
		recorder.alias(bound, 'bound');
		return bound;
	});
	return typeof made === 'object' && made !== null ? made : undefined;
}

function portOf(bound: object): number {
	const address: unknown = invoke(bound, 'address', []);
	const port: unknown = typeof address === 'object' && address !== null ? Reflect.get(address, 'port') : 0;
	return typeof port === 'number' ? port : 0;
}

scenario('its members', (net, recorder) => {
	const constructor: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof constructor !== 'function') return recorder.log('missing');
	const prototype: object = constructor.prototype;
	const names = Object.getOwnPropertyNames(prototype).filter((name) => !name.startsWith('_'));
	for (const name of names.sort()) {
		const property = Object.getOwnPropertyDescriptor(prototype, name);
		recorder.log(name, typeof property?.value, property?.get !== undefined);
	}
});

scenario('it is bound at once', (net, recorder) => {
	const bound = bind(net, recorder, { port: 0, host: '127.0.0.1' });
	if (bound === undefined) return;
	recorder.alias(portOf(bound), 'port');
	recorder.call(bound, 'address');
	recorder.attempt('close', () => invoke(bound, 'close', []));
	recorder.call(bound, 'address');
});

scenario('a server listens on it', async (net, recorder) => {
	const bound = bind(net, recorder, { port: 0, host: '127.0.0.1' });
	if (bound === undefined) return;
	const port = portOf(bound);
	recorder.alias(port, 'port');
	const server = recorder.own(net.createServer((socket) => socket.end('bound')));
	recorder.events(server, ['listening', 'error']);
	invoke(server, 'listen', [bound]);
	await recorder.once(server, 'listening');
	recorder.log('address', server.address());
	const client: Socket = recorder.own(net.connect(port, '127.0.0.1'));
	recorder.log('text', await recorder.text(client));
});

scenario('it can be adopted once', async (net, recorder) => {
	const bound = bind(net, recorder, { port: 0, host: '127.0.0.1' });
	if (bound === undefined) return;
	const server = recorder.own(net.createServer());
	invoke(server, 'listen', [bound]);
	await recorder.once(server, 'listening');
	const second = recorder.own(net.createServer());
	second.on('error', (error) => recorder.log('error', error));
	recorder.attempt('second listen', () => invoke(second, 'listen', [bound]) === second);
	await recorder.rounds(3);
});

scenario('a port in use throws', async (net, recorder) => {
	const server = await recorder.serve(net);
	bind(net, recorder, { port: server.port, host: '127.0.0.1' });
});

scenario('wrong options throw', (net, recorder) => {
	for (const options of [5, 'x', { port: -1 }, { port: 'x' }, { host: 5 }, { host: 'localhost' }, { path: 5 }]) {
		const bound = bind(net, recorder, options);
		if (bound !== undefined) recorder.attempt('close', () => invoke(bound, 'close', []));
	}
});
