import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { isIP, parseIPv4, parseIPv6 } from '@net/ip';
import { ListReader } from '@net/blocklist/formats';

const test = suite('scan');
const encoder = new TextEncoder();

test('an address among random texts is read where @net/ip reads one, and as the same', () => {
	const random = new Random(7);
	const words = new Uint32Array(4);
	let read = 0;
	for (let round = 0; round < 60_000; round++) {
		const text = randomText(random);
		const reader = new ListReader();
		reader.write(encoder.encode(`${text}\n`));
		const { batch, problemCount } = reader.end();
		const isAddress = isIP(text) !== 0;
		assert.is(batch.length, isAddress ? 1 : 0, text);
		assert.is(problemCount, isAddress ? 0 : 1, text);
		if (!isAddress) continue;
		read++;
		const expected = new Uint32Array(4);
		if (isIP(text) === 4) expected.set([0, 0, 0xffff, parseIPv4(text)]);
		else parseIPv6(text, expected);
		batch.readAddress(0, words);
		assert.equal(words, expected, text);
		assert.is(batch.isIPv4(0), isIP(text) === 4, text);
	}
	assert.ok(read > 8_000, `${read} addresses`);
});

/** An address, or one with a few characters changed; nothing that a line may hold beside an address. */
function randomText(random: Random): string {
	let text = random.below(2) === 0 ? randomIPv4(random) : randomIPv6(random);
	for (let changes = random.below(3); changes > 0; changes--) {
		const at = random.below(text.length + 1);
		text =
			text.slice(0, at) +
			random.pick(['', '0', '1', '9', 'f', 'F', 'g', '.', ':', '::', '25']) +
			text.slice(at + random.below(2));
	}
	return text === '' ? '1' : text;
}

function randomIPv4(random: Random): string {
	return Array.from({ length: 4 }, () => random.below(random.pick([10, 100, 256, 260]))).join('.');
}

function randomIPv6(random: Random): string {
	const groups = Array.from({ length: 8 }, () => random.below(random.pick([1, 16, 65536])).toString(16));
	if (random.below(2) === 0) groups.splice(random.below(8), 1 + random.below(7), '');
	const text = groups.join(':').replace(/^:|:$/g, '::').replace(/:{3,}/g, '::');
	return random.below(4) === 0 ? text.replace(/[^:]*$/, randomIPv4(random)) : text;
}

test.run();
