// net-test: limit 180 s
import * as assert from 'uvu/assert';
import { askNode26, Random } from '@tooling/test';
import { suite } from 'uvu';
import { isIPv4, isIPv6 } from 'node:net';
import { BlockList, BlockListReader } from '@net/blocklist';
import { dotted, grouped, someIPv6, words } from './support/addresses.ts';
import { CHECKS, liveThrough } from './support/checks.ts';

const test = suite('index');

const LISTS = 44;

test('two hundred thousand checks of random lists are answered as Node 26 answers them', () => {
	const expected = askNode26(new URL('./oracle/checks.ts', import.meta.url), [String(LISTS)]) as ReturnType<
		typeof liveThrough
	>[];
	let compared = 0;
	let hits = 0;
	for (const [seed, theirs] of expected.entries()) {
		const ours = liveThrough(BlockList, seed);
		assert.equal(ours.rules, theirs.rules, `rules of list ${seed}`);
		assert.is(ours.answers, theirs.answers, `checks of list ${seed}`);
		compared += ours.answers.length;
		hits += ours.answers.split('1').length - 1;
	}
	assert.is(compared, LISTS * CHECKS);
	assert.ok(compared >= 200_000);
	assert.ok(hits > compared / 20 && hits < compared * 0.95, `${hits} hits`);
});

/** A window of addresses, and how many rules hold each of them. */
class Window {
	readonly counts: Uint16Array;
	readonly list = new BlockList();
	readonly rules: [start: number, end: number][] = [];
	readonly base: number;

	constructor(base: number, size: number) {
		this.base = base;
		this.counts = new Uint16Array(size);
	}

	add(start: number, end: number): void {
		this.list.addRange(dotted(this.base + start), dotted(this.base + end));
		this.rules.push([start, end]);
		for (let i = start; i <= end; i++) this.counts[i] = (this.counts[i] ?? 0) + 1;
	}

	remove(index: number): void {
		const [rule] = this.rules.splice(index, 1);
		if (rule === undefined) return;
		const [start, end] = rule;
		this.list.removeRange(dotted(this.base + start), dotted(this.base + end));
		for (let i = start; i <= end; i++) this.counts[i] = (this.counts[i] ?? 0) - 1;
	}

	verify(): void {
		for (let i = 0; i < this.counts.length; i++) {
			const expected = (this.counts[i] ?? 0) > 0;
			if (this.list.checkIPv4(this.base + i) !== expected)
				assert.unreachable(`${dotted(this.base + i)}: not ${expected}`);
		}
		if (this.base > 0) assert.not(this.list.checkIPv4(this.base - 1));
		const behind = this.base + this.counts.length;
		if (behind < 2 ** 32) assert.not(this.list.checkIPv4(behind));
		assert.is(this.list.size, this.rules.length);
	}
}

for (const [name, base] of [
	['the first addresses', 0],
	['the last addresses', 2 ** 32 - 150_000],
	['addresses in the middle', 0x0a00_8000],
] as const) {
	test(`ranges that come and go among ${name} leave what the others hold`, () => {
		const random = new Random(base);
		const window = new Window(base, 150_000);
		for (let round = 0; round < 12; round++) {
			for (let i = 0; i < 150; i++) {
				const start = random.below(150_000);
				const length = random.pick([1, 1, 1, 5, 256, 3000, random.below(5) === 0 ? 140_000 : 2]);
				window.add(start, Math.min(149_999, start + random.below(length)));
				if (random.below(3) > 0) window.remove(random.below(window.rules.length));
			}
			window.verify();
		}
		while (window.rules.length > 0) window.remove(random.below(window.rules.length));
		window.verify();
	});
}

test('every second address of a /16, the densest list there is, comes and goes', () => {
	const window = new Window(0xc000_0000, 65_536);
	for (let i = 0; i < 65_536; i += 2) window.add(i, i);
	window.verify();
	for (let i = 1; i < 65_536; i += 4) window.add(i, i);
	window.verify();
	const random = new Random(5);
	while (window.rules.length > 1000) window.remove(random.below(window.rules.length));
	window.verify();
	while (window.rules.length > 0) window.remove(0);
	window.verify();
});

test('a text is answered as its number is, whatever its first half tells already', () => {
	for (const rules of [1, 5, 31, 40, 3000]) {
		const random = new Random(rules);
		const list = new BlockList();
		const near: number[] = [];
		for (let i = 0; i < rules; i++) {
			const word = random.below(2 ** 32);
			const prefix = random.pick([32, 32, 30, 24, 17, 16, 15, 9]);
			list.addSubnet(dotted(word), prefix);
			const first = word - (word % 2 ** (32 - prefix));
			near.push(first - 1, first, word, first + 2 ** (32 - prefix) - 1, first + 2 ** (32 - prefix));
		}
		const reader = new BlockListReader(list.share(4000));
		let hits = 0;
		for (let i = 0; i < 4000; i++) {
			const word = Math.max(
				0,
				Math.min(2 ** 32 - 1, i % 2 === 0 ? random.below(2 ** 32) : (near[random.below(near.length)] ?? 0)),
			);
			const expected = list.checkIPv4(word);
			assert.is(list.check(dotted(word)), expected, dotted(word));
			assert.is(reader.check(dotted(word)), expected, dotted(word));
			assert.not(list.check(`${dotted(word)}x`));
			if (expected) hits++;
		}
		assert.ok(hits > 400 && hits < 4000, `${hits} hits of ${rules} rules`);
	}
});

