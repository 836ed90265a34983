import * as assert from 'uvu/assert';
import { Random } from '@tooling/test';
import { suite } from 'uvu';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockList } from '@net/blocklist';
import type { Blocks, ExportFormat, ExportOptions } from '@net/blocklist/formats';
import { blocksOf, exportList, ListReader, readList } from '@net/blocklist/formats';
import { inNamespace } from '../support/firewall.ts';
import { realList } from '../support/real-lists.ts';
import { randomRanges } from '../support/ranges.ts';

const test = suite('firewalls');
const folder = mkdtempSync(join(tmpdir(), 'net-blocklist-'));
test.after(() => rmSync(folder, { recursive: true }));

const random = new Random(21);
const none: Blocks = { ipv4: new Uint32Array(0), ipv6: new Uint32Array(0) };
const all: Blocks = { ipv4: Uint32Array.of(0, 0xffff_ffff), ipv6: new Uint32Array(8).fill(0xffff_ffff, 4) };
const cases: [name: string, blocks: Blocks][] = [
	['a few', randomRanges(random, 5)],
	['many', randomRanges(random, 2000)],
	['all addresses', all],
	['none', none],
	['few again', randomRanges(random, 3)],
];

/** The file that the case's export is in. */
function file(blocks: Blocks, format: ExportFormat, options: ExportOptions = {}): string {
	const path = join(folder, `${format}-${Math.random()}`);
	writeFileSync(path, [...exportList(blocks, format, options)].join(''));
	return path;
}

function read(lines: readonly string[]): Blocks {
	const reader = new ListReader({ strict: true });
	reader.write(new TextEncoder().encode(lines.join('\n')));
	return blocksOf(reader.end().batch);
}

/** The elements of all sets that `nft -j` printed, as lines of a list. */
function nftElements(json: string): string[] {
	const { nftables }: { nftables: { set?: { elem?: NftElement[] } }[] } = JSON.parse(json);
	return nftables.flatMap(({ set }) => (set?.elem ?? []).map(nftText));
}

type NftElement =
	string | { prefix?: { addr: string; len: number }; range?: string[]; elem?: { val: NftElement; timeout?: number } };

function nftText(element: NftElement): string {
	if (typeof element === 'string') return element;
	if (element.elem) return nftText(element.elem.val);
	if (element.prefix) return `${element.prefix.addr}/${element.prefix.len}`;
	return element.range?.join('-') ?? 'no element';
}

for (const [name, blocks] of cases) {
	test(`nft loads ${name}, over what was there, and has them`, () => {
		const files = [file(randomRanges(random, 10), 'nft'), file(blocks, 'nft')];
		const json = inNamespace('nft', 'nft -f "$1"; nft -f "$2"; nft -j list table inet blocklist', files);
		assert.equal(read(nftElements(json)), blocks);
	});

	test(`ipset loads ${name}, over what was there, and has them`, () => {
		const files = [file(randomRanges(random, 10), 'ipset'), file(blocks, 'ipset')];
		const saved = inNamespace('ipset', 'ipset restore < "$1"; ipset restore < "$2"; ipset save', files);
		const sets = saved.match(/^create \S+/gm);
		assert.equal(sets?.sort(), ['create blocklist4', 'create blocklist6']);
		assert.equal(read(Array.from(saved.matchAll(/^add \S+ (\S+)/gm), ([, entry = '']) => entry)), blocks);
	});

	for (const family of [4, 6] as const) {
		const program = family === 4 ? 'iptables' : 'ip6tables';
		test(`${program}-restore loads ${name}, over what was there, and has them`, () => {
			const files = [file(randomRanges(random, 10), 'iptables', { family }), file(blocks, 'iptables', { family })];
			const script = `${program} -A INPUT -p tcp -j ACCEPT; for file; do ${program}-restore --noflush < "$file"; done; ${program}-save`;
			const saved = inNamespace(program, script, files);
			assert.match(saved, '-A INPUT -p tcp -j ACCEPT');
			const everything = family === 4 ? '0.0.0.0/0' : '::/0';
			const rules = Array.from(
				saved.matchAll(/^-A blocklist (?:-s (\S+) )?-j DROP$/gm),
				([, net]) => net ?? everything,
			);
			const key = family === 4 ? 'ipv4' : 'ipv6';
			// The IPv6 rule about everything is about IPv4 too, in a list.
			assert.equal(read(rules)[key], blocks[key]);
		});
	}
}

test('rules that use the sets of nft and ipset stay when these are loaded again', () => {
	const files = [file(cases[0]?.[1] ?? none, 'nft'), file(none, 'nft')];
	const rules = inNamespace(
		'nft',
		`nft -f "$1"; nft add chain inet blocklist input '{ type filter hook input priority 0; }'
		nft add rule inet blocklist input ip saddr @ipv4 drop; nft -f "$2"; nft list ruleset`,
		files,
	);
	assert.match(rules, 'ip saddr @ipv4 drop');
});

