// net-test: limit 180 s
import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { KIND } from '@net/blocklist';
import { readList } from '@net/blocklist/formats';
import { Workplace } from '../support/command.ts';
import { ask, realList } from '../support/real-lists.ts';

const test = suite('real lists');
const place = new Workplace();
test.after(() => place.remove());

/** Counts as their README states them: rules of IPv4 and IPv6, lines not understood. */
const counts: [name: string, ipv4: number, ipv6: number, problems: number][] = [
	['ipsum-level1.txt', 120_430, 0, 0],
	['ipsum.tsv', 120_430, 0, 0],
	['country-us-ipv4.cidr.txt', 29_133, 0, 0],
	['country-us-ipv6.cidr.txt', 0, 10_277, 0],
	['country-de.json', 8_627, 3_028, 0],
	['all-countries-ipv6.cidr.txt', 0, 73_731, 0],
	['geo-whois-asn-country-ipv4.csv.gz', 334_373, 0, 0],
	['geo-whois-asn-country-ipv6.csv.gz', 0, 216_295, 0],
	['gen-p2p-messy.txt', 3_000, 0, 5],
	// One more of IPv6, and two lines that are broken on purpose.
	['gen-drop-style.txt', 1_200, 1, 2],
	// 127.0.0.1, 0.0.0.0, ::1, and of the hostile lines: one behind a byte order mark, one with a netmask, one mapped.
	['gen-hosts-mixed.txt', 2_004, 502, 9],
];

for (const [name, ipv4, ipv6, problems] of counts) {
	test(`${name} has the rules that its README states`, async () => {
		const { batch, problemCount } = await readList(realList(name));
		let four = 0;
		for (let row = 0; row < batch.length; row++) if (batch.isIPv4(row) && batch.kind(row) !== KIND.none) four++;
		assert.equal([four, batch.length - four, problemCount], [ipv4, ipv6, problems]);
	});
}

/** How many lines of the list have an entry, by other tools. */
const lines: [name: string, script: string][] = [
	['ipsum-level1.txt', 'wc -l < "$1"'],
	['ipsum.tsv', 'grep -vc "^#" "$1"'],
	['country-us-ipv4.cidr.txt', 'grep -vc "^#" "$1"'],
	['country-us-ipv6.cidr.txt', 'grep -vc "^#" "$1"'],
	['all-countries-ipv6.cidr.txt', 'grep -vc "^#" "$1"'],
	['geo-whois-asn-country-ipv4.csv.gz', 'gzip -dc "$1" | wc -l'],
	['geo-whois-asn-country-ipv6.csv.gz', 'gzip -dc "$1" | wc -l'],
	['country-de.json', 'grep -c /[0-9] "$1"'],
];

for (const [name, script] of lines) {
	test(`${name} has as many rules as other tools count lines`, async () => {
		const path = realList(name);
		assert.is((await readList(path)).rules, Number(ask(script.split(' ')[0] ?? '', script, path)));
	});
}

/** How iprange, which reads lines of IPv4 only, gets the list. */
const merged: [name: string, script: string][] = [
	['ipsum-level1.txt', 'iprange --merge "$1"'],
	['ipsum.tsv', 'cut -f 1 "$1" | iprange --merge'],
	['country-us-ipv4.cidr.txt', 'iprange --merge "$1"'],
	['country-de.json', `grep -o '[0-9.]*/[0-9]*' "$1" | grep '[.]' | iprange --merge`],
	['geo-whois-asn-country-ipv4.csv.gz', `gzip -dc "$1" | sed 's/,/-/;s/,.*//' | iprange --merge`],
	['gen-drop-style.txt', `grep -v '/33 ' "$1" | grep -o '^[0-9.]*/[0-9]*' | iprange --merge`],
	[
		'gen-p2p-messy.txt',
		`sed -n '1,/^# broken/s/.*:\\([0-9.-]*\\)[ \\r]*$/\\1/p' "$1" | sed 's/\\b0*\\([0-9]\\)/\\1/g' | iprange --merge`,
	],
];

for (const [name, script] of merged) {
	test(`aggregate prints of ${name} the bytes that iprange prints`, () => {
		const path = realList(name);
		const expected = ask('iprange', script, path);
		const { stdout, code } = place.run(['aggregate', '--quiet', '--family', '4', path]);
		assert.is(code, 0);
		assert.ok(stdout.length > 10_000, `${stdout.length} characters`);
		assert.ok(stdout === expected, firstDifference(stdout, expected));
	});
}

/** Merges ranges or CIDRs by Python's ipaddress, and prints them as ranges. */
const python = `
import sys, re, gzip, ipaddress
path = sys.argv[1]
ranges = []
for line in (gzip.open if path.endswith('.gz') else open)(path, 'rt'):
    if line.startswith('#'): continue
    if path.endswith('.csv.gz'):
        first, last = map(ipaddress.ip_address, line.split(',')[:2])
    else:
        found = re.search('[0-9a-f:.]+/[0-9]+', line)
        if not found or ':' not in found[0]: continue
        net = ipaddress.ip_network(found[0])
        first, last = net[0], net[-1]
    ranges.append((int(first), int(last)))
ranges.sort()
merged = []
for first, last in ranges:
    if merged and first <= merged[-1][1] + 1: merged[-1][1] = max(merged[-1][1], last)
    else: merged.append([first, last])
for first, last in merged:
    first, last = ipaddress.IPv6Address(first), ipaddress.IPv6Address(last)
    print(first if first == last else f'{first}-{last}')
`;

for (const name of [
	'country-us-ipv6.cidr.txt',
	'all-countries-ipv6.cidr.txt',
	'country-de.json',
	'geo-whois-asn-country-ipv6.csv.gz',
]) {
	test(`the IPv6 ranges of ${name} are those that Python's ipaddress finds`, () => {
		const path = realList(name);
		const expected = ask('python3', `python3 -c '${python.replaceAll("'", `'"'"'`)}' "$1"`, path);
		const { stdout } = place.run(['export', '--format', 'range', '--family', '6', path]);
		assert.ok(stdout.length > 10_000, `${stdout.length} characters`);
		assert.ok(stdout === expected, firstDifference(stdout, expected));
	});
}

function firstDifference(actual: string, expected: string): string {
	const [ours, theirs] = [actual.split('\n'), expected.split('\n')];
	const at = ours.findIndex((line, i) => line !== theirs[i]);
	return `line ${at + 1}: ${ours[at]} instead of ${theirs[at]}; ${ours.length} and ${theirs.length} lines`;
}

test.run();
