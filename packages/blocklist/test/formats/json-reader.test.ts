import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { ListReader } from '@net/blocklist/formats';
import { listed } from '../support/listed.ts';

const test = suite('JsonReader');

function read(text: string): { rules: string[]; problems: string[]; passedOver: number } {
	const reader = new ListReader();
	reader.write(new TextEncoder().encode(text));
	const { batch, problems, passedOver } = reader.end();
	return {
		rules: listed(batch, true),
		problems: problems.map(({ line, reason, text }) => `${line}: ${reason}: ${text}`),
		passedOver,
	};
}

test('an array is a list', () => {
	assert.equal(read('["192.0.2.1", "192.0.2.0/24",\n "192.0.2.1-192.0.2.9", "2001:db8::\\/32"]'), {
		rules: ['192.0.2.1@1', '192.0.2.0/24@1', '192.0.2.1-192.0.2.9@2', '2001:db8::/32@2'],
		problems: [],
		passedOver: 0,
	});
	assert.equal(read('\u{feff} \n[ ]').problems, []);
});

test('the rules of a BlockList are a list', () => {
	const rules = ['Address: IPv4 192.0.2.1', 'Subnet: IPv6 2001:db8::/32', 'Range: IPv4 192.0.2.1-192.0.2.9'];
	assert.equal(read(JSON.stringify(rules)).rules, ['192.0.2.1@1', '2001:db8::/32@1', '192.0.2.1-192.0.2.9@1']);
});

test('lists inside of objects are found, and what is no list is passed over and counted', () => {
	const text = JSON.stringify(
		{
			country: 'Nowhere',
			size: 7,
			ok: true,
			status: ['allocated', 'assigned'],
			prefixes: { ipv4: ['192.0.2.0/24'], ipv6: [] },
		},
		undefined,
		1,
	);
	assert.equal(read(text), { rules: ['192.0.2.0/24@11'], problems: [], passedOver: 5 });
});

test('properties that are named as entries are entries, also in lines of JSON', () => {
	const text =
		'{"cidr":"192.0.2.0/24","sblid":"SBL1"}\n{"ip_prefix": "198.51.100.0/24"}\n{"ipv6Prefix":"2001:db8::/32"}\n{"cidr":"x"}\n';
	assert.equal(read(text), {
		rules: ['192.0.2.0/24@1', '198.51.100.0/24@2', '2001:db8::/32@3'],
		problems: ['4: neither address, nor CIDR, nor range: x'],
		passedOver: 1,
	});
});

test('an element that is no entry is reported where others are, before and behind it', () => {
	assert.equal(read('["x",\n"192.0.2.1",\n12, null]').problems, [
		'1: neither address, nor CIDR, nor range: x',
		'3: a number is not read as an address; write it dotted: 12',
		'3: neither address, nor CIDR, nor range: null',
	]);
	assert.equal(read('{"list":["x",\n"192.0.2.1",\n"y"]}').problems.length, 2);
	assert.equal(read('["192.0.2.1 # x", " 192.0.2.2"]').problems.length, 2);
});

test('what is not JSON is reported, and nothing behind it is read', () => {
	const bad = [
		'["192.0.2.1" "192.0.2.2"]',
		'["192.0.2.1",, "192.0.2.2"]',
		'["192.0.2.1",]["192.0.2.2"]',
		'["192.0.2.1"}',
		'["192.0.2.1"',
		'["192.0.2.1", "192',
		'["192.0.2.1", "192\n.0.2.2"]',
		'["192.0.2.1", nil]',
		'["192.0.2.1", \'192.0.2.2\']',
		'["192.0.2.1", "\\x", "192.0.2.2"]',
		'["192.0.2.1"]]',
		'["192.0.2.1", {"a"}]',
		'["192.0.2.1", {"a" "192.0.2.2"}]',
		`["192.0.2.1", ${'['.repeat(300)}`,
		`["192.0.2.1", "${'1'.repeat(100_000)}"]`,
	];
	for (const text of bad) {
		const { rules, problems } = read(text);
		assert.equal(rules, ['192.0.2.1@1'], text);
		assert.is(problems.length, 1, `${text}: ${problems}`);
		assert.match(problems[0] ?? '', /what follows is not read/, text);
	}
});

test('brackets around an address are no JSON', () => {
	assert.equal(read('[192.0.2.1]\n[2001:db8::1]\n').rules, ['192.0.2.1@1', '2001:db8::1@2']);
});

test.run();
