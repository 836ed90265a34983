import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import {
	compareIPv6,
	containsIPv4,
	containsIPv6,
	firstIPv4,
	firstIPv6,
	lastIPv4,
	lastIPv6,
	mappedIPv4,
	maskIPv4,
	maskIPv6,
	parseIPv6,
	parsePrefix,
} from '@net/ip';
import { Texts } from './support/texts.ts';

const test = suite('prefix');

/** The bits of an address as a text of noughts and ones: slow, and plain to see. */
function bitsOf(...words: number[]): string {
	return words.map((word) => (word >>> 0).toString(2).padStart(32, '0')).join('');
}

test('an address and a length are read, host bits and all', () => {
	assert.equal(parsePrefix('10.1.2.3/8'), { family: 4, address: 0x0a010203, length: 8 });
	assert.equal(parsePrefix('0.0.0.0/0'), { family: 4, address: 0, length: 0 });
	const prefix = parsePrefix('fe80::1%eth0/64');
	assert.equal(prefix, { family: 6, address: Uint32Array.of(0xfe800000, 0, 0, 1), length: 64 });
	assert.is(parsePrefix('::/128')?.length, 128);
});

test('what is no prefix is undefined', () => {
	const texts = [
		'',
		'/',
		'1.2.3.4',
		'1.2.3.4/',
		'/8',
		'1.2.3.4/33',
		'::/129',
		'1.2.3.4/08',
		'1.2.3.4/00',
		'1.2.3.4/-1',
	];
	for (const text of [
		...texts,
		'1.2.3.4/1/1',
		'1.2.3.4/ 8',
		'1.2.3.4/8 ',
		'1.2.3.4/1e1',
		'1.2.3/8',
		'::/9999',
		'x/8',
	]) {
		assert.is(parsePrefix(text), undefined, text);
	}
});

test('masks, ends and members of IPv4 prefixes are those of their bits', () => {
	const random = new Texts(6);
	for (let i = 0; i < 20_000; i++) {
		const [network, length] = [random.below(2 ** 32), random.below(33)];
		const address = random.below(2) === 0 ? random.below(2 ** 32) : (network ^ (1 << random.below(32))) >>> 0;
		const kept = bitsOf(network).slice(0, length);
		assert.is(bitsOf(maskIPv4(length)), '1'.repeat(length).padEnd(32, '0'));
		assert.is(bitsOf(firstIPv4(network, length)), kept.padEnd(32, '0'));
		assert.is(bitsOf(lastIPv4(network, length)), kept.padEnd(32, '1'));
		assert.is(containsIPv4(network, length, address), bitsOf(address).startsWith(kept));
	}
});

test('masks, ends and members of IPv6 prefixes are those of their bits', () => {
	const random = new Texts(7);
	const end = new Uint32Array(4);
	for (let i = 0; i < 20_000; i++) {
		const [network, length] = [random.words(), random.below(129)];
		const address = Uint32Array.from(network);
		const word = random.below(4);
		address[word] = (address[word] ?? 0) ^ (1 << random.below(32));
		const kept = bitsOf(...network).slice(0, length);
		assert.is(bitsOf(...[0, 1, 2, 3].map((at) => maskIPv6(length, at))), '1'.repeat(length).padEnd(128, '0'));
		firstIPv6(network, length, end);
		assert.is(bitsOf(...end), kept.padEnd(128, '0'));
		lastIPv6(network, length, end);
		assert.is(bitsOf(...end), kept.padEnd(128, '1'));
		assert.is(containsIPv6(network, length, address), bitsOf(...address).startsWith(kept));
		const [ours, theirs] = [bitsOf(...network), bitsOf(...address)];
		assert.is(Math.sign(compareIPv6(network, address)), ours < theirs ? -1 : ours > theirs ? 1 : 0);
		assert.is(compareIPv6(network, network), 0);
	}
});

test('a mapped address has an IPv4 address inside, others have none', () => {
	const words = new Uint32Array(4);
	const mapped = (text: string): number => (parseIPv6(text, words) ? mappedIPv4(words) : NaN);
	assert.is(mapped('::ffff:255.2.3.4'), 0xff020304);
	assert.is(mapped('::ffff:0:0'), 0);
	for (const text of ['::1.2.3.4', '64:ff9b::1.2.3.4', '::1:ffff:1.2.3.4', '::fffe:1.2.3.4'])
		assert.is(mapped(text), -1);
});

test.run();
