// net-test: limit 180 s
import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BlockList, BlockListReader } from '@net/blocklist';
import { dotted } from './support/addresses.ts';

const test = suite('BlockListReader');

test('a reader answers as the list does, and sees what is added and removed', () => {
	const list = new BlockList();
	list.addCIDRs(['10.0.0.0/8', '2001:db8::/32', '::ffff:192.0.2.0/120']);
	const reader = new BlockListReader(list.share(1000));
	assert.is(list.share(), list.share());
	for (const address of ['10.1.2.3', '192.0.2.1', '9.9.9.9']) assert.is(reader.check(address), list.check(address));
	assert.ok(reader.check('2001:db8::1', 'IPv6'));
	assert.ok(reader.checkBytes(Uint8Array.of(10, 0, 0, 1)));
	list.addAddress('9.9.9.9');
	assert.ok(reader.check('9.9.9.9'));
	list.removeCIDR('10.0.0.0/8');
	assert.not(reader.check('10.1.2.3'));
	list.removeCIDR('2001:db8::/32');
	assert.not(reader.check('2001:db8::1', 'ipv6'));
	list.clear();
	assert.not(reader.check('9.9.9.9'));
});

test('a shared list lives through random changes as one that is not shared', () => {
	const random = new Random(6);
	const plain = new BlockList();
	const list = new BlockList();
	const reader = new BlockListReader(list.share(20_000));
	const rules: string[] = [];
	for (let i = 0; i < 6000; i++) {
		const prefix = random.pick([32, 32, 30, 24, 17]);
		const rule =
			random.below(2) === 0
				? `${dotted(0xc000_0000 + random.below(2 ** 18))}/${prefix}`
				: `2001:db8:${random.below(4)}:${random.below(2000).toString(16)}::/${prefix + 32}`;
		plain.add(rule);
		list.add(rule);
		rules.push(rule);
		if (random.below(2) === 0) {
			const [gone = rule] = rules.splice(random.below(rules.length), 1);
			plain.remove(gone);
			list.remove(gone);
		}
	}
	for (let word = 0xc000_0000; word < 0xc004_0000; word++) assert.is(reader.checkIPv4(word), plain.checkIPv4(word));
	for (let i = 0; i < 8000; i++) {
		const words = [0x2001_0db8, ((i % 4) << 16) | (i >> 2), 0, 1];
		assert.is(reader.checkIPv6(words), plain.checkIPv6(words));
	}
});

test('a list that is full says so, and stays as it is', () => {
	const list = new BlockList();
	const reader = new BlockListReader(list.share(100));
	const random = new Random(2);
	for (let i = 0; i < 99; i++) list.addAddress(dotted(random.below(2 ** 32)));
	assert.throws(() => list.addAddresses(['10.0.0.1', '10.0.0.2']), /full/);
	list.add('10.0.0.1', { exception: true });
	assert.throws(() => list.addAddress('10.0.0.2'), RangeError);
	assert.throws(() => list.add('10.0.0.0/8', { exception: true }), RangeError);
	assert.is(list.size, 99);
	assert.is(list.rules.length, 99);
	const again = new Random(2);
	for (let i = 0; i < 99; i++) {
		const word = again.below(2 ** 32);
		assert.ok(reader.checkIPv4(word));
		// It is there already.
		list.addAddresses([dotted(word), dotted(word)]);
	}
	list.remove('10.0.0.1', { exception: true });
	list.addAddress('10.0.0.2');
	assert.ok(reader.check('10.0.0.2'));
});

test('a list with more rules than there is to be room for is not shared, and can be with more room', () => {
	const list = new BlockList();
	for (let i = 0; i < 200; i++) list.addAddress(dotted(i * 65_536));
	assert.throws(() => list.share(199), /larger capacity/);
	assert.ok(list.check('0.9.0.0'));
	list.addAddress('10.0.0.1');
	assert.ok(new BlockListReader(list.share(201)).check('10.0.0.1'));
});

test('a rule that hides all others can be removed from a full list', () => {
	for (const wide of ['0.0.0.0/0', '::/0']) {
		const list = new BlockList();
		const reader = new BlockListReader(list.share(4000));
		list.add(wide);
		for (let i = 0; i < 3999; i++) {
			const [here, next] = [i, i + 1].map((word) => (2 * word).toString(16));
			if (wide === '::/0') list.addRange(`2000:${here}:8000::`, `2000:${next}::1`, 'ipv6');
			else list.addRange(dotted(i * 65_536 + 65_535), dotted((i + 1) * 65_536));
		}
		const before = list.size;
		list.remove(wide);
		assert.is(list.size, before - 1);
		for (let i = 0; i < 3999; i++) {
			if (wide === '::/0') {
				assert.ok(reader.checkIPv6([0x2000_0000 + 2 * i, 0x8000_0000, 0, 0]));
				assert.ok(reader.checkIPv6([0x2000_0000 + 2 * i + 2, 0, 0, 1]));
				assert.not(reader.checkIPv6([0x2000_0000 + 2 * i, 0x7fff_ffff, 0, 0]));
			} else {
				assert.ok(reader.checkIPv4((i + 1) * 65_536));
				assert.not(reader.checkIPv4((i + 1) * 65_536 + 1));
			}
		}
	}
});

