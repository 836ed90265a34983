import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { SocketAddress } from '@net/address';
import type { SocketAddressData } from '@net/address';
import { plain } from './support/plain.ts';
import { describeAll } from './support/socket-addresses.ts';

const test = suite('SocketAddress');

test('options and texts make what they make on Node 26, or throw what it throws', () => {
	const expected = askNode26(new URL('./oracle/socket-address.ts', import.meta.url)) as unknown[];
	const actual = plain(describeAll(SocketAddress)) as unknown[];
	assert.ok(expected.length > 250);
	for (const [i, answer] of expected.entries()) assert.equal(actual[i], answer, `case ${i}`);
});

test('parse keeps port 80', () => {
	for (const text of ['1.2.3.4:80', '1.2.3.4:0080', '[::1]:80/path']) assert.is(SocketAddress.parse(text)?.port, 80);
	assert.is(SocketAddress.parse('1.2.3.4')?.port, 0);
	assert.is(SocketAddress.parse('1.2.3.4:443')?.port, 443);
});

test('a flow label of IPv6 has 20 bits', () => {
	assert.is(new SocketAddress({ family: 'ipv6', flowlabel: 0xfffff }).flowlabel, 0xfffff);
	assert.throws(
		() => new SocketAddress({ family: 'ipv6', flowlabel: 0x100000 }),
		'The value of "options.flowlabel" is out of range. It must be >= 0 && <= 1048575. Received 1048576',
	);
	assert.is(new SocketAddress({ flowlabel: 0x100000 }).flowlabel, 0);
});

test('it never changes', () => {
	const address = new SocketAddress({ address: '1.2.3.4', port: 5 });
	for (const name of ['address', 'port', 'family', 'flowlabel']) {
		assert.not(Reflect.set(address, name, 'x'));
		assert.not(Reflect.deleteProperty(address, name));
	}
	assert.is(JSON.stringify(address), '{"address":"1.2.3.4","port":5,"family":"ipv4","flowlabel":0}');
});

test('a clone is plain data that makes the same address again', () => {
	const address = new SocketAddress({ address: '::1', family: 'ipv6', port: 5, flowlabel: 6 });
	const { port1, port2 } = new MessageChannel();
	port1.postMessage(address);
	const received: { message: SocketAddressData } | undefined = receiveMessageOnPort(port2);
	port1.close();
	assert.equal(received?.message, address.toJSON());
	assert.equal(structuredClone(address), received?.message);
	assert.equal(new SocketAddress(received?.message).toJSON(), address.toJSON());
});

test('only what the class made is one', () => {
	class Derived extends SocketAddress {}
	assert.ok(SocketAddress.isSocketAddress(new SocketAddress()));
	assert.ok(SocketAddress.isSocketAddress(new Derived()));
	for (const value of [
		undefined,
		null,
		'x',
		{},
		new SocketAddress().toJSON(),
		Object.create(SocketAddress.prototype),
	]) {
		assert.not(SocketAddress.isSocketAddress(value));
	}
	assert.throws(() => Reflect.apply(SocketAddress, undefined, []), /cannot be invoked without 'new'/);
});

test.run();
