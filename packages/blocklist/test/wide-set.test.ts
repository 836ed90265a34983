// net-test: limit 180 s
import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { BlockList, BlockListReader } from '@net/blocklist';
import { grouped, someIPv6, words } from './support/addresses.ts';
import { Random } from '@tooling/test';

const test = suite('WideSet');

/** 65,536 places that two bytes of an address tell apart, each with all that stands behind these bytes. */
class Places {
	readonly list = new BlockList();
	readonly rules: [start: number, end: number][] = [];
	readonly counts = new Int32Array(65_536);
	readonly at: number;
	readonly bytes: Uint8Array;
	readonly #front: bigint;
	readonly #shift: bigint;

	/** @param at - of the first of the two bytes. */
	constructor(at: number, front: bigint) {
		this.at = at;
		this.bytes = bytesOf(front);
		this.#shift = BigInt(8 * (14 - at));
		this.#front = (front >> (this.#shift + 16n)) << (this.#shift + 16n);
	}

	first(place: number): bigint {
		return this.#front | (BigInt(place) << this.#shift);
	}

	last(place: number): bigint {
		return this.first(place) | ((1n << this.#shift) - 1n);
	}

	add(start: number, end: number): void {
		this.list.addRange(grouped(this.first(start)), grouped(this.last(end)), 'ipv6');
		this.rules.push([start, end]);
		for (let place = start; place <= end; place++) this.counts[place] = (this.counts[place] ?? 0) + 1;
	}

	remove(index: number): void {
		const [rule] = this.rules.splice(index, 1);
		if (rule === undefined) return;
		this.list.removeRange(grouped(this.first(rule[0])), grouped(this.last(rule[1])), 'ipv6');
		for (let place = rule[0]; place <= rule[1]; place++) this.counts[place] = (this.counts[place] ?? 0) - 1;
	}

	verify(asked: Pick<BlockList, 'checkBytes'> = this.list): void {
		for (let place = 0; place < 65_536; place++) {
			const expected = (this.counts[place] ?? 0) > 0;
			if (
				asked.checkBytes(this.#bytes(place, 0)) !== expected ||
				asked.checkBytes(this.#bytes(place, 255)) !== expected
			) {
				assert.unreachable(`${grouped(this.first(place))}: ${this.rules.length} rules, not ${expected}`);
			}
		}
		assert.not(asked.checkBytes(bytesOf(this.first(0) - 1n)));
		assert.not(asked.checkBytes(bytesOf(this.last(65_535) + 1n)));
	}

	#bytes(place: number, behind: number): Uint8Array {
		const { at, bytes } = this;
		bytes[at] = place >>> 8;
		bytes[at + 1] = place & 255;
		return bytes.fill(behind, at + 2);
	}

	/** What the list says that it blocks, against what it should. */
	verifyRanges(): void {
		const batch = this.list.aggregate();
		const found: string[] = [];
		const first = new Uint32Array(4);
		const last = new Uint32Array(4);
		for (let row = 0; row < batch.length; row++) {
			batch.readFirst(row, first);
			batch.readLast(row, last);
			found.push(`${first.join()}-${last.join()}`);
		}
		const expected: string[] = [];
		for (let place = 0; place < 65_536; place++) {
			if ((this.counts[place] ?? 0) === 0) continue;
			const start = place;
			while (place < 65_535 && (this.counts[place + 1] ?? 0) > 0) place++;
			expected.push(`${words(this.first(start)).join()}-${words(this.last(place)).join()}`);
		}
		assert.equal(found, expected);
	}
}

function bytesOf(address: bigint): Uint8Array {
	return Uint8Array.from({ length: 16 }, (_, i) => Number((address >> BigInt(8 * (15 - i))) & 255n));
}

const FRONT = 0x2001_0db8_0102_0304_0506_0708_090a_0b0cn;

for (let at = 3; at <= 14; at++) {
	test(`many rules that differ in bytes ${at} and ${at + 1} come and go`, () => {
		const random = new Random(at);
		const places = new Places(at, FRONT);
		for (const most of [300, 1500, 500, 0]) {
			while (places.rules.length < most) {
				const start = random.below(65_536);
				places.add(start, Math.min(65_535, start + random.below(random.pick([1, 1, 4, 40, 600]))));
				if (random.below(3) === 0) places.remove(random.below(places.rules.length));
			}
			while (places.rules.length > most) places.remove(random.below(places.rules.length));
			places.verify();
			places.verifyRanges();
		}
	});
}

test('a list made at once is the one that was made rule by rule, and can be changed', () => {
	for (const at of [3, 4, 6, 9, 14]) {
		const random = new Random(at);
		const places = new Places(at, FRONT);
		for (let i = 0; i < 2500; i++) {
			const start = random.below(65_536);
			places.add(start, Math.min(65_535, start + random.below(8)));
		}
		const whole = new Places(at, FRONT);
		whole.list.addBatch(places.list.toBatch());
		whole.counts.set(places.counts);
		whole.rules.push(...places.rules);
		whole.verify();
		whole.verifyRanges();
		// One that holds most of the others, and goes again.
		whole.add(300, 65_000);
		whole.verify();
		whole.remove(whole.rules.length - 1);
		while (whole.rules.length > 200) whole.remove(random.below(whole.rules.length));
		whole.verify();
		whole.verifyRanges();
	}
});

test('subnets of all lengths, mapped ones too, are the same at once as one by one', () => {
	for (let seed = 0; seed < 8; seed++) {
		const random = new Random(seed);
		const one = new BlockList();
		// Wide ones would hide all others.
		const least = random.pick([0, 8, 30, 60, 90]);
		for (let i = 0; i < 600; i++) {
			const mapped = random.below(8) === 0 ? (0xffffn << 32n) | BigInt(random.below(2 ** 32)) : undefined;
			one.addSubnet(grouped(mapped ?? someIPv6(random)), least + random.below(129 - least), 'ipv6');
		}
		const all = new BlockList();
		all.addBatch(one.toBatch());
		assert.equal(all.aggregate().wide, one.aggregate().wide, `seed ${seed}`);
		assert.equal(all.aggregate().metas, one.aggregate().metas);
		for (let i = 0; i < 3000; i++) {
			const address = words(someIPv6(random));
			assert.is(all.checkIPv6(address), one.checkIPv6(address));
		}
	}
});

test('a reader of a shared list finds what the list finds', () => {
	for (const at of [4, 7, 13]) {
		const random = new Random(at);
		const places = new Places(at, FRONT);
		for (let i = 0; i < 1000; i++) places.add(i * 60, i * 60 + random.below(59));
		const reader = new BlockListReader(places.list.share(20_000));
		places.verify(reader);
		for (let i = 0; i < 1500; i++) {
			const start = random.below(65_000);
			places.add(start, start + random.below(30));
			if (random.below(2) === 0) places.remove(random.below(places.rules.length));
		}
		places.verify(reader);
		while (places.rules.length > 100) places.remove(random.below(places.rules.length));
		places.verify(reader);
		places.verifyRanges();
	}
});

test('keys that come and go by the thousands are found', () => {
	const random = new Random(17);
	const list = new BlockList();
	const keys = new Set<number>();
	const textOf = (key: number): string => `${grouped((BigInt(key) << 96n) | 1n)}/64`;
	for (let round = 0; round < 8; round++) {
		for (let i = 0; i < 2000; i++) {
			// Key 0, too, and many that are neighbours.
			const key = random.below(4) === 0 ? random.below(500) : random.below(2 ** 32);
			if (!keys.has(key)) list.addCIDR(textOf(key));
			keys.add(key);
		}
		for (const key of keys) {
			if (random.below(3) === 0) continue;
			list.removeCIDR(textOf(key));
			keys.delete(key);
		}
		for (const key of keys) {
			assert.ok(list.checkIPv6([key, 0, 5, 6]), textOf(key));
			assert.not(list.checkIPv6([key, 1, 0, 0]));
		}
		for (let key = 0; key < 1000; key++) assert.is(list.checkIPv6([key, 0, 0, 7]), keys.has(key), textOf(key));
		assert.is(list.size, keys.size);
	}
});

test.run();
