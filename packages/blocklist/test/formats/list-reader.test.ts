import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { formatIPv4 } from '@net/ip';
import { RuleBatch } from '@net/blocklist';
import type { ReadOptions } from '@net/blocklist/formats';
import { ListError, ListReader } from '@net/blocklist/formats';
import { listed } from '../support/listed.ts';

const test = suite('ListReader');
const encoder = new TextEncoder();

function data(name: string): Uint8Array {
	const bytes = readFileSync(new URL(`../data/${name}`, import.meta.url));
	// No Buffer, whose `slice` does not copy.
	return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

/** Everything that reading tells, as one text. */
function told(bytes: Uint8Array, cuts: (at: number) => number, options: ReadOptions = {}): string {
	const reader = new ListReader({ name: 'list', ...options });
	for (let at = 0; at < bytes.length;) {
		const next = Math.min(bytes.length, at + cuts(at));
		// A chunk's memory may be used again as soon as it was written.
		const chunk = bytes.slice(at, next);
		reader.write(chunk);
		chunk.fill(0x39);
		at = next;
	}
	const { batch, ...counts } = reader.end();
	return JSON.stringify([listed(batch, true), counts], null, 1);
}

for (const name of ['p2p.txt', 'drop.txt', 'hosts.txt', 'scores.tsv', 'country.json', 'ranges.csv.gz']) {
	test(`${name} reads the same in chunks of a byte, of random sizes, and at once`, () => {
		const bytes = data(name);
		const whole = told(bytes, () => bytes.length);
		assert.is(
			told(bytes, () => 1),
			whole,
		);
		const random = new Random(3);
		assert.is(
			told(bytes, () => 1 + random.below(200)),
			whole,
		);
	});
}

test('lists that were damaged at random are read without an error, the same in all chunks, and no rule is invented', () => {
	const random = new Random(5);
	const names = ['p2p.txt', 'drop.txt', 'hosts.txt', 'scores.tsv', 'country.json', 'ranges.csv.gz'];
	for (let round = 0; round < 300; round++) {
		const bytes = data(names[round % names.length] ?? '').slice(0, 3000);
		for (let changes = 1 + random.below(60); changes > 0; changes--) {
			const from = random.below(bytes.length);
			if (random.below(3) > 0) bytes[from] = random.below(256);
			else bytes.copyWithin(from, random.below(bytes.length), random.below(bytes.length));
		}
		const whole = told(bytes, () => bytes.length);
		assert.is(
			told(bytes, () => 1 + random.below(9)),
			whole,
		);
		// What a rule says stands in its line.
		const lines = new TextDecoder('latin1').decode(bytes).split('\n');
		const reader = new ListReader();
		reader.write(bytes);
		const { batch } = reader.end();
		const words = new Uint32Array(4);
		for (let row = 0; row < batch.length; row++) {
			if (!batch.isIPv4(row)) continue;
			batch.readAddress(row, words);
			const address = formatIPv4(words[3] ?? 0)
				.split('.')
				.join('[.]0*');
			assert.match(lines[(batch.lineOf(row) ?? 0) - 1] ?? '', new RegExp(`(^|[^0-9.])0*${address}([^0-9.]|$)`));
		}
	}
});

test('the sample lists have the rules and the problems that they were made with', () => {
	const counts = ['p2p.txt', 'drop.txt', 'hosts.txt', 'scores.tsv', 'country.json', 'ranges.csv.gz'].map((name) => {
		const reader = new ListReader();
		reader.write(data(name));
		const { rules, problemCount } = reader.end();
		return [name, rules, problemCount];
	});
	assert.equal(counts, [
		['p2p.txt', 39, 5],
		['drop.txt', 28, 2],
		['hosts.txt', 82, 9],
		['scores.tsv', 53, 0],
		['country.json', 50, 0],
		['ranges.csv.gz', 200, 0],
	]);
});

test('rules know their line, label and source, and a batch takes several lists', () => {
	const batch = new RuleBatch();
	for (const name of ['a.txt', 'b.txt']) {
		const reader = new ListReader({ batch, name });
		reader.write(encoder.encode('# head\n\n192.0.2.1 # x\r\n192.0.2.2'));
		assert.is(reader.end().rules, 2);
	}
	const rows = [0, 1, 2, 3].map((row) => [batch.sourceOf(row), batch.lineOf(row), batch.labelOf(row)]);
	assert.equal(rows, [
		['a.txt', 3, 'x'],
		['a.txt', 4, undefined],
		['b.txt', 3, 'x'],
		['b.txt', 4, undefined],
	]);
});

test('without origins, rules keep no line and no source, and problems do', () => {
	for (const text of ['192.0.2.1\nbad\n', '["192.0.2.1",\n"bad"]']) {
		const reader = new ListReader({ name: 'a.txt', origins: false });
		reader.write(encoder.encode(text));
		const { batch, problems } = reader.end();
		assert.equal([batch.length, batch.lineOf(0), batch.sourceOf(0)], [1, undefined, undefined]);
		assert.equal(
			problems.map(({ source, line }) => [source, line]),
			[['a.txt', 2]],
		);
	}
});

test('a list that is said to be JSON may begin with a byte order mark, in chunks of a byte', () => {
	for (const text of ['\u{feff}["192.0.2.1"]', '["192.0.2.1"]']) {
		const reader = new ListReader({ format: 'json' });
		for (const byte of encoder.encode(text)) reader.write(Uint8Array.of(byte));
		assert.equal([reader.end().rules, reader.end().problemCount], [1, 0]);
	}
});

test('strict throws the first problem', () => {
	const reader = new ListReader({ name: 'a.txt', strict: true });
	assert.throws(
		() => reader.write(encoder.encode('192.0.2.1\n192.0.2.0/33\n')),
		(error: unknown) =>
			error instanceof ListError &&
			error.code === 'ERR_LIST_NOT_UNDERSTOOD' &&
			error.message === 'a.txt:2: the prefix is longer than the address: 192.0.2.0/33',
	);
});

test('problems are counted beyond those that are kept, and their texts are cut and printable', () => {
	const reader = new ListReader({ maxProblems: 2 });
	reader.write(encoder.encode(`\u{1b}[31m${'x'.repeat(500)}\nb\nc\n`));
	const { problems, problemCount } = reader.end();
	assert.is(problemCount, 3);
	assert.is(problems.length, 2);
	assert.is(Array.from(problems[0]?.text ?? '').length, 121);
	assert.ok(problems[0]?.text.startsWith('\u{fffd}[31mxxx'));
});

test('a line without an end is reported once and not held in memory', () => {
	for (const size of [1000, 70_000, 500_000]) {
		const reader = new ListReader();
		reader.write(encoder.encode('192.0.2.1\n'));
		for (let written = 0; written < 300_000; written += size) reader.write(new Uint8Array(size).fill(0x31));
		reader.write(encoder.encode('\n192.0.2.2\n'));
		const { rules, problems } = reader.end();
		assert.is(rules, 2);
		assert.equal(
			problems.map(({ line }) => line),
			[2],
		);
		assert.match(problems[0]?.reason ?? '', /more than 65536 bytes/);
	}
});

test('an empty list has no rules', () => {
	const reader = new ListReader();
	assert.equal([reader.end().rules, reader.end().lines], [0, 0]);
});

test('a line that is too long is told, however the list is cut, and a line as long as may be is read', () => {
	const longest = `192.0.2.1 # ${'x'.repeat(65_536 - 12)}\n`;
	const bytes = new TextEncoder().encode(`${longest}192.0.2.2 # ${'y'.repeat(65_536 - 11)}\n192.0.2.3\n`);
	for (const size of [bytes.length, 70_000, 65_537, 65_536, 1000]) {
		const reader = new ListReader();
		for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
		const { rules, problems, lines, batch } = reader.end();
		assert.is(rules, 2);
		assert.is(lines, 3);
		assert.equal(
			problems.map(({ line, reason }) => `${line}: ${reason}`),
			['2: a line of more than 65536 bytes'],
		);
		assert.equal([batch.lineOf(0), batch.lineOf(1)], [1, 3]);
	}
});

test('bytes that are no text are told as such', () => {
	for (const line of ['192.0.2.1\0x', '\0', '\xff\xfe1\0.\0']) {
		const reader = new ListReader();
		reader.write(Uint8Array.from(line, (character) => character.charCodeAt(0)));
		assert.match(reader.end().problems[0]?.reason ?? '', /no text of UTF-8/);
	}
});

test.run();