test('entries have the timeout that was wished, up to the longest', () => {
	const blocks = cases[0]?.[1] ?? none;
	for (const timeoutSeconds of [60, 99_999_999]) {
		const path = file(blocks, 'nft', { timeoutSeconds });
		const json = inNamespace('nft', 'nft -f "$1"; nft -j list table inet blocklist', [path]);
		assert.ok(json.includes(`"timeout": ${timeoutSeconds}`));
		assert.equal(read(nftElements(json)), blocks);
	}
	for (const timeoutSeconds of [60, 2_147_483]) {
		const path = file(blocks, 'ipset', { timeoutSeconds });
		const saved = inNamespace('ipset', 'ipset restore < "$1"; ipset save', [path]);
		assert.match(saved, new RegExp(`^create blocklist4 .* timeout ${timeoutSeconds} `, 'm'));
		const left = Array.from(saved.matchAll(/^add .* timeout (\d+)/gm), ([, seconds]) => Number(seconds));
		assert.ok(left.length > 0 && left.every((seconds) => seconds <= timeoutSeconds && seconds > timeoutSeconds - 60));
	}
	assert.throws(() => file(blocks, 'ipset', { timeoutSeconds: 2_147_484 }), /1 to 2147483 seconds/);
});

test('entries end as their rules do, up to the longest', () => {
	const now = Date.now();
	const list = new BlockList({ now: () => now });
	list.add('192.0.2.0/25', { expiresAt: now + 60_000 });
	list.add('192.0.2.128/25', { expiresAt: now + 1e12 });
	list.add('198.51.100.0/24');
	list.add('2001:db8::/64', { expiresAt: now + 600_000 });
	const [nft, ipset] = (['nft', 'ipset'] as const).map((format) => {
		const path = join(folder, `ends-${format}`);
		writeFileSync(path, [...exportList(list.toBatch(), format, { now })].join(''));
		return path;
	});
	const json = inNamespace('nft', 'nft -f "$1"; nft -f "$1"; nft -j list table inet blocklist', [nft ?? '']);
	const { nftables }: { nftables: { set?: { elem?: NftElement[] } }[] } = JSON.parse(json);
	const elements = nftables.flatMap(({ set }) => set?.elem ?? []);
	const ends = elements.map(
		(element) => `${nftText(element)} ${(typeof element === 'object' && element.elem?.timeout) || 0}`,
	);
	assert.equal(ends.sort(), ['192.0.2.0/25 60', '192.0.2.128/25 99999999', '198.51.100.0/24 0', '2001:db8::/64 600']);
	const saved = inNamespace('ipset', 'ipset restore < "$1"; ipset restore < "$1"; ipset save', [ipset ?? '']);
	const left = Array.from(saved.matchAll(/^add \S+ (\S+) timeout (\d+)/gm), ([, net = '', seconds]) => ({
		net,
		seconds: Number(seconds),
	}));
	const expected = new Map([
		['192.0.2.0/25', 60],
		['192.0.2.128/25', 2_147_483],
		['198.51.100.0/24', 0],
		['2001:db8::/64', 600],
	]);
	assert.is(left.length, 4);
	for (const { net, seconds } of left) {
		const most = expected.get(net) ?? -1;
		assert.ok(seconds <= most && seconds > most - 50, `${net} ${seconds}`);
	}
});

test('a real list is loaded, and read back equal', async () => {
	const { batch } = await readList(realList('country-us-ipv4.cidr.txt'));
	const blocks = blocksOf(batch);
	const json = inNamespace('nft', 'nft -f "$1"; nft -j list table inet blocklist', [file(blocks, 'nft')]);
	assert.equal(read(nftElements(json)), blocks);
	const sets = inNamespace('ipset', 'ipset restore < "$1"; ipset save', [file(blocks, 'ipset')]);
	assert.equal(read(Array.from(sets.matchAll(/^add \S+ (\S+)/gm), ([, entry = '']) => entry)), blocks);
	const chain = inNamespace('iptables', 'iptables-restore --noflush < "$1"; iptables-save', [file(blocks, 'iptables')]);
	assert.equal(read(Array.from(chain.matchAll(/^-A blocklist -s (\S+)/gm), ([, net = '']) => net)), blocks);
});

test('ipset has room for more than its default of 65,536 entries', () => {
	const ipv4 = Uint32Array.from({ length: 140_000 }, (_, i) => (i >> 1) * 4);
	const blocks = { ipv4, ipv6: new Uint32Array(0) };
	const files = [file(none, 'ipset'), file(blocks, 'ipset')];
	const saved = inNamespace('ipset', 'ipset restore < "$1"; ipset restore < "$2"; ipset save', files);
	assert.is(saved.match(/^add /gm)?.length, 70_000);
	const large = { ipv4: Uint32Array.from({ length: 2_100_000 }, (_, i) => (i >> 1) * 4), ipv6: none.ipv6 };
	const [head = ''] = exportList(large, 'ipset');
	assert.match(head, /^create blocklist4 hash:net family inet maxelem 2097152 -exist\n/);
});

test.run();
