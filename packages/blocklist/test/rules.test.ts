import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { BlockList, RuleBatch } from '@net/blocklist';
import { dotted } from './support/addresses.ts';
import { processorMs } from './support/processor.ts';
import { Random } from '@tooling/test';

const test = suite('rules');

test('a match tells which rules apply, the narrowest first, and where they come from', () => {
	const list = new BlockList();
	list.add('10.0.0.0/8', { label: 'private', source: 'lan.txt', line: 3 });
	list.add('10.1.0.0-10.1.0.9', { label: 'printers' });
	list.add('10.1.0.5');
	list.add('2001:db8::/32', { source: 'docs.txt' });
	assert.equal(list.match('10.1.0.5'), [
		{ rule: 'Address: IPv4 10.1.0.5', kind: 'address', exception: false, hits: 0 },
		{ rule: 'Range: IPv4 10.1.0.0-10.1.0.9', kind: 'range', exception: false, label: 'printers', hits: 0 },
		{
			rule: 'Subnet: IPv4 10.0.0.0/8',
			kind: 'subnet',
			exception: false,
			label: 'private',
			source: 'lan.txt',
			line: 3,
			hits: 0,
		},
	]);
	const rulesOf = (text: string, family: 'ipv4' | 'ipv6'): string[] => list.match(text, family).map(({ rule }) => rule);
	assert.equal(rulesOf('::ffff:10.9.9.9', 'ipv6'), ['Subnet: IPv4 10.0.0.0/8']);
	assert.equal(rulesOf('2001:db8::1', 'ipv6'), ['Subnet: IPv6 2001:db8::/32']);
	assert.equal(rulesOf('11.0.0.1', 'ipv4'), []);
	assert.equal(rulesOf('nonsense', 'ipv4'), []);
});

test('an exception lets pass what wider rules block, and narrower rules block again', () => {
	const list = new BlockList();
	list.add('10.0.0.0/8');
	list.add('10.1.0.0/16', { exception: true });
	list.add('10.1.2.0/24');
	assert.ok(list.check('10.0.0.1'));
	assert.not(list.check('10.1.0.1'));
	assert.ok(list.check('10.1.2.3'));
	assert.not(list.check('::ffff:10.1.0.1', 'ipv6'));
	assert.equal(list.rules, ['Subnet: IPv4 10.1.2.0/24', 'Subnet: IPv4 10.0.0.0/8']);
	assert.is(list.size, 2);
	assert.is(list.match('10.1.0.1')[0]?.exception, true);
	list.remove('10.1.0.0/16', { exception: true });
	assert.ok(list.check('10.1.0.1'));
});

test('random rules and exceptions that come and go decide as the narrowest of all says', () => {
	for (let seed = 0; seed < 8; seed++) {
		const random = new Random(seed);
		const list = new BlockList();
		const wide = seed % 2 === 1;
		const name = (host: number): string => (wide ? `2001:db8:0:${host.toString(16)}::` : dotted(0x0a00_0000 + host));
		const rules: { start: number; prefix: number; exception: boolean }[] = [];
		const textOf = ({ start, prefix }: { start: number; prefix: number }): string =>
			`${name(start)}/${wide ? prefix + 32 : prefix}`;
		for (let step = 0; step < 150; step++) {
			if (rules.length > 0 && random.below(3) === 0) {
				const [rule] = rules.splice(random.below(rules.length), 1);
				if (rule) list.remove(textOf(rule), rule);
			} else {
				const prefix = 20 + random.below(13);
				const start = (random.below(4096) >>> (32 - prefix)) << (32 - prefix);
				const rule = { start, prefix, exception: random.below(3) === 0 };
				list.add(textOf(rule), rule);
				rules.push(rule);
			}
			if (step % 10 !== 9) continue;
			for (let host = 0; host < 4096; host += wide ? 3 : 1) {
				const applies = rules.filter(({ start, prefix }) => (host - start) >>> 0 < 2 ** (32 - prefix));
				const widest = Math.max(0, ...applies.map(({ prefix }) => prefix));
				const narrowest = applies.filter(({ prefix }) => prefix === widest);
				const expected = narrowest.length > 0 && !narrowest.some(({ exception }) => exception);
				const got = list.check(wide ? `${name(host)}1` : name(host), wide ? 'ipv6' : 'ipv4');
				if (got !== expected) assert.unreachable(`seed ${seed}, step ${step}: ${name(host)} is not ${expected}`);
			}
		}
	}
});