test('blocks of few, many and most addresses of a /17 hold just these', () => {
	for (const count of [1, 2, 14, 15, 16, 511, 512, 513, 3000]) {
		const step = Math.floor(32_000 / count);
		for (const [base, isFirstIn] of [
			[0x0a00_0000, false],
			[0x0a00_8000, true],
		] as const) {
			const list = new BlockList();
			// More than there are in a list without blocks.
			for (let i = 0; i < 40; i++) list.addAddress(dotted(0xc0a8_0000 + 2 * i));
			const places = new Set(Array.from({ length: count }, (_, i) => 2 + i * step));
			if (isFirstIn) places.add(0);
			for (const place of places) list.addAddress(dotted(base + place));
			for (let i = 0; i < 32_768; i++) {
				if (list.checkIPv4(base + i) !== places.has(i)) assert.unreachable(`${count}: ${i} is ${!places.has(i)}`);
			}
			for (const place of places) list.removeAddress(dotted(base + place));
			for (let i = 0; i < 32_768; i++) {
				if (list.checkIPv4(base + i)) assert.unreachable(`${count}: ${i} is still there`);
			}
		}
	}
});

test('prefixes of each length, one in another, are taken away from the outside', () => {
	const list = new BlockList();
	for (let prefix = 1; prefix <= 32; prefix++) list.addSubnet('170.170.170.170', prefix);
	for (let prefix = 1; prefix <= 32; prefix++) {
		const bit = 2 ** (32 - prefix);
		assert.ok(list.checkIPv4(0xaaaa_aaaa));
		// The next prefix's other half is held by this one only.
		if (prefix < 32) assert.ok(list.checkIPv4((0xaaaa_aaaa ^ (bit / 2)) >>> 0), `/${prefix}`);
		assert.not(list.checkIPv4((0xaaaa_aaaa ^ bit) >>> 0), `beside /${prefix}`);
		list.removeSubnet('170.170.170.170', prefix);
	}
	assert.not(list.check('170.170.170.170'));
});

test('random rules of IPv6 come and go as an oracle of big integers says', () => {
	for (let seed = 0; seed < 6; seed++) {
		const random = new Random(seed);
		const list = new BlockList();
		const rules: { prefix: number; network: bigint }[] = [];
		for (let step = 0; step < 400; step++) {
			if (random.below(3) > 0 || rules.length === 0) {
				const rule = {
					prefix: random.pick([0, 16, 20, 29, 31, 32, 33, 48, 64, 65, 97, 120, 128]),
					network: someIPv6(random),
				};
				// Only now and then one that holds almost everything.
				if (rule.prefix < 29 && random.below(8) > 0) rule.prefix += 32;
				list.addSubnet(grouped(rule.network), rule.prefix, 'ipv6');
				rules.push(rule);
			} else {
				const [rule] = rules.splice(random.below(rules.length), 1);
				if (rule) list.removeSubnet(grouped(rule.network), rule.prefix, 'ipv6');
			}
			for (let i = 0; i < 30; i++) {
				const address = random.below(2) === 0 ? someIPv6(random) : nearby(random, rules);
				const expected = rules.some(({ prefix, network }) => (address ^ network) >> BigInt(128 - prefix) === 0n);
				assert.is(list.checkIPv6(words(address)), expected, `seed ${seed}, step ${step}: ${grouped(address)}`);
				assert.is(list.check(grouped(address), 'ipv6'), expected);
			}
		}
		assert.is(list.size, rules.length);
	}
});

/** An edge of a rule, or the address beside it. */
function nearby(random: Random, rules: readonly { prefix: number; network: bigint }[]): bigint {
	const rule = rules[random.below(rules.length)];
	if (rule === undefined) return 0n;
	const host = 1n << BigInt(128 - rule.prefix);
	const first = (rule.network / host) * host;
	return BigInt.asUintN(128, random.pick([first, first - 1n, first + host - 1n, first + host]));
}

test('a hundred thousand /64 within one /32 are found, and changed one by one', () => {
	const list = new BlockList();
	const random = new Random(8);
	const at = (i: number): Uint32Array =>
		Uint32Array.of(0x2001_0db8, i * 3, random.below(2 ** 32), random.below(2 ** 32));
	const text = (i: number): string =>
		`2001:db8:${((i * 3) >>> 16).toString(16)}:${((i * 3) & 0xffff).toString(16)}::/64`;
	list.addCIDRs(Array.from({ length: 100_000 }, (_, i) => text(i)));
	for (let i = 0; i < 100_000; i++) {
		if (!list.checkIPv6(at(i))) assert.unreachable(text(i));
		if (list.checkIPv6(at(i + 1 / 3))) assert.unreachable(`behind ${text(i)}`);
	}
	for (let i = 0; i < 1000; i++) {
		const one = random.below(100_000);
		list.removeCIDR(text(one));
		assert.not(list.checkIPv6(at(one)));
		list.addCIDR(text(one));
		assert.ok(list.checkIPv6(at(one)));
	}
});

