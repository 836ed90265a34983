import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { BlockList } from '@net/blocklist';
import { Random } from './support/random.ts';

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

test('ten thousand addresses are all found, and their neighbours are not', () => {
	const list = new BlockList();
	const dotted = (n: number): string => `10.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
	for (let i = 0; i < 10_000; i++) list.addAddress(dotted(3 * i));
	for (let i = 0; i < 30_000; i++) assert.is(list.check(dotted(i)), i % 3 === 0);
});

test.run();
