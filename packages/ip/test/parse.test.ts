import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { isIP, parseIPv4, parseIPv6, parseIPv6Front, parseIPv6Rest, zoneOf } from '@net/ip';
import { Texts } from './support/texts.ts';

const test = suite('parse');

/** The eight groups of a valid address, the slow way. */
function groupsOf(text: string): number[] {
	const [address = ''] = text.split('%');
	const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
	let hex = address;
	if (dotted !== null) {
		const [a, b, c, d] = dotted.slice(1).map(Number);
		hex = address.replace(dotted[0], [a! * 256 + b!, c! * 256 + d!].map((group) => group.toString(16)).join(':'));
	}
	const [front = '', back] = hex.split('::');
	const read = (part: string): number[] =>
		part
			.split(':')
			.filter(Boolean)
			.map((group) => parseInt(group, 16));
	if (back === undefined) return read(front);
	const zeros = Array<number>(8 - read(front).length - read(back).length).fill(0);
	return [...read(front), ...zeros, ...read(back)];
}

test('an IPv4 address is a number from 0 to 2**32-1', () => {
	assert.is(parseIPv4('0.0.0.0'), 0);
	assert.is(parseIPv4('127.0.0.1'), 0x7f000001);
	assert.is(parseIPv4('255.255.255.255'), 2 ** 32 - 1);
	for (const text of [
		'',
		'1',
		'1.2.3',
		'1.2.3.',
		'.1.2.3',
		'1..2.3',
		'1.2.3.4.',
		'256.1.1.1',
		'01.2.3.4',
		'1.2.3.4 ',
	]) {
		assert.is(parseIPv4(text), -1, text);
	}
});

test('an IPv6 address is four words', () => {
	const table: [string, number[]][] = [
		['::', [0, 0, 0, 0]],
		['::1', [0, 0, 0, 1]],
		['1::', [0x10000, 0, 0, 0]],
		['1:2:3:4:5:6:7:8', [0x10002, 0x30004, 0x50006, 0x70008]],
		['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
		['::2:3:4:5:6:7:8', [2, 0x30004, 0x50006, 0x70008]],
		['FFFF:ffff:FfFf:fFfF::', [0xffffffff, 0xffffffff, 0, 0]],
		['::ffff:1.2.3.4', [0, 0, 0xffff, 0x1020304]],
		['1:2:3:4:5:6:255.255.255.255', [0x10002, 0x30004, 0x50006, 0xffffffff]],
		['fe80::1%eth0', [0xfe800000, 0, 0, 1]],
	];
	const words = new Uint32Array(4);
	for (const [text, expected] of table) {
		assert.ok(parseIPv6(text, words), text);
		assert.equal([...words], expected, text);
	}
});

test('generated addresses are what splitting them gives, and others leave the words alone', () => {
	const random = new Texts(2);
	const words = new Uint32Array(4);
	let valid = 0;
	for (let i = 0; i < 200_000; i++) {
		const text = random.text();
		words.fill(7);
		const parsed = parseIPv6(text, words);
		assert.is(parsed, isIP(text) === 6);
		if (parsed) valid++;
		const expected = parsed
			? groupsOf(text)
			: Array<number>(8)
					.fill(0)
					.map((_, at) => (at % 2) * 7);
		const actual = [...words].flatMap((word) => [word >>> 16, word & 0xffff]);
		if (actual.join() !== expected.join()) assert.equal(actual, expected, text);
	}
	assert.ok(valid > 10_000);
});

test('a part of a text is read as if it stood alone', () => {
	const random = new Texts(3);
	const words = new Uint32Array(4);
	for (let i = 0; i < 100_000; i++) {
		const text = random.text();
		const start = random.below(4);
		const padded = '1:f.%'.slice(0, start) + text + '::1.2%x'.slice(0, random.below(8));
		assert.is(parseIPv4(padded, start, start + text.length), parseIPv4(text));
		assert.is(parseIPv6(padded, words, start, start + text.length), isIP(text) === 6, JSON.stringify([padded, text]));
	}
});

test('the front of an address and its rest are what the whole is', () => {
	for (const [text, front] of [
		['2001:db8::1', 0x2001_0db8],
		['FE80:0::', 0xfe80_0000 | 0],
		['1:2:3:4:5:6:7:8%eth0', 0x1_0002],
		['1:2:no address', 0x1_0002],
		['0:0:1::', 0],
		['2001::1', 0],
		['::1:2', 0],
		['1:2', 0],
		['12345:1::', 0],
		['1:\u0131:3::', 0],
		['', 0],
	] as const) {
		assert.is(parseIPv6Front(text), front, text);
	}
	const random = new Texts(4);
	const words = new Uint32Array(4);
	const rest = new Uint32Array(4);
	let valid = 0;
	for (let i = 0; i < 200_000; i++) {
		const text = random.text();
		const isAddress = parseIPv6(text, words);
		const front = parseIPv6Front(text);
		if (front === 0) continue;
		rest.fill(7);
		if (parseIPv6Rest(text, rest) !== isAddress) assert.unreachable(text);
		if (!isAddress) assert.equal([...rest], [7, 7, 7, 7], text);
		else if (rest.join() !== words.join() || (words[0] ?? 0) !== front >>> 0) assert.unreachable(text);
		if (isAddress) valid++;
	}
	assert.ok(valid > 3000, `${valid} addresses`);
});

test('the zone is what stands behind the percent sign', () => {
	assert.is(zoneOf('fe80::1%eth0'), 'eth0');
	assert.is(zoneOf('fe80::1'), undefined);
});

test.run();
