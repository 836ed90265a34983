import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import type { ReadOptions } from '@net/blocklist/formats';
import { ListReader } from '@net/blocklist/formats';
import { listed } from '../support/listed.ts';

const test = suite('LineReader');

function read(text: string, options: ReadOptions = {}): { rules: string[]; problems: string[] } {
	const reader = new ListReader(options);
	reader.write(new TextEncoder().encode(text));
	const { batch, problems } = reader.end();
	return { rules: listed(batch), problems: problems.map(({ line, reason }) => `${line}: ${reason}`) };
}

/** A line and what it says: the rule and its label, or undefined for a line that says nothing. */
const lines: [line: string, rule: string | undefined][] = [
	['192.0.2.1', '192.0.2.1'],
	['192.0.2.0/24', '192.0.2.0/24'],
	['192.0.2.7/24', '192.0.2.7/24'],
	['0.0.0.0/0', '0.0.0.0/0'],
	['255.255.255.255/32', '255.255.255.255/32'],
	['2001:db8::1', '2001:db8::1'],
	['2001:DB8::/32', '2001:db8::/32'],
	['::/0', '::/0'],
	['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
	['192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9'],
	['192.0.2.1 - 192.0.2.9', '192.0.2.1-192.0.2.9'],
	['2001:db8::1-2001:db8::ff', '2001:db8::1-2001:db8::ff'],
	['192.0.2.0/255.255.255.0', '192.0.2.0/24'],
	['192.0.2.1/255.255.255.255', '192.0.2.1/32'],
	// Spaces, the end of lines of Windows, a byte order mark.
	['  192.0.2.1 \t', '192.0.2.1'],
	['192.0.2.1\r', '192.0.2.1'],
	['192.0.2.0/24\r', '192.0.2.0/24'],
	['\u{feff}192.0.2.1', '192.0.2.1'],
	['', undefined],
	[' \t\r', undefined],
	['# 192.0.2.1', undefined],
	['; 192.0.2.1', undefined],
	['  # indented', undefined],
	// What stands behind.
	['192.0.2.1 # seen twice', '192.0.2.1 seen twice'],
	['192.0.2.1#x', '192.0.2.1 x'],
	['192.0.2.0/24 ; SBL1', '192.0.2.0/24 SBL1'],
	['192.0.2.0/24 ; SBL1 ; extra', '192.0.2.0/24 SBL1'],
	['192.0.2.1;', '192.0.2.1'],
	['192.0.2.1\thost.example # comment', '192.0.2.1 host.example'],
	['0.0.0.0 a.example b.example', '0.0.0.0 a.example b.example'],
	['::1 localhost ip6-localhost', '::1 localhost ip6-localhost'],
	['192.0.2.1,3', '192.0.2.1'],
	['192.0.2.1,malware,2026-01-01', '192.0.2.1 malware'],
	['192.0.2.1,7,malware', '192.0.2.1 malware'],
	['192.0.2.0,192.0.2.255,AU', '192.0.2.0-192.0.2.255 AU'],
	['192.0.2.0, 192.0.2.255, AU', '192.0.2.0-192.0.2.255 AU'],
	['"192.0.2.0","192.0.2.255","AU, north"', '192.0.2.0-192.0.2.255 AU, north'],
	['192.0.2.0\t192.0.2.255\tAU', '192.0.2.0-192.0.2.255 AU'],
	['192.0.2.0/24,AU', '192.0.2.0/24 AU'],
	['2001:db8::,2001:db8::ff,JP', '2001:db8::-2001:db8::ff JP'],
	['192.0.2.1\t10\tmalware', '192.0.2.1 malware'],
	// Other spellings.
	['[192.0.2.1]', '192.0.2.1'],
	['[2001:db8::1]', '2001:db8::1'],
	['"192.0.2.1"', '192.0.2.1'],
	['deny 192.0.2.1;', '192.0.2.1'],
	['deny from 192.0.2.0/24', '192.0.2.0/24'],
	['Address: IPv4 192.0.2.1', '192.0.2.1'],
	['Subnet: IPv6 2001:db8::/32', '2001:db8::/32'],
	['Range: IPv4 192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9'],
	// p2p.
	['name:192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9 name'],
	['a: b #3:192.000.002.001-192.0.2.009', '192.0.2.1-192.0.2.9 a: b #3'],
	['10.0.0.1 is a name:192.0.2.1-192.0.2.9  ', '192.0.2.1-192.0.2.9 10.0.0.1 is a name'],
	['a - b:192.0.2.1 - 192.0.2.9', '192.0.2.1-192.0.2.9 a - b'],
	['Ünï:192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9 Ünï'],
];

test('a line says what its format means', () => {
	for (const [line, rule] of lines) {
		// Alone without an end of line, and behind a line of its kind.
		assert.equal(read(line), { rules: rule === undefined ? [] : [rule], problems: [] }, JSON.stringify(line));
		const twice = read(`${line}\n${line}\n`);
		assert.equal(twice, { rules: rule === undefined ? [] : [rule, rule], problems: [] }, JSON.stringify(line));
	}
});

const badLines: [line: string, reason: RegExp][] = [
	['not an address', /neither address/],
	['example.org', /neither address/],
	['192.0.2', /four octets/],
	['192.0.2.1.5', /four octets/],
	['192.0.2.256', /above 255/],
	['192.0.2.1000', /above 255/],
	['192.0.2.010', /octal/],
	['010.0.0.1', /octal/],
	['2130706433', /number/],
	['0x7f000001', /number/],
	['192.0.2.0/33', /prefix is longer/],
	['192.0.2.0/08', /leading zeros/],
	['192.0.2.0/', /no count/],
	['192.0.2.0/24/24', /./],
	['192.0.2.0/0.0.0.255', /wildcard mask/],
	['192.0.2.0/0.0.0.0', /wildcard mask/],
	['192.0.2.0/255.0.255.0', /run of ones/],
	['192.168.*.*', /wildcards/],
	['10.0.0-255.1-254', /ranges of octets/],
	['2001:db8::/129', /prefix is longer/],
	['2001:db8::1::2', /./],
	['fe80::1%eth0', /zone/],
	['192.0.2.1:80', /port/],
	['192.0.2.9-192.0.2.1', /lower one first/],
	['192.0.2.1-2001:db8::1', /one family/],
	['192.0.2.0/24-192.0.3.0/24', /./],
	['192.0.2.1-', /./],
	['192.0.2.1-192.0.2.9-192.0.2.10', /./],
	['192.0.2.1 192.0.2.9', /two addresses/],
	['192.0.2.9,192.0.2.1,AU', /lower one first/],
	['192.0.2.0,192.0.2.999,AU', /./],
	['192.0.2.0,2001:db8::1', /one family/],
	['::1.2.3.4-1.2.3.9', /one family/],
	['[192.0.2.1', /./],
	['"192.0.2.1', /./],
	['192.0.2.1x', /./],
	['start,end,country', /neither address/],
];

test('a line that is not understood is reported with its reason, and gives no rule', () => {
	for (const [line, reason] of badLines) {
		const { rules, problems } = read(`192.0.2.77\n${line}\r\n`);
		assert.equal(rules, ['192.0.2.77'], line);
		assert.is(problems.length, 1, line);
		assert.match(problems[0] ?? '', /^2: /, line);
		assert.match(problems[0] ?? '', reason, line);
	}
});

test('a p2p list reports what has no range of IPv4 behind a name', () => {
	const bad = [
		'no colon',
		'name:192.0.2.1',
		'rev:9.9.9.9-1.1.1.1',
		'bad:1.2.3.999-1.2.4.0',
		'10.0.0.1 a:1.2.3.1-1.2.3.256',
	];
	const { rules, problems } = read(['name:192.0.2.1-192.0.2.9', ...bad].join('\n'));
	assert.equal(rules, ['192.0.2.1-192.0.2.9 name']);
	assert.equal(problems, [
		'2: a line of a p2p list is name:start-end, of IPv4',
		'3: a line of a p2p list is name:start-end, of IPv4',
		'4: a range has two addresses of one family, the lower one first',
		'5: no octet is above 255',
		'6: no octet is above 255',
	]);
});

test('an address before a name is only read as a hosts line where the list is not p2p', () => {
	const line = '10.0.0.1 name with:a colon';
	assert.equal(read(line).rules, ['10.0.0.1 name with:a colon']);
	assert.equal(read(line, { format: 'p2p' }).rules, []);
});

test('with a threshold, lower scores are passed over and lines without a score are problems', () => {
	const text = '192.0.2.1\t9\n192.0.2.2\t10\n192.0.2.3,10.5,x\n192.0.2.4 # 99\n192.0.2.5\n192.0.2.6 11\n';
	const reader = new ListReader({ threshold: 10 });
	reader.write(new TextEncoder().encode(text));
	const { batch, belowThreshold, problems } = reader.end();
	assert.equal(listed(batch), ['192.0.2.2', '192.0.2.3 x', '192.0.2.6']);
	assert.is(belowThreshold, 1);
	assert.equal(
		problems.map(({ line }) => line),
		[4, 5],
	);
	assert.match(problems[0]?.reason ?? '', /score/);
});

test('without labels, nothing that stands beside an entry is kept', () => {
	assert.equal(read('192.0.2.1 # x\nname:192.0.2.1-192.0.2.9', { labels: false }).rules, [
		'192.0.2.1',
		'192.0.2.1-192.0.2.9',
	]);
});

test('many labels of equal hashes stay apart', () => {
	const text = Array.from({ length: 20_000 }, (_, i) => `10.0.${i >> 8}.${i & 255} # label ${i % 9000}`).join('\n');
	const { rules } = read(text);
	rules.forEach((rule, i) => assert.is(rule, `10.0.${i >> 8}.${i & 255} label ${i % 9000}`));
	assert.is(rules.length, 20_000);
});

test.run();
