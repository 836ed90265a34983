/** The module's shape: what it exports and what can be read from it. */
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

const documented = [
	'BlockList',
	'Server',
	'Socket',
	'SocketAddress',
	'Stream',
	'connect',
	'createConnection',
	'createServer',
	'getDefaultAutoSelectFamily',
	'getDefaultAutoSelectFamilyAttemptTimeout',
	'isIP',
	'isIPv4',
	'isIPv6',
	'setDefaultAutoSelectFamily',
	'setDefaultAutoSelectFamilyAttemptTimeout',
];

scenario('all that the manual names is exported, as a function with its name and length', (net, recorder) => {
	for (const name of documented) {
		const value: unknown = Reflect.get(net, name);
		if (typeof value === 'function') recorder.log(name, value.name, value.length);
		else recorder.log(name, typeof value);
	}
});

scenario('BoundSocket is a class', (net, recorder) => {
	const value: unknown = Reflect.get(net, 'BoundSocket');
	if (typeof value === 'function') recorder.log('BoundSocket', value.name, value.length);
	else recorder.log(typeof value);
});

scenario('Stream is Socket, connect is createConnection', (net, recorder) => {
	recorder.log('Stream === Socket', Reflect.get(net, 'Stream') === net.Socket);
	recorder.log('connect === createConnection', net.connect === net.createConnection);
});

/** Methods that may be called from outside: neither `_private` nor a stream's. */
function publicNames(prototype: object): string[] {
	return Object.getOwnPropertyNames(prototype)
		.filter((name) => !name.startsWith('_'))
		.sort();
}

function describe(prototype: object, name: string): string {
	const property = Object.getOwnPropertyDescriptor(prototype, name);
	if (property === undefined) return 'missing';
	const value: unknown = property.value;
	if (typeof value === 'function') return `method of ${value.length}`;
	return `${property.get === undefined ? '' : 'get'}${property.set === undefined ? '' : ' set'}`;
}

scenario('Socket.prototype has the public methods and accessors', (net, recorder) => {
	for (const name of publicNames(net.Socket.prototype)) recorder.log(name, describe(net.Socket.prototype, name));
});

scenario('Socket.prototype and what only inherits from it can be read', (net, recorder) => {
	// As those do who make mocks: nothing was constructed.
	for (const target of [net.Socket.prototype, Object.create(net.Socket.prototype)]) {
		for (const name of Object.getOwnPropertyNames(net.Socket.prototype)
			.filter((each) => !notOurs.has(each))
			.sort()) {
			recorder.attempt(name, () => typeof Reflect.get(target, name) === 'function');
		}
		recorder.log('addresses', target.remoteAddress, target.localPort, target.bufferSize, target.pending);
	}
});

/** What is Node's own or ours. */
const notOurs = new Set(['_writeGeneric', 'flush', 'write']);

scenario('Server.prototype has the public methods and accessors', (net, recorder) => {
	for (const name of publicNames(net.Server.prototype)) recorder.log(name, describe(net.Server.prototype, name));
	recorder.log('asyncDispose', typeof Reflect.get(net.Server.prototype, Symbol.asyncDispose ?? Symbol()));
});

scenario('the prototypes stand on Duplex and EventEmitter', async (net, recorder) => {
	const { Duplex } = await import('node:stream');
	const { EventEmitter } = await import('node:events');
	recorder.log('socket', Object.getPrototypeOf(net.Socket.prototype) === Duplex.prototype);
	recorder.log('server', Object.getPrototypeOf(net.Server.prototype) === EventEmitter.prototype);
	recorder.log('static', Object.getPrototypeOf(net.Socket) === Duplex);
	recorder.log('instances', new net.Socket() instanceof Duplex, net.createServer() instanceof EventEmitter);
});

scenario('defaults of automatic family selection can be read, set and are checked', (net, recorder) => {
	const selected = net.getDefaultAutoSelectFamily();
	const timeout = net.getDefaultAutoSelectFamilyAttemptTimeout();
	recorder.log('defaults', selected, timeout);
	recorder.call(net, 'setDefaultAutoSelectFamily', false);
	recorder.call(net, 'getDefaultAutoSelectFamily');
	for (const wrong of [undefined, 1, 'yes', null]) recorder.call(net, 'setDefaultAutoSelectFamily', wrong);
	net.setDefaultAutoSelectFamily(selected);
	recorder.call(net, 'setDefaultAutoSelectFamilyAttemptTimeout', 123);
	recorder.call(net, 'getDefaultAutoSelectFamilyAttemptTimeout');
	recorder.call(net, 'setDefaultAutoSelectFamilyAttemptTimeout', 1);
	recorder.call(net, 'getDefaultAutoSelectFamilyAttemptTimeout');
	for (const wrong of [undefined, 0, -1, 1.5, 2 ** 31, '10', null]) {
		recorder.call(net, 'setDefaultAutoSelectFamilyAttemptTimeout', wrong);
	}
	net.setDefaultAutoSelectFamilyAttemptTimeout(timeout);
});

scenario('the module can be required and imported', async (net: Net, recorder) => {
	const { createRequire } = await import('node:module');
	const imported: Record<string, unknown> = await import(recorder.moduleUrl);
	recorder.log('default', imported['default'] === net);
	recorder.log('named', imported['Socket'] === net.Socket, imported['createServer'] === net.createServer);
	const target = recorder.moduleUrl.startsWith('file:') ? new URL(recorder.moduleUrl).pathname : recorder.moduleUrl;
	const required: unknown = createRequire(import.meta.url)(target);
	recorder.log('required', required === net);
});