test('hits are counted for the rule that decides', () => {
	const list = new BlockList({ countHits: true });
	list.add('10.0.0.0/8');
	list.add('10.0.0.1');
	for (let i = 0; i < 3; i++) list.check('10.0.0.1');
	list.checkIPv4(0x0a00_0002);
	list.check('::ffff:10.0.0.2', 'ipv6');
	list.check('11.0.0.1');
	assert.equal(
		list.match('10.0.0.1').map(({ hits }) => hits),
		[3, 2],
	);
});

test('a batch of many rules is the same list as its rules one by one', () => {
	const random = new Random(11);
	const batch = new RuleBatch();
	const list = new BlockList();
	for (let i = 0; i < 4000; i++) {
		const word = 0x0a00_0000 + random.below(3000);
		batch.label = batch.labelId(`label ${i % 7}`);
		batch.line = i + 1;
		if (random.below(3) > 0) {
			batch.addIPv4Address(word);
			list.add(dotted(word), { label: `label ${i % 7}`, line: i + 1 });
		} else {
			batch.addIPv4Range(word, word + 2);
			list.add(`${dotted(word)}-${dotted(word + 2)}`, { label: `label ${i % 7}`, line: i + 1 });
		}
	}
	const bulk = new BlockList();
	bulk.addBatch(batch);
	assert.equal(bulk.rules, list.rules);
	assert.is(bulk.size, list.size);
	for (let host = -2; host < 3010; host++) {
		assert.is(bulk.checkIPv4(0x0a00_0000 + host), list.checkIPv4(0x0a00_0000 + host));
		assert.equal(bulk.match(dotted(0x0a00_0000 + host)), list.match(dotted(0x0a00_0000 + host)));
	}
});

test('rules that are removed leave no room behind them', () => {
	const list = new BlockList();
	for (let i = 0; i < 60_000; i++) {
		list.addAddress(dotted(i * 65_537));
		if (i >= 100) list.removeAddress(dotted((i - 100) * 65_537));
	}
	assert.is(list.size, 100);
	const { index, rules } = list.memoryUsage;
	assert.ok(index < 600_000 && rules < 100_000, `${index} and ${rules} bytes`);
});

test('rules keep their hits when others go', () => {
	const list = new BlockList({ countHits: true });
	for (let i = 0; i < 3000; i++) list.addAddress(dotted(i));
	for (let i = 0; i < 3; i++) list.check('0.0.11.183');
	for (let i = 0; i < 2990; i++) list.removeAddress(dotted(i));
	assert.is(list.match('0.0.11.183')[0]?.hits, 3);
	for (let i = 2990; i < 2999; i++) assert.is(list.match(dotted(i))[0]?.hits, 0);
});

test('removing a rule that holds many others leaves what they block, whatever is between', () => {
	for (const [prefix, base] of [
		[16, 0x0a00_0000],
		[23, 0x0a00_0000],
		[12, 0x0a00_0000],
	] as const) {
		const random = new Random(prefix);
		const list = new BlockList();
		const plain = new BlockList();
		for (let i = 0; i < 3000; i++) {
			const start = base + random.below(2 ** 17);
			const rule = `${dotted(start)}-${dotted(start + random.pick([0, 3, 300, 5000]) * random.below(2))}`;
			list.add(rule);
			plain.add(rule);
			const site = random.below(65_536).toString(16);
			const wide = `2001:db8:${site}::/${random.pick([34, 40, 44, 48, 64])}`;
			list.add(wide);
			plain.add(wide);
		}
		for (const rule of [`${dotted(base)}/${prefix}`, `2001:db8::/${prefix + 16}`, `2001:db8:100::/${prefix + 20}`]) {
			list.add(rule);
			list.remove(rule);
			assert.equal(list.aggregate(), plain.aggregate(), rule);
		}
	}
});

