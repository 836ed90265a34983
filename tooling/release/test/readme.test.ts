// net-test: limit 600 s
/** Every `js` block of every README and page is run as a program of a user who installed the packed packages. */
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '@tooling/test';
import { differences, examples, files, links, promises, sessions } from '../examples.mjs';
import { root } from '../packages.mjs';
import { hostPlatform, targets } from '../platforms.mjs';
import { npm, pack, run, tar } from './packed.ts';
import type { Packed } from './packed.ts';

const names = ['errors', 'ip', 'address', 'blocklist', 'loop', 'socket', 'server', 'node'];
const pages = ['moving', 'which-package', 'troubleshooting'].map((name) => `packages/node/docs/${name}.md`);
const readmes = ['README.md', ...names.map((name) => `packages/${name}/README.md`), ...pages];

const test = suite('READMEs');
let packed: Packed;
let folder: string;
test.before(async () => {
	packed = pack();
	folder = packed.folder();
	// As the page says it, with a binary that is for another platform: npm refuses one that is not optional.
	const page = readFileSync(join(root, 'packages/node/docs/moving.md'), 'utf8');
	const [, options] = /`npm install (.*)path\/to\/\*\.tgz`/.exec(page) ?? [];
	if (options === undefined) throw new Error('moving.md does not say how to install from files');
	const files = [...packed.tarballs.values()].map(({ file }) => file);
	const given = [...options.split(' ').filter(Boolean), ...files, foreignBinary()];
	const { code, stderr } = await npm(process.execPath, folder, ['install', '--offline', ...given]);
	if (code !== 0) throw new Error(stderr);
});
test.after(() => packed.remove());

/** The tarball of a binary that does not run here. */
function foreignBinary(): string {
	const platform = [...targets.keys()].find((each) => each !== hostPlatform()) ?? '';
	const found = packed.tarballs.get(`@net/loop-${platform}`);
	if (found !== undefined) return found.file;
	const contents = packed.folder();
	cpSync(join(root, 'packages/loop/npm', platform), join(contents, 'package'), { recursive: true });
	const file = join(contents, 'foreign.tgz');
	tar('-czf', file, '-C', contents, 'package');
	return file;
}

for (const readme of readmes) {
	test(`${readme}: its examples run, end, and print what they say`, async () => {
		const path = join(root, readme);
		assert.ok(existsSync(path), 'there is no such file');
		const found = examples(readFileSync(path, 'utf8'));
		assert.ok(found.length > 0, 'it has no example');
		for (const code of found) {
			writeFileSync(join(folder, 'example.mjs'), code);
			const { code: exit, stdout, stderr } = await run(process.execPath, ['example.mjs'], folder);
			assert.is(stderr, '', code);
			assert.is(exit, 0, `exit code ${exit} (null: it did not end):\n${code}`);
			assert.is(differences(code, stdout), '');
		}
	});
}

test('who has only the packages can follow "Moving from node:net", line by line', async () => {
	if (!packed.tarballs.has('@net/loop-linux-x64-gnu')) skip('no binary was packed');
	const page = readFileSync(join(folder, 'node_modules/@net/node/docs/moving.md'), 'utf8');
	for (const { name, code } of files(page)) writeFileSync(join(folder, name), code);
	const typed = sessions(page);
	assert.ok(typed.length >= 5, 'it shows less than it should');
	const anybody = (text: string): string => text.replace(/^(NET_\w+) \d+:/gm, '$1 …:');
	for (const { command, printed } of typed) {
		const path = dirname(process.execPath);
		const { code, stdout, stderr } = await run('/bin/sh', ['-c', command], folder, { PATH: path });
		assert.is(anybody(`${stderr}${stdout}`), anybody(printed), command);
		assert.is(code, 0, command);
	}
});

test('who has only the packages finds what their pages point at', () => {
	const scope = join(folder, 'node_modules/@net');
	const pages = readdirSync(scope, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
	assert.ok(pages.length >= names.length + 4, pages.join());
	const lost = pages.flatMap((page) =>
		links(readFileSync(join(scope, page), 'utf8'))
			.filter((link) => !existsSync(join(scope, dirname(page), link)))
			.map((link) => `${page}: ${link}`),
	);
	assert.equal(lost, []);
});

test('an example that breaks its word is noticed', () => {
	assert.equal(promises('console.log(1); // 1\nfoo(); // no\nconsole.log("a") // b c'), ['1', 'b c']);
	assert.is(differences('console.log(1); // 1', '1\n'), '');
	assert.match(differences('console.log(1); // 2', '1\n'), /promised:\n2\nprinted:\n1\n/);
	const page = '```js\n// a.mjs\na\n```\n```sh\nnode a.mjs\n```\n\n```text\n1\n```\n```sh\nnpm start\n```\n';
	assert.equal(files(page), [{ name: 'a.mjs', code: '// a.mjs\na\n' }]);
	assert.equal(sessions(page), [{ command: 'node a.mjs', printed: '1\n' }]);
	assert.equal(links('[a](b.md#c) [d](https://example.org) [e](#f) ![g](../h.png)'), ['b.md', '../h.png']);
	assert.equal(examples('```js\na\n```\n```sh\nb\n```\n```js\nc\n```\n'), ['a\n', 'c\n']);
});

test.run();
