import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { BlockList, BlockListReader, RuleBatch } from '@net/blocklist';
import { processorMs } from './support/processor.ts';

const test = suite('Expiries');

test('a rule ends when its time has come, by the clock that is passed in', () => {
	let now = 1000;
	const list = new BlockList({ now: () => now });
	list.add('10.0.0.1', { expiresAt: 2000 });
	list.add('10.0.0.0/24', { expiresAt: 3000 });
	list.add('10.0.0.2');
	assert.is(list.match('10.0.0.1')[0]?.expiresAt, 2000);
	now = 1999;
	assert.is(list.size, 3);
	now = 2000;
	assert.equal(
		list.match('10.0.0.1').map(({ rule }) => rule),
		['Subnet: IPv4 10.0.0.0/24'],
	);
	assert.ok(list.check('10.0.0.1'));
	now = 3000;
	assert.not(list.check('10.0.0.1'));
	assert.ok(list.check('10.0.0.2'));
	assert.equal(list.rules, ['Address: IPv4 10.0.0.2']);
});

test('a rule that has ended goes when another one comes or goes, for those who ask in other threads', () => {
	let now = 0;
	const list = new BlockList({ now: () => now });
	const reader = new BlockListReader(list.share(10));
	list.add('10.0.0.1', { expiresAt: 10 });
	list.add('10.0.0.2', { expiresAt: 20 });
	now = 10;
	assert.ok(reader.check('10.0.0.1'));
	list.add('10.0.0.3');
	assert.not(reader.check('10.0.0.1'));
	assert.ok(reader.check('10.0.0.2'));
	now = 20;
	list.remove('10.0.0.3');
	assert.not(reader.check('10.0.0.2'));
});

test('many rules that end at once go at once, shared or not', () => {
	for (const shared of [false, true]) {
		let now = 0;
		const list = new BlockList({ now: () => now, countHits: true });
		if (shared) list.share(50_000);
		const batch = new RuleBatch();
		const words = Uint32Array.of(0x2001_0db8, 0, 0, 0);
		for (let i = 0; i < 30_000; i++) {
			batch.expiresAt = i % 3 === 0 ? Infinity : i % 3 === 1 ? 10 : 20;
			batch.exception = i % 1000 === 7;
			words[1] = i;
			if (i % 2 === 0) batch.addIPv4Subnet(i * 64, 27 + (i % 6));
			else batch.addIPv6Subnet(words, 60 + (i % 5));
		}
		list.addBatch(batch);
		list.checkIPv4(6 * 64);
		const hits = list.match('0.0.1.128')[0]?.hits;
		assert.is(hits, 1);
		for (now of [10, 20]) {
			const ms = processorMs(() => void list.checkIPv4(1));
			// About 100 ms, and seconds one by one.
			assert.ok(ms < 2000, `${ms} ms`);
			const left = new BlockList({ now: () => now });
			for (let row = 0; row < batch.length; row++) if (batch.expiryOf(row) <= now) batch.remove(row);
			left.addBatch(batch);
			assert.equal(list.aggregate(), left.aggregate());
			assert.is(list.size, left.size);
			assert.ok(list.rules.join() === left.rules.join());
			assert.is(list.match('0.0.1.128')[0]?.hits, hits);
		}
	}
});

test('a rule whose end is no time does not keep others from ending', () => {
	let now = 0;
	const list = new BlockList({ now: () => now });
	const batch = new RuleBatch();
	batch.expiresAt = 10;
	batch.addIPv4Address(2);
	batch.expiresAt = Number.NaN;
	batch.addIPv4Address(1);
	list.addBatch(batch);
	now = 10;
	assert.not(list.checkIPv4(2));
	assert.ok(list.checkIPv4(1));
	assert.is(list.size, 1);
});

test('an address that is added again ends when the last call says', () => {
	let now = 0;
	const list = new BlockList({ now: () => now });
	list.add('10.0.0.1', { expiresAt: 10 });
	list.add('10.0.0.1', { expiresAt: 20 });
	now = 15;
	assert.ok(list.check('10.0.0.1'));
	assert.is(list.expire(), 0);
	now = 20;
	assert.is(list.expire(), 1);
	assert.not(list.check('10.0.0.1'));
});

test('rules that are added again and again, each time with another label and end, leave no room behind them', () => {
	let now = 0;
	const list = new BlockList({ now: () => now, countHits: true });
	for (let i = 0; i < 100_000; i++) {
		const label = `seen at ${i}`;
		list.add(`2001:db8::${(1 + (i % 50)).toString(16)}`, { label, source: `log ${i}`, expiresAt: now + 1e6 });
		list.add(i % 2 === 0 ? '10.0.0.1' : '::ffff:10.0.0.1', { label, expiresAt: now + 1e6 });
		now++;
	}
	assert.is(list.size, 51);
	assert.is(list.match('10.0.0.1')[0]?.label, 'seen at 99999');
	assert.is(list.match('2001:db8::1', 'ipv6')[0]?.source, 'log 99950');
	const { index, rules } = list.memoryUsage;
	assert.ok(index < 10_000 && rules < 100_000, `${index} and ${rules} bytes`);
	assert.is(list.expire(now + 1e6 - 60), 0);
	assert.is(list.expire(now + 1e6 - 20), 31);
});

test.run();
