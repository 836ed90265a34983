import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { BlockList, RuleBatch } from '@net/blocklist';
import { dotted } from './support/addresses.ts';
import { processorMs } from './support/processor.ts';

const test = suite('ranges');

/** Addresses that differ in few bits of each word, so that intervals meet and cross words. */
function address(random: Random): string {
	return Array.from({ length: 8 }, (_, at) => (at % 2 === 1 ? random.below(3) : 0).toString(16)).join(':');
}

/** The same as one text that sorts as the address does. */
function sortable(text: string): string {
	return text
		.split(':')
		.map((group) => group.padStart(4, '0'))
		.join('');
}

test('an address is in a union of ranges if it is in one of them', () => {
	const random = new Random(1);
	for (let round = 0; round < 300; round++) {
		const list = new BlockList();
		const ranges: [string, string][] = [];
		for (let i = random.below(8); i > 0; i--) {
			const ends: [string, string] = [address(random), address(random)];
			const [start, end] = sortable(ends[0]) <= sortable(ends[1]) ? ends : [ends[1], ends[0]];
			list.addRange(start, end, 'ipv6');
			ranges.push([sortable(start), sortable(end)]);
			for (let checks = 0; checks < 20; checks++) {
				const text = address(random);
				const key = sortable(text);
				const expected = ranges.some(([first, last]) => first <= key && key <= last);
				assert.is(list.check(text, 'ipv6'), expected, text);
			}
		}
	}
});

test('a list without another one blocks what the other one does not, in IPv4 and IPv6', () => {
	for (let seed = 0; seed < 60; seed++) {
		const random = new Random(seed);
		const one = new BlockList();
		const other = new BlockList();
		for (let i = 0; i < 12; i++) {
			for (const list of [one, other]) {
				const ends: [string, string] = [address(random), address(random)];
				const [start, end] = sortable(ends[0]) <= sortable(ends[1]) ? ends : [ends[1], ends[0]];
				if (random.below(2) === 0) list.addRange(start, end, 'ipv6');
				const first = 0xffff_ff00 + random.below(250);
				const last = Math.min(0xffff_ffff, first + random.below(9));
				if (random.below(3) === 0) list.addRange(dotted(first), dotted(last));
			}
		}
		if (seed % 5 === 0) other.addCIDR(random.pick(['::/0', 'ffff::/16', '0.0.0.0/0', '255.255.255.255/32']));
		if (seed % 7 === 0) one.addCIDR(random.pick(['::/0', '255.255.255.0/24']));
		const rest = one.subtract(other);
		for (let i = 0; i < 600; i++) {
			const text = address(random);
			assert.is(rest.check(text, 'ipv6'), one.check(text, 'ipv6') && !other.check(text, 'ipv6'), `${seed} ${text}`);
		}
		for (let word = 0xffff_ff00; word <= 0xffff_ffff; word++) {
			assert.is(rest.checkIPv4(word), one.checkIPv4(word) && !other.checkIPv4(word), `${seed} ${word}`);
		}
	}
});

test('lists of many ranges are taken from each other in a time that grows as they do', () => {
	const [one, other] = [new RuleBatch(), new RuleBatch()];
	const words = Uint32Array.of(0x2001_0db8, 0, 0, 0);
	for (let i = 0; i < 200_000; i++) {
		words[1] = 5 * i;
		one.addIPv6Subnet(words, 64);
		words[1] = 5 * i + (i % 2);
		other.addIPv6Subnet(words, 64);
	}
	const [before, after] = [new BlockList(), new BlockList()];
	before.addBatch(one);
	after.addBatch(other);
	const ms = processorMs(() => assert.is(before.subtract(after).size, 100_000));
	// It takes about 100 ms, and took seconds by a heap of all ranges.
	assert.ok(ms < 3000, `${ms} ms`);
});

test('ten thousand addresses are all found, and their neighbours are not', () => {
	const list = new BlockList();
	for (let i = 0; i < 10_000; i++) list.addAddress(dotted(0x0a00_0000 + 3 * i));
	for (let i = 0; i < 30_000; i++) assert.is(list.check(dotted(0x0a00_0000 + i)), i % 3 === 0);
});

test.run();
