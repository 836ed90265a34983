// net-test: limit 180 s
import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { BlockList } from '@net/blocklist';
import { commandPath, Workplace } from '../support/command.ts';

const test = suite('net-blocklist');
const place = new Workplace();
test.after(() => place.remove());

place.write('drop.txt', '198.51.100.0/25 ; SBL1\n198.51.100.128/25 ; SBL2\n2001:db8::/32 ; SBL3\n');
place.write('more.txt.gz', gzipSync('203.0.113.7 # seen twice\r\n203.0.113.6\r\n'));
place.write('office.txt', '198.51.100.7\n');
place.write('bad.txt', '192.0.2.1\nno address\n192.0.2.0/33\n');
place.write('scores.tsv', '192.0.2.1\t3\n192.0.2.2\t8\n');

test('check tells what is blocked by which rule, and ends with 1; with 0 if nothing is', () => {
	const ran = place.run([
		'check',
		'198.51.100.7',
		'192.0.2.9',
		'203.0.113.7',
		'2001:db8::1',
		'--list',
		'drop.txt',
		'more.txt.gz',
	]);
	assert.equal(ran, {
		code: 1,
		stdout: `198.51.100.7 blocked by 198.51.100.0/25 (drop.txt:1, SBL1)
192.0.2.9 allowed
203.0.113.7 blocked by 203.0.113.7 (more.txt.gz:1, seen twice)
2001:db8::1 blocked by 2001:db8::/32 (drop.txt:3, SBL3)
`,
		stderr: '',
	});
	assert.equal(place.run(['check', '192.0.2.9', '--list', 'drop.txt']), {
		code: 0,
		stdout: '192.0.2.9 allowed\n',
		stderr: '',
	});
});

test('check takes addresses from stdin and behind lists, mapped ones too, and prints nothing when silent', () => {
	const ran = place.run(['check', '--list=drop.txt', '-', '--silent'], '192.0.2.9\n\n::ffff:198.51.100.7\n');
	assert.equal(ran, { code: 1, stdout: '', stderr: '' });
	assert.is(place.run(['check', '--list', 'drop.txt', '192.0.2.9']).stdout, '192.0.2.9 allowed\n');
	assert.is(
		place.run(['check', '192.0.2.9', '--list', '-'], '192.0.2.0/24').stdout,
		'192.0.2.9 blocked by 192.0.2.0/24 (-:1)\n',
	);
});

test('an allowed address within a blocked subnet is let pass, and is taken out of what is written', () => {
	const ran = place.run(['check', '198.51.100.7', '198.51.100.8', '--list', 'drop.txt', '--allow', 'office.txt']);
	assert.is(ran.code, 1);
	assert.is(
		ran.stdout,
		'198.51.100.7 allowed by 198.51.100.7 (office.txt:1)\n198.51.100.8 blocked by 198.51.100.0/25 (drop.txt:1, SBL1)\n',
	);
	const range = place.run(['export', '--format', 'range', '--family', '4', 'drop.txt', '--allow', 'office.txt']);
	assert.is(range.stdout, '198.51.100.0-198.51.100.6\n198.51.100.8-198.51.100.255\n');
});

test('aggregate prints the fewest prefixes of all lists, of files and stdin', () => {
	const ran = place.run(['aggregate', 'drop.txt', '-', 'more.txt.gz'], gzipSync('203.0.113.4/31'));
	assert.equal(ran, { code: 0, stdout: '198.51.100.0/24\n203.0.113.4/30\n2001:db8::/32\n', stderr: '' });
	assert.is(place.run(['aggregate', '--family', '6', 'drop.txt']).stdout, '2001:db8::/32\n');
	assert.is(place.run(['aggregate', '--threshold', '5', 'scores.tsv']).stdout, '192.0.2.2\n');
});

