/** SocketAddress. */
import { inspect } from 'node:util';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import type { Net } from '../src/scenario.ts';

function make(net: Net, recorder: Recorder, ...values: unknown[]): void {
	recorder.attempt(`new SocketAddress ${recorder.names.show(values)}`, () => {
		const made: unknown = Reflect.construct(net.SocketAddress, values);
		if (typeof made !== 'object' || made === null) return made;
		return ['address', 'family', 'port', 'flowlabel'].map((name): unknown => Reflect.get(made, name));
	});
}

scenario('defaults by family', (net, recorder) => {
	make(net, recorder);
	make(net, recorder, {});
	make(net, recorder, { family: 'ipv4' });
	make(net, recorder, { family: 'ipv6' });
	make(net, recorder, { family: 'IPv6' });
	make(net, recorder, { port: 80 });
});

scenario('addresses are kept in their canonical form', (net, recorder) => {
	for (const address of ['1.2.3.4', '0.0.0.0', '255.255.255.255']) make(net, recorder, { address });
	for (const address of ['::1', '0:0:0:0:0:0:0:1', '2001:DB8::A', '::ffff:1.2.3.4', '1:0:0:2:0:0:0:3', '::1.2.3.4']) {
		make(net, recorder, { address, family: 'ipv6', port: 1, flowlabel: 2 });
	}
});

scenario('wrong addresses throw', (net, recorder) => {
	for (const address of ['', 'x', '1.2.3', '::1', 5, null, {}]) make(net, recorder, { address });
	for (const address of ['', '1.2.3.4', '::g', 5]) make(net, recorder, { address, family: 'ipv6' });
});

scenario('wrong families, ports and flow labels throw', (net, recorder) => {
	for (const family of ['ipv5', 4, 6, null, true, '']) make(net, recorder, { family });
	for (const port of [-1, 65536, 1.5, 'x', '80', null, true, NaN]) make(net, recorder, { port });
	// From 2**20 on Node itself aborts.
	for (const flowlabel of [-1, 2 ** 20 - 1, 1.5, 'x', null]) make(net, recorder, { family: 'ipv6', flowlabel });
	make(net, recorder, { family: 'ipv4', flowlabel: 5 });
});

scenario('options of wrong types throw', (net, recorder) => {
	for (const options of [5, 'x', null, true, []]) make(net, recorder, options);
});

scenario('without new it throws', (net, recorder) => {
	recorder.attempt('call', () => Reflect.apply(net.SocketAddress, undefined, []));
});

scenario('properties are getters of the prototype', (net, recorder) => {
	const made = new net.SocketAddress({ port: 5 });
	recorder.log('own', Object.keys(made));
	for (const name of ['address', 'family', 'port', 'flowlabel']) {
		recorder.log(name, Reflect.set(made, name, 'changed'), Reflect.get(made, name));
	}
	recorder.log('JSON', JSON.stringify(made));
});

scenario('util.inspect', (net, recorder) => {
	recorder.log('IPv4', inspect(new net.SocketAddress({ address: '1.2.3.4', port: 5 })));
	recorder.log('IPv6', inspect(new net.SocketAddress({ address: '::1', family: 'ipv6', port: 5, flowlabel: 6 })));
	recorder.log('nested', inspect({ a: { b: { c: new net.SocketAddress({}) } } }));
	recorder.log('depth', inspect(new net.SocketAddress({}), { depth: -1 }));
});

scenario('isSocketAddress', (net, recorder) => {
	recorder.log('static', typeof Reflect.get(net.SocketAddress, 'isSocketAddress'));
	for (const value of [new net.SocketAddress({}), {}, null, undefined, 'x']) {
		recorder.call(net.SocketAddress, 'isSocketAddress', value);
	}
});

scenario('parse: addresses with and without port', (net, recorder) => {
	const inputs = [
		'1.2.3.4',
		'1.2.3.4:5',
		'[::1]',
		'[::1]:5',
		'127.1',
		'0x7f.1',
		'127.1:9',
		'1.2.3.4:0',
		'1.2.3.4:65535',
	];
	for (const input of inputs) {
		const parsed: unknown = Reflect.apply(Reflect.get(net.SocketAddress, 'parse'), net.SocketAddress, [input]);
		if (!(parsed instanceof net.SocketAddress)) recorder.log(input, parsed);
		else recorder.log(input, parsed.address, parsed.family, parsed.port, parsed.flowlabel);
	}
});

scenario('parse: what is none', (net, recorder) => {
	const inputs = [
		'',
		'x',
		'localhost',
		'::1',
		'[::1',
		'1.2.3.4:',
		'1.2.3.4:65536',
		'1.2.3.4:x',
		'1.2.3.4/',
		'http://1.2.3.4',
		'1.2.3.256',
	];
	for (const input of inputs) recorder.call(net.SocketAddress, 'parse', input);
	for (const input of [undefined, null, 5, {}]) recorder.call(net.SocketAddress, 'parse', input);
});

scenario('a NUL is in no address', (net, recorder) => {
	recorder.attempt('SocketAddress', () => new net.SocketAddress({ address: '::1\0x', family: 'ipv6' }).address);
	const list = new net.BlockList();
	recorder.attempt('addAddress', () => list.addAddress('127.0.0.1\0.example.test'));
	recorder.log('rules', list.rules);
	recorder.log('isIP', net.isIP('127.0.0.1\0'), net.SocketAddress.parse('127.0.0.1\0'));
});
