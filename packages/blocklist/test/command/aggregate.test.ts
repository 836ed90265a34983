import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { join } from 'node:path';
import { formatIPv4 } from '@net/ip';
import { Workplace } from '../support/command.ts';
import { ask } from '../support/real-lists.ts';

const test = suite('aggregate');
const place = new Workplace();
test.after(() => place.remove());

/** An entry of a kind, within the first `spread` addresses behind 10.0.0.0, or anywhere. */
function entry(random: Random, kind: 'address' | 'subnet' | 'range', spread: number): string {
	const address = (0x0a00_0000 + random.below(spread)) % 2 ** 32;
	if (kind === 'address') return formatIPv4(address);
	if (kind === 'subnet')
		return `${formatIPv4(address)}/${random.below(8) === 0 ? 1 + random.below(32) : 24 + random.below(9)}`;
	return `${formatIPv4(address)}-${formatIPv4(Math.min(0xffff_ffff, address + random.below(2 ** random.below(20))))}`;
}

for (const [name, kinds, spread] of [
	['addresses that lie apart', ['address'], 2 ** 32],
	['addresses that lie close', ['address'], 2 ** 16],
	['subnets', ['subnet'], 2 ** 20],
	['ranges', ['range'], 2 ** 28],
	['all kinds anywhere', ['address', 'address', 'range'], 2 ** 32],
] as const) {
	test(`of ${name}, the bytes are those that iprange prints`, () => {
		const random = new Random(spread % 1009);
		const lines = Array.from({ length: 20_000 }, () => entry(random, random.pick([kinds[0], ...kinds]), spread));
		const file = place.write('list.txt', `${lines.join('\n')}\n`);
		const expected = ask('iprange', 'iprange --merge "$1"', join(place.folder, file));
		const { stdout, stderr } = place.run(['aggregate', file]);
		assert.is(stderr, '');
		assert.ok(stdout === expected, `${stdout.slice(0, 200)} … instead of ${expected.slice(0, 200)} …`);
	});
}

test('both ends of IPv4, and all of it, are printed as iprange prints them', () => {
	for (const list of [
		'0.0.0.0\n255.255.255.255\n',
		'0.0.0.0/1\n128.0.0.0-255.255.255.254\n',
		'0.0.0.0/0\n',
		'0.0.0.0-255.255.255.255\n',
	]) {
		const file = place.write('list.txt', list);
		const expected = ask('iprange', 'iprange --merge "$1"', join(place.folder, file));
		assert.is(place.run(['aggregate', file]).stdout, expected);
	}
});

test('of IPv6, the prefixes are those that Python collapses', () => {
	const random = new Random(8);
	const lines = Array.from({ length: 5000 }, () => {
		const group = (): string => random.below(65_536).toString(16);
		return `2001:db8:${random.below(1024).toString(16)}:${random.below(16).toString(16)}${group().slice(0, 2)}::/${random.pick([48, 56, 60, 62, 64, 64, 64])}`;
	});
	const file = place.write('list.txt', `${lines.join('\n')}\n`);
	const script = `python3 -c '
import sys, ipaddress
nets = [ipaddress.ip_network(line.strip(), strict=False) for line in open(sys.argv[1])]
for net in ipaddress.collapse_addresses(nets): print(net)' "$1"`;
	const expected = ask('python3', script, join(place.folder, file));
	assert.is(place.run(['aggregate', file]).stdout, expected);
	assert.ok(expected.split('\n').length > 500);
});

test.run();