test('export writes each format', () => {
	const written = (...args: string[]): string => place.run(['export', 'more.txt.gz', ...args]).stdout;
	assert.is(written('--format', 'cidr'), '203.0.113.6/31\n');
	assert.is(written('--format', 'range'), '203.0.113.6-203.0.113.7\n');
	assert.is(written('--format', 'json'), '[\n"203.0.113.6/31"\n]\n');
	assert.match(
		written('--format', 'nft', '--name', 'mine'),
		'add element inet mine ipv4 {\n203.0.113.6-203.0.113.7,\n}\n',
	);
	assert.match(
		written('--format', 'ipset', '--timeout', '60'),
		/^create blocklist4 hash:net family inet maxelem 1048576 timeout 60 /,
	);
	assert.match(written('--format', 'ipset', '--max-elements', '9'), / maxelem 9 /);
	assert.match(
		written('--format', 'iptables', '--target', 'REJECT'),
		'\n-A blocklist -s 203.0.113.6/31 -j REJECT\nCOMMIT\n',
	);
});

test('diff prints what went and what came, and ends with 1 where there is something', () => {
	place.write('old.txt', '192.0.2.0/24\n2001:db8::-2001:db8::f\n');
	place.write('new.txt', '192.0.2.128/25\n192.0.2.0/26\n203.0.113.0-203.0.113.1\n2001:db8::/124\n2001:db8::10\n');
	const ran = place.run(['diff', 'old.txt', 'new.txt']);
	assert.equal(ran, { code: 1, stdout: '-192.0.2.64/26\n+203.0.113.0/31\n+2001:db8::10\n', stderr: '' });
	assert.equal(place.run(['diff', 'old.txt', '-'], '192.0.2.0-192.0.2.255,x\n2001:db8::/124'), {
		code: 0,
		stdout: '',
		stderr: '',
	});
});

test('info counts kinds, families, addresses and overlaps', () => {
	place.write('all.txt', '192.0.2.1\n192.0.2.1\n192.0.2.0/30\n192.0.2.8-192.0.2.9\n::1\n2001:db8::/127\n# x\nbad\n');
	const ran = place.run(['info', 'all.txt', '--quiet']);
	const rows = ran.stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
	assert.equal(rows, [
		['all.txt'],
		['lines', '8'],
		['not understood', '1'],
		['IPv4 addresses', '2'],
		['IPv4 subnets', '1'],
		['IPv4 ranges', '1'],
		['IPv4 covered', '6 addresses (0.00 %) in 2 ranges, 2 prefixes'],
		['IPv4 overlaps', '2 addresses listed again'],
		['IPv6 addresses', '1'],
		['IPv6 subnets', '1'],
		['IPv6 ranges', '0'],
		['IPv6 covered', '3 addresses (0.00 %) in 2 ranges, 2 prefixes'],
		['IPv6 overlaps', '0'],
		[''],
	]);
	assert.match(
		place.run(['info', 'all.txt', 'all.txt', '--quiet']).stdout,
		/all of them\n {2}IPv4 addresses +4\n[^]*overlaps +10 /,
	);
});

test('a snapshot is read wherever a list is, and refused where it is cut', () => {
	assert.is(
		place.run(['snapshot', 'drop.txt', 'more.txt.gz', '--allow', 'office.txt', '--output', 'all.snapshot']).code,
		0,
	);
	const checked = place.run(['check', '198.51.100.7', '203.0.113.7', '--list', 'all.snapshot']);
	assert.is(
		checked.stdout,
		'198.51.100.7 allowed by 198.51.100.7 (office.txt:1)\n203.0.113.7 blocked by 203.0.113.7 (more.txt.gz:1, seen twice)\n',
	);
	assert.is(
		place.run(['aggregate', 'all.snapshot']).stdout,
		place.run(['aggregate', 'drop.txt', 'more.txt.gz', '--allow', 'office.txt']).stdout,
	);
	place.write('cut.snapshot', readFileSync(`${place.folder}/all.snapshot`).subarray(0, -8));
	const cut = place.run(['info', 'cut.snapshot']);
	assert.is(cut.code, 2);
	assert.match(cut.stderr, /^net-blocklist info: cut\.snapshot: the snapshot is cut: [^\n]*; make it again\n$/);
});

