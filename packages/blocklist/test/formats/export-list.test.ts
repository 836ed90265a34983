import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { BlockList, RuleBatch } from '@net/blocklist';
import type { Blocks, ExportFormat, ExportOptions } from '@net/blocklist/formats';
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

test('an address is written with the time until which rules block it without a break', () => {
	for (let seed = 0; seed < 40; seed++) {
		const random = new Random(seed);
		const batch = new RuleBatch();
		const rules: { first: number; last: number; exception: boolean; end: number }[] = [];
		const isIPv6 = seed % 2 === 1;
		for (let i = 0; i < 12; i++) {
			const first = 0xffff_ff00 + random.below(200);
			const last = Math.min(0xffff_ffff, first + random.below(40));
			const end = random.pick([Infinity, 500, 1000, 5000, 9000]);
			const exception = seed % 4 > 1 && random.below(3) === 0;
			Object.assign(batch, { exception, expiresAt: end });
			if (isIPv6) batch.addIPv6Range(Uint32Array.of(9, 0, 0, first), Uint32Array.of(9, 0, 0, last));
			else batch.addIPv4Range(first, last);
			rules.push({ first, last, exception, end });
		}
		const written = new Map<number, string>();
		for (const line of [...exportList(batch, 'ipset', { now: 1000, family: isIPv6 ? 6 : 4 })].join('').split('\n')) {
			const [, prefix, timeout = 'never'] = /^add \S+ (\S+)(?: timeout (\d+))?$/.exec(line) ?? [];
			if (prefix === undefined) continue;
			const { ipv4, ipv6 } = readBack(prefix);
			const [first = 0, last = 0] = isIPv6 ? [ipv6[3], ipv6[7]] : ipv4;
			for (let word = first; word <= last; word++) {
				assert.not(written.has(word));
				written.set(word, timeout);
			}
		}
		for (let word = 0xffff_ff00; word <= 0xffff_ffff; word++) {
			const isBlocked = (now: number): boolean => {
				const applying = rules.filter(({ first, last, end }) => first <= word && word <= last && end > now);
				const narrowest = Math.min(...applying.map(({ first, last }) => last - first));
				const deciding = applying.filter(({ first, last }) => last - first === narrowest);
				return deciding.length > 0 && !deciding.some(({ exception }) => exception);
			};
			const end = [1000, 5000, 9000].find((now) => !isBlocked(now));
			const expected = end === undefined ? 'never' : end === 1000 ? undefined : String((end - 1000) / 1000);
			assert.is(written.get(word), expected, `${seed} ${word}`);
		}
	}
});

test('rules that have ended are not written, and exceptions are taken out, in any format', () => {
	const list = new BlockList({ now: () => 0 });
	list.add('192.0.2.0/24', { expiresAt: 5000 });
	list.add('192.0.2.128/25');
	list.add('192.0.2.1', { exception: true });
	list.add('198.51.100.7', { expiresAt: 1000 });
	const write = (format: ExportFormat, options: ExportOptions = {}): string =>
		[...exportList(list.toBatch(), format, { now: 1000, ...options })].join('');
	assert.is(write('range'), '192.0.2.0\n192.0.2.2-192.0.2.255\n');
	assert.is(readBack(write('json')).ipv4.length, 4);
	assert.match(
		write('nft'),
		/192\.0\.2\.0 timeout 4s,\n192\.0\.2\.2-192\.0\.2\.127 timeout 4s,\n192\.0\.2\.128-192\.0\.2\.255,\n/,
	);
	assert.not.match(write('nft'), 'auto-merge');
	assert.match(write('nft', { timeoutSeconds: 3 }), /192\.0\.2\.0 timeout 3s,/);
	assert.match(write('ipset'), /maxelem 1048576 timeout 0 -exist/);
	assert.not.match(write('iptables'), '198.51.100');
	assert.match(write('nft', { now: 0 }), /198\.51\.100\.7 timeout 1s/);
	list.remove('192.0.2.0/24');
	assert.match(write('nft'), 'flags interval\n\t\tauto-merge');
	assert.match(write('nft', { timeouts: true }), 'flags interval, timeout\n');
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
		{ timeoutSeconds: 100_000_000 },
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
