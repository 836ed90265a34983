import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import type { Blocks, ExportFormat } from '@net/blocklist/formats';
import { blocksOf, EXPORT_FORMATS, exportList, ListReader } from '@net/blocklist/formats';
import { randomRanges } from '../support/ranges.ts';

const test = suite('exportList');

function written(blocks: Blocks, format: ExportFormat): string {
	return [...exportList(blocks, format)].join('');
}

function readBack(text: string): Blocks {
	const reader = new ListReader({ strict: true });
	reader.write(new TextEncoder().encode(text));
	return blocksOf(reader.end().batch);
}

/** The prefixes of a range, by the definition: the largest one that begins at its start and does not leave it. */
function prefixesOf(first: bigint, last: bigint, bits: number): string[] {
	const prefixes: string[] = [];
	for (let at = first; at <= last;) {
		let size = 0;
		while (size < bits && at % (1n << BigInt(size + 1)) === 0n && at + (1n << BigInt(size + 1)) - 1n <= last) size++;
		prefixes.push(`${at}/${bits - size}`);
		at += 1n << BigInt(size);
	}
	return prefixes;
}

function number(words: Uint32Array): bigint {
	return words.reduce((sum, word) => (sum << 32n) + BigInt(word), 0n);
}

function numberOf(address: string): bigint {
	const reader = new ListReader();
	reader.write(new TextEncoder().encode(address));
	const { batch } = reader.end();
	const words = new Uint32Array(4);
	batch.readAddress(0, words);
	return number(batch.isIPv4(0) ? words.subarray(3) : words);
}

test('ranges become the fewest prefixes, which are all of them and nothing else', () => {
	const random = new Random(11);
	for (let round = 0; round < 60; round++) {
		const blocks = randomRanges(random, 1 + random.below(20));
		const expected: string[] = [];
		for (let i = 0; i < blocks.ipv4.length; i += 2) {
			expected.push(...prefixesOf(BigInt(blocks.ipv4[i] ?? 0), BigInt(blocks.ipv4[i + 1] ?? 0), 32));
		}
		for (let i = 0; i < blocks.ipv6.length; i += 8) {
			const [first, last] = [blocks.ipv6.subarray(i, i + 4), blocks.ipv6.subarray(i + 4, i + 8)];
			expected.push(...prefixesOf(number(first), number(last), 128));
		}
		const lines = written(blocks, 'cidr').split('\n').slice(0, -1);
		const actual = lines.map((line) => {
			const [address = '', prefix = ''] = line.split('/');
			return `${numberOf(address)}/${prefix}`;
		});
		assert.equal(actual, expected);
	}
});

test('cidr, range and json are read back equal, also of nothing and of everything', () => {
	const random = new Random(12);
	const all: Blocks = { ipv4: Uint32Array.of(0, 0xffff_ffff), ipv6: new Uint32Array(8).fill(0xffff_ffff, 4) };
	const none: Blocks = { ipv4: new Uint32Array(0), ipv6: new Uint32Array(0) };
	for (let round = 0; round < 200; round++) {
		const blocks = round === 0 ? all : round === 1 ? none : randomRanges(random, random.below(60));
		for (const format of ['cidr', 'range', 'json'] as const)
			assert.equal(readBack(written(blocks, format)), blocks, format);
		assert.is(JSON.parse(written(blocks, 'json')).length, written(blocks, 'cidr').split('\n').length - 1);
	}
});

test('a long list comes in texts of some kilobytes', () => {
	const ipv4 = Uint32Array.from({ length: 40_000 }, (_, i) => (i >> 1) * 4);
	const texts = [...exportList({ ipv4, ipv6: new Uint32Array(0) }, 'cidr')];
	assert.ok(texts.length > 3, `${texts.length} texts`);
	assert.ok(texts.every((text) => text.length < 66_000));
});

test('a family is chosen, and iptables wants one', () => {
	const blocks = randomRanges(new Random(13), 20);
	const both = written(blocks, 'cidr');
	const apart = ([4, 6] as const).map((family) => [...exportList(blocks, 'cidr', { family })].join(''));
	assert.is(apart.join(''), both);
	assert.throws(() => written(blocks, 'iptables'), /one family/);
});

test('options that a format cannot have are refused', () => {
	const blocks = randomRanges(new Random(14), 2);
	const bad = [
		{ name: 'a b' },
		{ name: 'a;b' },
		{ name: '' },
		{ name: '4' },
		{ name: 'a'.repeat(27) },
		{ timeoutSeconds: 0 },
		{ timeoutSeconds: 4_294_968 },
		{ timeoutSeconds: 1.5 },
		{ maxElements: -1 },
		{ target: 'DROP\n-A INPUT' },
	];
	for (const options of bad) {
		for (const format of EXPORT_FORMATS) {
			assert.throws(
				() => [...exportList(blocks, format, { family: 4, ...options })],
				(error: unknown) => error instanceof RangeError,
			);
		}
	}
});

test.run();