test('lines that are not understood are told with their file and line; strict makes them an error', () => {
	const told =
		'bad.txt:2: neither address, nor CIDR, nor range: no address\nbad.txt:3: the prefix is longer than the address: 192.0.2.0/33\n';
	assert.equal(place.run(['aggregate', 'bad.txt']), { code: 0, stdout: '192.0.2.1\n', stderr: told });
	assert.is(place.run(['aggregate', 'bad.txt', '--quiet']).stderr, '');
	const strict = place.run(['aggregate', 'bad.txt', '--strict']);
	assert.is(strict.code, 2);
	assert.is(strict.stdout, '');
	assert.match(strict.stderr, /^net-blocklist aggregate: bad\.txt:2: neither[^\n]*\n$/);
	const many = place.run(['aggregate', '-'], 'x\n'.repeat(50));
	assert.match(many.stderr, /^-:1: [^]*\n-: 30 more lines were not understood\n$/);
});

/** Wrong arguments, and a part of what is said about them. */
const wrong: [args: string[], said: string][] = [
	[['nothing'], "there is no command 'nothing'"],
	[['nothing', '--help'], "there is no command 'nothing'"],
	[['help', 'nothing'], "there is no command 'nothing'"],
	[['aggregate'], 'no list is named'],
	[['aggregate', 'none.txt'], 'none.txt: there is no such file'],
	[['aggregate', '.'], 'it is a folder'],
	[['aggregate', '-', '-'], 'stdin can be read only once'],
	[['aggregate', '--family', '5', 'drop.txt'], '--family is 4 or 6'],
	[['aggregate', '--threshold', 'high', 'drop.txt'], '--threshold is a number'],
	[['aggregate', '--read', 'xml', 'drop.txt'], '--read is auto'],
	[['aggregate', '--bad', 'drop.txt'], "Unknown option '--bad'"],
	[['aggregate', 'broken.gz'], 'its gzip data ends too early'],
	[['check', '192.0.2.1'], 'name files behind --list'],
	[['check', '--list', 'drop.txt'], 'no address is named'],
	[['check', '192.0.2', '--list', 'drop.txt'], "'192.0.2' is no IP address"],
	[['check', '-', '--list', '-'], 'stdin can be read only once'],
	[['export', 'drop.txt'], '--format is cidr, range, json, nft, ipset, iptables; it is missing'],
	[['export', '--format', 'pf', 'drop.txt'], "it is 'pf'"],
	[['export', '--format', 'iptables', 'drop.txt'], 'one family a file'],
	[['export', '--format', 'nft', '--name', 'a b', 'drop.txt'], 'the name is'],
	[['export', '--format', 'ipset', '--timeout', '9999999', 'drop.txt'], 'a timeout is 1 to 2147483 seconds'],
	[['diff', 'drop.txt'], 'name two lists'],
	[['diff', '-', '-'], 'stdin can be read only once'],
	[['info'], 'no list is named'],
	[['snapshot', 'drop.txt'], 'name a file behind --output'],
	[['snapshot', 'drop.txt', '--output', 'none/x'], 'none/x: there is no such file'],
];

test('an error is one line that says what to do, and ends with 2', () => {
	place.write('broken.gz', gzipSync('192.0.2.1\n').subarray(0, -4));
	for (const [args, said] of wrong) {
		const { code, stdout, stderr } = place.run(args);
		assert.is(code, 2, `${args}`);
		assert.is(stdout, '', `${args}`);
		assert.match(stderr, /^net-blocklist[^\n]*\n$/, `${args}`);
		assert.ok(stderr.includes(said), `${args}: ${stderr}`);
	}
});

test('help is there for the command and for each subcommand, within 120 columns', () => {
	const { code, stdout } = place.run([]);
	assert.is(code, 0);
	for (const name of ['check', 'aggregate', 'export', 'diff', 'info', 'snapshot']) {
		assert.match(stdout, `net-blocklist ${name} `);
		const help = place.run([name, 'drop.txt', '--help']);
		assert.is(help.code, 0);
		assert.ok(help.stdout.startsWith(`net-blocklist ${name} `));
		assert.is(place.run(['help', name]).stdout, help.stdout);
		assert.ok(help.stdout.split('\n').every((line) => line.length <= 120));
	}
});

