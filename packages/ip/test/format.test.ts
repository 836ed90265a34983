import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { SocketAddress } from 'node:net';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '@net/ip';
import { Texts } from './support/texts.ts';

const test = suite('format');

test('an IPv4 address comes out as it went in', () => {
	const random = new Texts(4);
	for (let i = 0; i < 100_000; i++) {
		const address = random.below(2 ** 32);
		assert.is(parseIPv4(formatIPv4(address)), address);
	}
	assert.is(formatIPv4(0), '0.0.0.0');
	assert.is(formatIPv4(2 ** 32 - 1), '255.255.255.255');
});

test('the longest run of zeros is left out, the first of equal ones, never one alone', () => {
	const table: [number[], string][] = [
		[[0, 0, 0, 0], '::'],
		[[0, 0, 0, 1], '::1'],
		[[0x10000, 0, 0, 0], '1::'],
		[[0x10000, 0x20003, 0, 1], '1:0:2:3::1'],
		[[0x10000, 1, 0x20000, 1], '1::1:2:0:0:1'],
		[[0x20010db8, 0x1, 0x10001, 0x10001], '2001:db8:0:1:1:1:1:1'],
		[[0xabcdef01, 0xffffffff, 0x10, 0x200], 'abcd:ef01:ffff:ffff:0:10:0:200'],
		[[0, 0, 0xffff, 0x01020304], '::ffff:1.2.3.4'],
		[[0, 0, 0, 0x01020304], '::1.2.3.4'],
		[[0, 0, 0, 0x0000abcd], '::abcd'],
		[[0, 0, 0xffff0000, 0x01020304], '::ffff:0:102:304'],
	];
	for (const [words, text] of table) assert.is(formatIPv6(words), text);
});

test('a hundred thousand addresses come out as Node prints them, and back in as they were', () => {
	const random = new Texts(5);
	const words = new Uint32Array(4);
	for (let i = 0; i < 100_000; i++) {
		const address = random.words();
		const plain = Array.from({ length: 8 }, (_, at) => groupAt(address, at).toString(16)).join(':');
		const text = formatIPv6(address);
		assert.is(text, new SocketAddress({ address: plain, family: 'ipv6' }).address);
		assert.ok(parseIPv6(text, words));
		assert.is(words.join(), address.join());
	}
});

function groupAt(words: Uint32Array, index: number): number {
	const word = words[index >> 1] ?? 0;
	return index % 2 === 0 ? word >>> 16 : word & 0xffff;
}

test.run();