test('a list of few rules is never full, however many come and go', () => {
	const random = new Random(3);
	const list = new BlockList();
	const reader = new BlockListReader(list.share(64));
	const rules: string[] = [];
	for (let i = 0; i < 60_000; i++) {
		const word = random.below(2 ** 32);
		const groups = `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
		const rule = i % 4 === 0 ? dotted(word) : `${groups}::/${random.pick([31, 33, 48, 64])}`;
		list.add(rule);
		rules.push(rule);
		if (rules.length > 60) for (const old of rules.splice(0, 20)) list.remove(old);
	}
	for (const rule of rules) {
		const [address = ''] = rule.split('/');
		assert.ok(reader.check(address, address.includes(':') ? 'ipv6' : 'ipv4'));
	}
	for (const rule of rules) list.remove(rule);
	assert.is(list.aggregate().length, 0);
});

test('a handle of another version is refused', () => {
	const handle = new BlockList().share(10);
	assert.throws(() => new BlockListReader({ ...handle, version: 99 }), TypeError);
	assert.throws(() => new BlockListReader({ ...handle, capacity: 11 }), TypeError);
});

test('threads that ask all the time never see an address that is blocked let pass, or the other way round', async () => {
	const list = new BlockList();
	// Neighbours, so that every change writes a block again in which they stand.
	const always = Array.from({ length: 64 }, (_, i) => 0x0a00_0000 + 8 * i);
	const never = always.map((word) => word + 2);
	const turning = always.map((word) => word + 4);
	const textOf = (word: number): string =>
		`2001:db8:${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}::/64`;
	for (const word of always) {
		list.addAddress(dotted(word));
		list.addCIDR(textOf(word));
	}
	// Within a rule that comes and goes, and is as wide as many of the index's entries.
	list.addCIDR('3001:db8:1::/48');
	const shared = list.share(20_000);
	const control = new SharedArrayBuffer(8);
	const state = new Int32Array(control);
	const workers = [1, 2].map(
		() =>
			new Worker(new URL('support/reader-worker.mjs', import.meta.url), {
				workerData: { shared, control, always, never, turning },
				execArgv: [],
			}),
	);
	const answers = workers.map(async (worker) => {
		const [answer] = await Promise.race([
			once(worker, 'message'),
			once(worker, 'error').then(([error]) => Promise.reject(error)),
		]);
		return answer;
	});
	try {
		while (Atomics.load(state, 1) < workers.length) Atomics.wait(state, 1, Atomics.load(state, 1), 100);
		const random = new Random(1);
		const end = performance.now() + 1500;
		let changes = 0;
		for (let i = 0; performance.now() < end; i++) {
			const word = turning[random.below(turning.length)] ?? 0;
			const other = word + random.pick([1, 0]);
			list.addAddress(dotted(other));
			list.addCIDR(textOf(other));
			if (i % 3 > 0) {
				list.removeAddress(dotted(other));
				list.removeCIDR(textOf(other));
			}
			if (i % 20 === 10) {
				list.addCIDR('3001::/16');
				list.removeCIDR('3001::/16');
			}
			// Now and then blocks of other sizes, too.
			if (i % 50 === 0) list.addRange(dotted(0x0a00_0400), dotted(0x0a00_0400 + random.below(60_000)));
			if (i % 50 === 25)
				for (const rule of list.rules.slice(-1)) if (rule.startsWith('Range')) list.remove(rule.slice(12));
			changes++;
		}
		list.addAddress('203.0.113.7');
		Atomics.store(state, 0, 1);
		for (const { copied, checks, wrong, seen, last } of await Promise.all(answers)) {
			assert.is(wrong, 0, `${wrong} of ${checks} answers were wrong`);
			assert.ok(checks > 10_000, `${checks} checks`);
			assert.ok(seen[0] > 0 && seen[1] > 0, 'nothing was seen to change');
			assert.ok(last);
			assert.ok(copied < 10_000, `attaching allocated ${copied} bytes`);
		}
		assert.ok(changes > 50, `${changes} changes`);
	} finally {
		Atomics.store(state, 0, 1);
		await Promise.all(workers.map((worker) => worker.terminate()));
	}
});

test.run();
