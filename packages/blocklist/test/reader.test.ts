import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BlockList, BlockListReader } from '@net/blocklist';
import { dotted } from './support/addresses.ts';
import { Random } from './support/random.ts';

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
	const reader = new BlockListReader(list.share(10));
	const random = new Random(2);
	let added = 0;
	assert.throws(() => {
		for (; added < 1_000_000; added++) list.addAddress(dotted(random.below(2 ** 32)));
	}, /full/);
	assert.ok(added > 10, `${added} were added`);
	assert.is(list.size, added);
	const again = new Random(2);
	for (let i = 0; i < added; i++) assert.ok(reader.checkIPv4(again.below(2 ** 32)));
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
			// Now and then blocks of other sizes, too.
			if (i % 50 === 0) list.addRange(dotted(0x0a00_0400), dotted(0x0a00_0400 + random.below(60_000)));
			if (i % 50 === 25)
				for (const rule of list.rules.slice(-1)) if (rule.startsWith('Range')) list.remove(rule.slice(12));
			changes++;
		}
		list.addAddress('203.0.113.7');
		Atomics.store(state, 0, 1);
		for (const { attachMs, checks, wrong, seen, last } of await Promise.all(answers)) {
			assert.is(wrong, 0, `${wrong} of ${checks} answers were wrong`);
			assert.ok(checks > 10_000, `${checks} checks`);
			assert.ok(seen[0] > 0 && seen[1] > 0, 'nothing was seen to change');
			assert.ok(last);
			assert.ok(attachMs < 20, `attaching took ${attachMs} ms`);
		}
		assert.ok(changes > 500, `${changes} changes`);
	} finally {
		Atomics.store(state, 0, 1);
		await Promise.all(workers.map((worker) => worker.terminate()));
	}
});

test.run();