test('lists are put together, and taken from each other', () => {
	const one = new BlockList();
	one.addCIDRs(['10.0.0.0/24', '2001:db8::/32']);
	const other = new BlockList();
	other.addCIDRs(['10.0.0.128/25', '10.0.1.0/24', '2001:db8:8000::/33']);
	assert.equal(one.union(other).rules, [
		'Range: IPv6 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
		'Range: IPv4 10.0.0.0-10.0.1.255',
	]);
	assert.equal(one.subtract(other).rules, [
		'Range: IPv6 2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff',
		'Range: IPv4 10.0.0.0-10.0.0.127',
	]);
	assert.is(one.subtract(one).size, 0);
	assert.is(one.aggregate().length, 2);
});

test('a rule that is there many times is removed as quickly as one that is there once', () => {
	const list = new BlockList();
	const batch = new RuleBatch();
	for (let i = 0; i < 50_000; i++) batch.addIPv4Subnet(0x0a00_0000, 8);
	list.addBatch(batch);
	const ms = processorMs(() => {
		for (let i = 1; i < 2000; i++) {
			list.removeCIDR('10.0.0.0/8');
			assert.is(list.size, 50_000 - i);
		}
	});
	// Some milliseconds, and 20 s if all of the others are looked at.
	assert.ok(ms < 5000, `${ms} ms`);
	assert.ok(list.check('10.1.2.3'));
	for (let i = 0; i < 48_000; i++) list.removeCIDR('10.0.0.0/8');
	assert.ok(list.check('10.1.2.3'));
	list.removeCIDR('10.0.0.0/8');
	assert.not(list.check('10.1.2.3'));
	assert.is(list.size, 0);
});

test('what is beyond Node is asked for with the right arguments only', () => {
	const list = new BlockList();
	const codeOf = (call: () => unknown): unknown => {
		try {
			call();
		} catch (error) {
			return Reflect.get(Object(error), 'code') ?? Reflect.get(Object(error), 'name');
		}
		return 'none';
	};
	// What TypeScript refuses, JavaScript may pass.
	const odd = (value: unknown): never => value as never;
	const calls: readonly (readonly [code: string, call: () => unknown])[] = [
		['ERR_INVALID_ARG_TYPE', () => list.add('10.0.0.1', { label: odd(5) })],
		['ERR_INVALID_ARG_TYPE', () => list.add('10.0.0.1', { source: odd({}) })],
		['ERR_OUT_OF_RANGE', () => list.add('10.0.0.1', { line: -1 })],
		['ERR_OUT_OF_RANGE', () => list.add('10.0.0.1', { line: 1.5 })],
		['ERR_INVALID_ARG_TYPE', () => list.add('10.0.0.1', { expiresAt: odd(new Date()) })],
		['ERR_OUT_OF_RANGE', () => list.add('10.0.0.1', { expiresAt: Number.NaN })],
		['ERR_INVALID_ARG_TYPE', () => list.add('10.0.0.1', { exception: odd('yes') })],
		['ERR_INVALID_ARG_TYPE', () => list.add('10.0.0.1', odd(null))],
		['ERR_INVALID_ARG_TYPE', () => list.add(odd(5))],
		['ERR_INVALID_ARG_TYPE', () => list.addBatch(odd([]))],
		['ERR_INVALID_ARG_TYPE', () => list.union(odd({}))],
		['ERR_INVALID_ARG_TYPE', () => list.subtract(odd(null))],
		['ERR_OUT_OF_RANGE', () => list.share(Number.NaN)],
		['ERR_OUT_OF_RANGE', () => list.share(0)],
		['ERR_OUT_OF_RANGE', () => list.share(2 ** 24 + 1)],
		['ERR_INVALID_ARG_TYPE', () => list.share(odd('7'))],
		['ERR_INVALID_ARG_TYPE', () => new BlockList({ now: odd(5) })],
		['ERR_INVALID_ARG_TYPE', () => new BlockList({ countHits: odd(1) })],
		['none', () => new BlockList(odd(null))],
		['none', () => new BlockList(odd('as Node lets it pass'))],
	];
	for (const [code, call] of calls) assert.is(codeOf(call), code, String(call));
	assert.is(list.size, 0);
});

test.run();
