import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { BlockList, BlockListReader } from '@net/blocklist';
import { dotted } from './support/addresses.ts';

const test = suite('Journal');

/** Calls `change`; `before` is called before each store to shared memory. */
function watchStores(before: () => void, change: () => void): void {
	const { store } = Atomics;
	Atomics.store = ((...words: Parameters<typeof store>) => {
		before();
		return store(...words);
		// Of its two signatures, the list uses the one of numbers.
	}) as typeof store;
	try {
		change();
	} finally {
		Atomics.store = store;
	}
}

/** Calls `change`, in which the `count`-th store fails. @returns whether there were so many. */
function failAt(count: number, change: () => void): boolean {
	let stores = 0;
	try {
		watchStores(() => {
			if (++stores === count) throw new RangeError('no room');
		}, change);
		return false;
	} catch (error) {
		assert.instance(error, RangeError);
		return true;
	}
}

/** A shared list of rules beside, within and around each other. */
function sharedList(random: Random, withExceptions: boolean): { list: BlockList; reader: BlockListReader } {
	const list = new BlockList();
	const reader = new BlockListReader(list.share(3000));
	list.addCIDRs(['10.0.0.0/13', '8.0.0.0/5', '2001:d80::/25', '2000::/20', '2001:db8:9::/48']);
	if (withExceptions) list.add('10.0.2.0/24', { exception: true });
	for (let i = 0; i < 600; i++) {
		list.addAddress(dotted(0x0a00_0000 + random.below(2 ** 18)));
		const site = random.below(0x300).toString(16);
		list.addCIDR(`2001:db8:${site}:${random.below(9)}::/${random.pick([64, 80, 128])}`);
		list.addCIDR(`2001:d${random.below(256).toString(16).padStart(2, '0')}:${site}::/48`);
	}
	return { list, reader };
}

const changes: readonly (readonly [what: string, change: (list: BlockList) => void])[] = [
	['adds an address', (list) => list.addAddress('10.0.3.7')],
	['adds an address of IPv6', (list) => list.addAddress('2001:db8:3::7', 'ipv6')],
	['adds what is wide', (list) => list.addCIDR('10.0.0.0/14')],
	['adds what is wide in IPv6', (list) => list.addRange('2001:db7:1::', '2001:dc0::5', 'ipv6')],
	['removes what is wide', (list) => list.removeCIDR('10.0.0.0/13')],
	['removes what is wide in IPv6', (list) => list.removeCIDR('2001:d80::/25')],
	['removes what is very wide', (list) => list.removeCIDR('8.0.0.0/5')],
	['removes what is very wide in IPv6', (list) => list.removeCIDR('2000::/20')],
	['adds an exception', (list) => list.add('10.0.0.0/15', { exception: true })],
	['removes an exception', (list) => list.remove('10.0.2.0/24', { exception: true })],
	['adds an exception of IPv6', (list) => list.add('2001:db8::/33', { exception: true })],
];

test('a change that fails at any store has changed nothing', () => {
	for (const withExceptions of [false, true]) {
		const random = new Random(5);
		const { list, reader } = sharedList(random, withExceptions);
		let failing = 0;
		for (const [what, change] of changes) {
			const [rules, blocked] = [list.rules, list.aggregate()];
			// All of the first ones, then fewer of what may be thousands.
			let failures = 0;
			for (let count = 1; failAt(count, () => change(list)); count += 1 + (count >> 2)) {
				failures++;
				assert.equal(list.rules, rules, `${what}, store ${count}`);
				assert.equal(list.aggregate(), blocked, `${what}, store ${count}`);
			}
			const fresh = new BlockList();
			fresh.addBatch(list.toBatch());
			assert.equal(list.aggregate(), fresh.aggregate(), what);
			if (failures > 0) failing++;
			for (let i = 0; i < 300; i++) {
				const word = 0x0a00_0000 + random.below(2 ** 18);
				assert.is(reader.checkIPv4(word), fresh.checkIPv4(word));
			}
		}
		// The others change nothing of what is blocked.
		assert.ok(failing > 5, `${failing} changes failed`);
	}
});

test('while a change is made, an address that is blocked before and after it is blocked', () => {
	for (const withExceptions of [false, true]) {
		const random = new Random(6);
		const { list, reader } = sharedList(random, withExceptions);
		const addresses = list.rules.map((rule) => rule.replace(/^\w+: IPv[46] |[-/].*/g, ''));
		const isBlocked = (address: string): boolean => reader.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
		const differences = (answers: readonly boolean[]): string[] => {
			return addresses.filter((address, i) => isBlocked(address) !== answers[i]);
		};
		for (const [what, change] of changes) {
			const before = addresses.map(isBlocked);
			const seen = new Set<string>();
			let stores = 0;
			watchStores(
				() => {
					if (stores++ % 64 === 0 || stores < 9) for (const one of differences(before)) seen.add(one);
				},
				() => change(list),
			);
			const changed = new Set(differences(before));
			for (const one of seen) assert.ok(changed.has(one), `${what}: ${one} was another way for a moment`);
		}
	}
});

test.run();