test('a list of all addresses holds exactly what is an address', () => {
	const list = new BlockList();
	list.addCIDR('0.0.0.0/0');
	const random = new Random(3);
	let valid = 0;
	for (let i = 0; i < 100_000; i++) {
		const text = mangled(random, dotted(random.below(2 ** 32) & random.pick([-1, 0x0f0f_0f0f, 0x3f3f_3f3f])));
		if (isIPv4(text)) valid++;
		if (list.check(text) !== isIPv4(text)) assert.unreachable(JSON.stringify(text));
	}
	assert.ok(valid > 20_000 && valid < 80_000, `${valid} were addresses`);
	list.addCIDR('::/0');
	for (let i = 0; i < 30_000; i++) {
		const text = mangled(random, random.pick([grouped(someIPv6(random)), `::${random.below(65_536).toString(16)}:1`]));
		// Of zones only that they are there matters.
		if (!text.includes('%')) assert.is(list.check(text, 'ipv6'), isIPv6(text), text);
	}
});

/** Half of the texts lose, gain or change a character. */
function mangled(random: Random, text: string): string {
	if (random.below(2) === 0) return text;
	const at = random.below(text.length + 1);
	const put = random.pick(['', '0', '1', '9', '.', '..', ':', '/', 'a', ' ', '\0', '256', '٣', '-']);
	return text.slice(0, at) + put + text.slice(at + random.below(2));
}

test('addresses as numbers and as bytes are answered as texts are', () => {
	const list = new BlockList();
	list.addCIDRs(['10.0.0.0/8', '2001:db8::/32', '::ffff:192.0.2.0/120']);
	for (const [text, bytes] of [
		['10.1.2.3', [10, 1, 2, 3]],
		['11.1.2.3', [11, 1, 2, 3]],
		['192.0.2.9', [192, 0, 2, 9]],
	] as const) {
		const expected = list.check(text);
		assert.is(list.checkBytes(Uint8Array.from(bytes)), expected);
		assert.is(list.checkBytes(Uint8Array.from([9, ...bytes, 9]), 1, 4), expected);
		const mapped = [...Array<number>(10).fill(0), 255, 255, ...bytes];
		assert.is(list.checkBytes(Uint8Array.from(mapped)), expected);
		assert.is(list.check(`::ffff:${text}`, 'ipv6'), expected);
	}
	assert.ok(list.checkIPv6([0x2001_0db8, 0, 0, 1]));
	assert.not(list.checkIPv6([0x2001_0db9, 0, 0, 1]));
	assert.throws(
		() => list.checkBytes(new Uint8Array(5)),
		(error: { code: string }) => error.code === 'ERR_OUT_OF_RANGE',
	);
	assert.throws(
		() => list.checkBytes(new Uint8Array(5), 2, 4),
		(error: { code: string }) => error.code === 'ERR_OUT_OF_RANGE',
	);
});

test('a million checks leave nothing for the garbage collector', () => {
	const list = new BlockList();
	const random = new Random(4);
	list.addAddresses(Array.from({ length: 20_000 }, () => dotted(random.below(2 ** 32))));
	list.addCIDRs(Array.from({ length: 2000 }, () => `${grouped(someIPv6(random))}/64`));
	const texts = Array.from({ length: 1000 }, () => dotted(random.below(2 ** 32)));
	const wide = Array.from({ length: 1000 }, () => grouped(someIPv6(random)));
	const addresses = wide.map((_, i) => words(BigInt(i) << 100n));
	const bytes = Uint8Array.from({ length: 16 }, (_, i) => i);
	let blocked = 0;
	const check = (rounds: number): void => {
		for (let round = 0; round < rounds; round++) {
			for (let i = 0; i < 1000; i++) {
				if (list.check(texts[i] ?? '')) blocked++;
				if (list.check(wide[i] ?? '', 'ipv6')) blocked++;
				if (list.checkIPv4(i * 2_000_000)) blocked++;
				if (list.checkIPv6(addresses[i] ?? [])) blocked++;
				if (list.checkBytes(bytes)) blocked++;
			}
		}
	};
	check(100);
	// The least of several: something else may have allocated in one of them.
	const growth = Array.from({ length: 5 }, () => {
		const before = process.memoryUsage().heapUsed;
		check(200);
		return process.memoryUsage().heapUsed - before;
	});
	assert.ok(blocked > 0);
	assert.ok(Math.min(...growth.map(Math.abs)) < 100_000, `${growth.join(', ')} bytes in a million checks each`);
});

test.run();