test('the version is that of the package', () => {
	const manifest: { version: string } = JSON.parse(
		readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
	);
	assert.equal(place.run(['--version']), { code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('who stops listening makes no error', () => {
	place.write(
		'long.txt',
		Array.from({ length: 200_000 }, (_, i) => `10.${i >> 15}.${(i >> 7) & 255}.${(i & 127) * 2}`).join('\n'),
	);
	const script = '"$0" "$1" aggregate long.txt | head -n 1; echo "${PIPESTATUS[*]}"';
	const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, commandPath], {
		cwd: place.folder,
		encoding: 'utf8',
	});
	assert.is(stdout, '10.0.0.0\n0 0\n');
	assert.is(stderr, '');
});

test('rules of a snapshot end: in what is written where that can be said, else it is told; those that ended are gone', () => {
	const list = new BlockList({ now: () => 0 });
	const end = Date.now() + 1e9;
	list.add('192.0.2.0/25', { expiresAt: end });
	list.add('192.0.2.128/25', { expiresAt: 5 });
	list.add('198.51.100.7', { label: 'for good' });
	list.add('198.51.100.0/24', { exception: true });
	place.write('ends.snapshot', list.toSnapshot());
	assert.match(
		place.run(['export', '--format', 'nft', 'ends.snapshot']).stdout,
		/192\.0\.2\.0-192\.0\.2\.127 timeout \d+s,/,
	);
	assert.equal(place.run(['export', '--format', 'cidr', 'ends.snapshot']), {
		code: 0,
		stdout: '192.0.2.0/25\n198.51.100.7/32\n',
		stderr: `cidr cannot say when entries end; export again when the next does, at ${new Date(end).toISOString()}\n`,
	});
	assert.is(place.run(['export', '--format', 'cidr', '--quiet', 'ends.snapshot']).stderr, '');
	assert.is(place.run(['aggregate', 'ends.snapshot']).stdout, '192.0.2.0/25\n198.51.100.7\n');
	const { stdout } = place.run(['info', 'ends.snapshot']);
	assert.match(
		stdout,
		/IPv4 addresses +1\n +IPv4 subnets +1\n +IPv4 ranges +0\n +IPv4 exceptions +1\n +IPv4 covered +129 /,
	);
	assert.match(stdout, /IPv4 overlaps +0\n/);
	assert.is(place.run(['check', '192.0.2.200', '--list', 'ends.snapshot']).code, 0);
});

test('a snapshot is known on stdin, and compressed', () => {
	const list = new BlockList();
	list.add('192.0.2.0/24', { label: 'docs', source: 'a.txt', line: 3 });
	const snapshot = list.toSnapshot();
	for (const bytes of [snapshot, gzipSync(snapshot)]) {
		const ran = place.run(['check', '192.0.2.7', '--list', '-'], bytes);
		assert.equal(ran, { code: 1, stdout: '192.0.2.7 blocked by 192.0.2.0/24 (a.txt:3, docs)\n', stderr: '' });
	}
	const cut = place.run(['check', '192.0.2.7', '--list', '-'], snapshot.subarray(0, 90));
	assert.is(cut.code, 2);
	assert.match(cut.stderr, /^net-blocklist check: -: the snapshot is cut: [^\n]*\n$/);
});

test('what a list says of itself cannot move the cursor, or turn what follows', () => {
	place.write('odd.txt', '192.0.2.1 # \u{1b}[2Jred\u{7} \u{202e}evil\n\u{1b}]0;title\n');
	const ran = place.run(['check', '192.0.2.1', '--list', 'odd.txt']);
	assert.is(ran.stdout, '192.0.2.1 blocked by 192.0.2.1 (odd.txt:1, \u{fffd}[2Jred\u{fffd} \u{fffd}evil)\n');
	assert.not.match(ran.stderr, '\u{1b}');
	assert.is(
		place.run(['info', 'no\u{1b}[2J\nfile']).stderr,
		'net-blocklist info: no\u{fffd}[2J\u{fffd}file: there is no such file\n',
	);
});

test.run();
