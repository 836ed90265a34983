import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { ListReader } from '@net/blocklist/formats';
import { grouped, someIPv6 } from '../support/addresses.ts';
import { listed } from '../support/listed.ts';

const test = suite('PlainIPv6');
const encoder = new TextEncoder();

/** A text that is an IPv6 address or CIDR, or was one before it was changed. */
function someLine(random: Random): string {
	let text = grouped(someIPv6(random));
	const zeros = /(?:^|:)(?:0000:?){2,}/.exec(text);
	if (zeros !== null && random.below(4) > 0) text = text.replace(zeros[0], '::');
	if (random.below(2) === 0) text = text.replaceAll(/(^|:)0{1,3}/g, '$1');
	if (random.below(8) === 0) text = text.replace(/:[^:]*:[^:]*$/, ':1.2.3.4');
	if (random.below(3) > 0) text += `/${random.pick(['0', '00', '048', '48', '64', '128', '129', '1280', ''])}`;
	for (let i = random.below(3); i > 0; i--) {
		const at = random.below(text.length + 1);
		text =
			text.slice(0, at) + random.pick(['', ':', '::', '0', 'f', '/', '.', 'g', '%']) + text.slice(at + random.below(2));
	}
	return text;
}

function read(line: string): string {
	const reader = new ListReader({ name: 'list' });
	reader.write(encoder.encode(`192.0.2.1\n${line}\n`));
	const { batch, problemCount } = reader.end();
	return JSON.stringify([listed(batch, true), problemCount]);
}

test('a line of an IPv6 address or CIDR is read as the same one with a blank behind it', () => {
	const random = new Random(1);
	let valid = 0;
	for (let i = 0; i < 20_000; i++) {
		const line = someLine(random);
		const plain = read(line);
		if (plain !== read(`${line} `) || plain !== read(`${line}\r`)) assert.unreachable(line);
		if (plain.endsWith(',0]')) valid++;
	}
	assert.ok(valid > 5000 && valid < 19_000, `${valid} were read`);
});

test.run();
