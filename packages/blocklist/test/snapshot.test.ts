import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { BlockList } from '@net/blocklist';
import { dotted } from './support/addresses.ts';
import { Random } from '@tooling/test';

const test = suite('snapshot');

test('a snapshot is the same list again', () => {
	const list = new BlockList();
	list.add('10.0.0.0/8', { label: 'größer', source: 'a.txt', line: 7, expiresAt: 1e15 });
	list.add('10.1.0.0/16', { exception: true });
	list.add('::ffff:1.2.3.4');
	list.addRange('2001:db8::', '2001:db9::', 'ipv6');
	list.removeAddress('::ffff:1.2.3.4', 'ipv6');
	const copy = BlockList.fromSnapshot(list.toSnapshot());
	assert.equal(copy.rules, list.rules);
	for (const address of ['10.0.0.1', '10.1.0.1']) assert.equal(copy.match(address), list.match(address));
	assert.ok(copy.check('2001:db8:ffff::', 'ipv6'));
});

test('a snapshot that was cut, changed or made by another version is refused, and it is said why', () => {
	const list = new BlockList();
	for (let i = 0; i < 50; i++) list.add(dotted(i * 1e7), { label: `l${i}` });
	const snapshot = list.toSnapshot();
	const refusal = (bytes: Uint8Array): string => {
		try {
			BlockList.fromSnapshot(bytes);
		} catch (error) {
			assert.is(Reflect.get(Object(error), 'code'), 'ERR_INVALID_ARG_VALUE');
			return String(error);
		}
		return 'it was taken';
	};
	for (const length of [0, 10, 63, 64, 100, snapshot.length - 1]) {
		assert.match(refusal(snapshot.slice(0, length)), length < 12 ? /no snapshot|is cut/ : /is cut/);
	}
	assert.match(refusal(Uint8Array.of(...snapshot, 0)), /goes on/);
	for (let i = 12; i < snapshot.length; i++) {
		const changed = snapshot.slice();
		changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
		assert.match(refusal(changed), /was changed/, `byte ${i}`);
	}
	const newer = snapshot.slice();
	newer[4] = 9;
	assert.match(refusal(newer), /version 9/);
	assert.match(refusal(Uint8Array.from({ length: 200 }, () => 7)), /no snapshot/);
});

/** The checksum by its definition: of all words but its own two, which are the fourth and the fifth. */

function sealed(snapshot: Uint8Array): Uint8Array {
	const bytes = snapshot.slice();
	const words = new Uint32Array(bytes.buffer);
	words.fill(0, 3, 5);
	let low = 0x9e37_79b1;
	let high = 0x85eb_ca6b;
	for (const word of words) {
		low = Math.imul(low ^ word, 0x0100_0193);
		low ^= low >>> 15;
		high = Math.imul((high << 5) | (high >>> 27), 0x9e37_79b1) + word;
	}
	words.set([low, high], 3);
	return bytes;
}

test('a snapshot that was made up, with a checksum that is right, is refused or read, and nothing else', () => {
	const list = new BlockList();
	for (let i = 0; i < 9; i++)
		list.add(`2001:db8::${i}/${60 + i}`, { label: `l${i}`, source: 's', line: i, expiresAt: 1e15 });
	const snapshot = list.toSnapshot();
	assert.equal(BlockList.fromSnapshot(sealed(snapshot)).rules, list.rules);
	let refused = 0;
	const random = new Random(4);
	for (let i = 0; i < 3000; i++) {
		const forged = snapshot.slice();
		const at = i % 2 === 0 ? 20 + random.below(16) : 64 + random.below(forged.length - 64);
		forged[at] = random.below(256);
		try {
			const read = BlockList.fromSnapshot(sealed(forged));
			assert.type(read.check('2001:db8::1', 'ipv6'), 'boolean');
			assert.ok(read.rules.length <= 9);
		} catch (error) {
			assert.is(Reflect.get(Object(error), 'code'), 'ERR_INVALID_ARG_VALUE', String(error));
			refused++;
		}
	}
	assert.ok(refused > 100, `${refused} were refused`);
});

test.run();
