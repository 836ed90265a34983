// net-test: limit 180 s
import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import net from 'node:net';
import { isIP, isIPv4, isIPv6 } from '@net/ip';
import { Texts } from './support/texts.ts';

const test = suite('isIP');

test('a million generated and mutated texts are what Node says they are', () => {
	const random = new Texts(1);
	const counts = new Map<number, number>();
	for (let i = 0; i < 1_000_000; i++) {
		const text = random.text();
		const expected = net.isIP(text);
		counts.set(expected, (counts.get(expected) ?? 0) + 1);
		// The assertion is made only where it would fail: a million of them take a minute.
		if (isIP(text) !== expected || isIPv4(text) !== (expected === 4) || isIPv6(text) !== (expected === 6)) {
			assert.unreachable(`${JSON.stringify(text)} is ${expected}, not ${isIP(text)}`);
		}
	}
	for (const kind of [0, 4, 6]) assert.ok((counts.get(kind) ?? 0) > 50_000, `enough texts are ${kind}`);
});

test('every text of up to five of the letters that matter is what Node says it is', () => {
	const letters = '01f:.%';
	for (let i = 0; i < letters.length ** 6; i++) {
		let text = '';
		for (let rest = i; rest > 0; rest = Math.floor(rest / letters.length)) text += letters[rest % letters.length];
		if (isIP(text) !== net.isIP(text)) assert.unreachable(`${text} is ${net.isIP(text)}, not ${isIP(text)}`);
	}
});

test('what is not a string is treated as Node treats it', () => {
	const values: readonly unknown[] = [
		undefined,
		null,
		5,
		1n,
		true,
		{},
		[],
		['1.2.3.4'],
		['::1'],
		['::1', '::1'],
		new String('1.2.3.4'),
		Buffer.from('::1'),
		{ toString: () => '1.2.3.4' },
		{ toString: () => 5 },
		{ [Symbol.toPrimitive]: () => '::1' },
		() => '::1',
		Symbol('::1'),
		Object.create(null),
		{
			toString() {
				throw new RangeError('own');
			},
		},
	];
	for (const [i, value] of values.entries()) {
		for (const name of ['isIP', 'isIPv4', 'isIPv6'] as const) {
			const ours = outcome({ isIP, isIPv4, isIPv6 }[name], value);
			// The types of Node's functions want a string.
			assert.is(ours, outcome(net[name] as (value: unknown) => unknown, value), `${name}, value ${i}`);
		}
	}
});

test('a check makes no garbage', async () => {
	const texts = ['255.254.253.252', '2001:db8::1', '::ffff:255.1.2.3', 'fe80::1%eth0', 'nonsense', '1.2.3.4.5'];
	const check = (): number => {
		let valid = 0;
		for (let i = 0; i < 1_000_000; i++) {
			const text = texts[i % texts.length] ?? '';
			valid += isIP(text) + Number(isIPv4(text)) + Number(isIPv6(text));
		}
		return valid;
	};
	check();
	const before = process.memoryUsage().heapUsed;
	check();
	const grown = process.memoryUsage().heapUsed - before;
	// One object a check would be 16 MB at least, and collecting them would show as a drop.
	assert.ok(Math.abs(grown) < 2_000_000, `the heap changed by ${grown} bytes`);
});

function outcome(check: (value: unknown) => unknown, value: unknown): string {
	try {
		return String(check(value));
	} catch (error) {
		return String(error);
	}
}

test.run();
