import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import { SocketAddress } from '@net/address';
import { BlockList } from '@net/blocklist';
import { answers } from './support/calls.ts';
import { operations, run } from './support/operations.ts';

const test = suite('BlockList');

/** How many lists are lived through; each has up to fifteen changes with twelve checks after each. */
const LISTS = 400;

test('four hundred random lists answer as Node 26 does', () => {
	const expected = askNode26(new URL('./oracle/operations.ts', import.meta.url), [String(LISTS)]) as unknown[][];
	let compared = 0;
	let matches = 0;
	for (const [seed, theirs] of expected.entries()) {
		const calls = operations(seed);
		const ours = run({ BlockList, SocketAddress }, calls);
		for (const [i, answer] of theirs.entries()) {
			compared++;
			if (answer === true) matches++;
			assert.equal(ours[i], answer, `list ${seed}, call ${i}: ${JSON.stringify(calls[i])}`);
		}
	}
	assert.ok(compared > 30_000, `only ${compared} answers were compared`);
	assert.ok(matches > compared / 10 && matches < compared / 2, `${matches} of ${compared} were matches`);
});

test('bad arguments and odd texts are answered as Node 26 answers them', () => {
	const expected = askNode26(new URL('./oracle/calls.ts', import.meta.url)) as unknown[];
	const ours = answers({ BlockList, SocketAddress });
	assert.is(ours.length, expected.length);
	for (const [i, answer] of expected.entries()) assert.equal(ours[i], answer, `call ${i}`);
});

test('rules come newest first, addresses before subnets before ranges, in a new array', () => {
	const list = new BlockList();
	list.addAddress('1.1.1.1');
	list.addRange('2.2.2.2', '2.2.2.3');
	list.addSubnet('3.3.3.3', 8);
	list.addAddress('4.4.4.4');
	list.addAddress('::5', 'ipv6');
	list.addSubnet('::', 0, 'ipv6');
	list.addAddress('1.1.1.1');
	assert.equal(list.rules, [
		'Address: IPv6 ::5',
		'Address: IPv4 4.4.4.4',
		'Address: IPv4 1.1.1.1',
		'Subnet: IPv6 ::/0',
		'Subnet: IPv4 3.3.3.3/8',
		'Range: IPv4 2.2.2.2-2.2.2.3',
	]);
	assert.is.not(list.rules, list.rules);
	assert.is(list.size, 6);
});

test('a range ends where it says, in the order of numbers and not of texts or bytes', () => {
	const list = new BlockList();
	list.addRange('1.1.1.9', '1.1.2.1');
	for (const address of ['1.1.1.9', '1.1.1.10', '1.1.1.255', '1.1.2.0', '1.1.2.1']) assert.ok(list.check(address));
	for (const address of ['1.1.1.8', '1.1.2.2', '9.1.1.1', '1.2.1.1']) assert.not(list.check(address));
});

test('a prefix of all bits matches one address, one of none matches its family', () => {
	const one = new BlockList();
	one.addSubnet('1.1.1.1', 32);
	assert.ok(one.check('1.1.1.1'));
	assert.not(one.check('1.1.1.2'));
	const all = new BlockList();
	all.addSubnet('0.0.0.0', 0);
	assert.ok(all.check('255.255.255.255'));
	assert.ok(all.check('::ffff:1.2.3.4', 'ipv6'));
	assert.not(all.check('::1', 'ipv6'));
	const all6 = new BlockList();
	all6.addSubnet('::', 0, 'ipv6');
	assert.ok(all6.check('1.2.3.4'));
});

test('a range as wide as all addresses costs no more than a small one', () => {
	const list = new BlockList();
	list.addRange('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ipv6');
	list.addRange('0.0.0.0', '255.255.255.255');
	assert.is(list.size, 2);
	assert.ok(list.check('1234::', 'ipv6'));
});

test('private ranges can be added as they are', () => {
	const list = new BlockList();
	list.addCIDRs(BlockList.PRIVATE_RANGES);
	assert.is(list.size, BlockList.PRIVATE_RANGES.length);
	for (const address of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '127.0.0.1', '169.254.1.1']) {
		assert.ok(list.check(address), address);
	}
	for (const address of ['::1', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1'])
		assert.ok(list.check(address, 'ipv6'), address);
	for (const address of ['11.0.0.1', '172.32.0.1', '8.8.8.8']) assert.not(list.check(address), address);
	assert.ok(Object.isFrozen(BlockList.PRIVATE_RANGES));
});

test('an address that goes on after a NUL is no address', () => {
	const list = new BlockList();
	assert.throws(() => list.addAddress('1.2.3.4\0x'), 'Invalid socket address');
	list.addAddress('1.2.3.4');
	assert.not(list.check('1.2.3.4\0x'));
});

test('ports of SocketAddress make no difference', () => {
	const list = new BlockList();
	list.addRange(new SocketAddress({ address: '1.1.1.1', port: 5 }), '1.1.1.9');
	assert.ok(list.check(new SocketAddress({ address: '1.1.1.2', port: 6 })));
	list.removeRange('1.1.1.1', '1.1.1.9');
	assert.is(list.size, 0);
});

test('only what the class made is one', () => {
	class Derived extends BlockList {}
	assert.ok(BlockList.isBlockList(new Derived()));
	for (const value of [undefined, null, {}, [], Object.create(BlockList.prototype)]) {
		assert.not(BlockList.isBlockList(value));
	}
});

test('a list goes to another thread as JSON', () => {
	const list = new BlockList();
	list.addCIDR('10.0.0.0/8');
	const copy = new BlockList();
	copy.fromJSON(structuredClone(list.toJSON()));
	assert.equal(copy.rules, list.rules);
	assert.equal(structuredClone(list), {});
});

test.run();
