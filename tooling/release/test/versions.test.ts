/** What `changeset version` makes of the packages, tried in a copy of their manifests. */
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '@tooling/test';
import { packages } from '../packages.mjs';
import { nodes, thisTree } from './packed.ts';

/** Node 20 does not run the program. */
const node = nodes().get('24');

const test = suite('Versions');

/** Versions of the packages before and after a release with only the changesets given; with those of the tree by default. */
function release(changesets?: Record<string, string>) {
	const folder = mkdtempSync(join(tmpdir(), 'net-versions-'));
	try {
		for (const file of ['package.json', 'pnpm-workspace.yaml', '.changeset']) {
			cpSync(join(thisTree, file), join(folder, file), { recursive: true });
		}
		for (const { folder: path } of packages()) {
			mkdirSync(join(folder, path), { recursive: true });
			cpSync(join(thisTree, path, 'package.json'), join(folder, path, 'package.json'));
		}
		if (changesets !== undefined) {
			for (const file of readdirSync(join(folder, '.changeset'))) {
				if (file.endsWith('.md')) rmSync(join(folder, '.changeset', file));
			}
			const head = Object.entries(changesets).map(([name, kind]) => `'${name}': ${kind}\n`);
			writeFileSync(join(folder, '.changeset/this.md'), `---\n${head.join('')}---\n\nIt does something else.\n`);
		}
		symlinkSync(join(thisTree, 'node_modules'), join(folder, 'node_modules'));
		const git = (...args: string[]) =>
			spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder });
		git('init', '-q', '-b', 'main');
		git('add', '.changeset', 'package.json', 'packages', 'tooling');
		assert.is(git('commit', '-q', '-m', 'all').status, 0);
		const before = versions(folder);
		const program = join(thisTree, 'node_modules/@changesets/cli/bin.js');
		const { status, stdout, stderr } = spawnSync(node ?? '', [program, 'version'], {
			cwd: folder,
			encoding: 'utf8',
			// It needs no other program than git: pnpm is on nobody's PATH here.
			env: { PATH: `${dirname(node ?? '')}:/usr/bin:/bin`, HOME: folder },
		});
		assert.is(status, 0, `${stdout}${stderr}`);
		const left = readdirSync(join(folder, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
		assert.equal(left, [], 'changesets are left');
		const logs: Record<string, string> = {};
		for (const { name, folder: path } of packages()) {
			const file = join(folder, path, 'CHANGELOG.md');
			if (existsSync(file)) logs[name] = readFileSync(file, 'utf8');
		}
		return { before, after: versions(folder), logs, ranges: ranges(folder) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function versions(root: string): Record<string, string> {
	const found: Record<string, string> = {};
	for (const { name, folder, private: hidden } of packages()) {
		if (hidden) continue;
		// npm's format
		found[name] = (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { version: string }).version;
	}
	return found;
}

/** All that the published packages ask for of each other. */
function ranges(root: string): string[] {
	const found = new Set<string>();
	for (const { folder, private: hidden } of packages()) {
		if (hidden) continue;
		// npm's format
		const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
			dependencies?: Record<string, string>;
			optionalDependencies?: Record<string, string>;
		};
		for (const range of Object.values({ ...manifest.dependencies, ...manifest.optionalDependencies })) found.add(range);
	}
	return [...found].sort();
}

const isLoop = (name: string) => /^@net\/loop(?:-|$)/.test(name);

test('a change of the loop raises it and all its binaries to one version, and no other package', () => {
	if (node === undefined) skip('Node 24 is not installed');
	const { before, after, logs } = release({ '@net/loop': 'patch' });
	const raised = Object.keys(after).filter((name) => after[name] !== before[name]);
	assert.equal(raised.sort(), Object.keys(after).filter(isLoop).sort());
	assert.ok(raised.length >= 5);
	assert.is(new Set(raised.map((name) => after[name])).size, 1);
	assert.equal(Object.keys(logs).sort(), raised);
	assert.match(logs['@net/loop'] ?? '', /It does something else\./);
});

test('a change of a binary alone raises the loop, too', () => {
	if (node === undefined) skip('Node 24 is not installed');
	const { before, after } = release({ '@net/loop-linux-x64-musl': 'patch' });
	assert.is(after['@net/loop'], after['@net/loop-linux-x64-musl']);
	assert.is.not(after['@net/loop'], before['@net/loop']);
});

test('what breaks users of a package raises those that depend on it', () => {
	if (node === undefined) skip('Node 24 is not installed');
	const { before, after, logs, ranges: asked } = release({ '@net/ip': 'major' });
	for (const name of ['@net/address', '@net/blocklist', '@net/server', '@net/socket', '@net/node']) {
		assert.is.not(after[name], before[name], name);
		assert.match(logs[name] ?? '', new RegExp(`@net/ip@${after['@net/ip']}`));
	}
	assert.is(after['@net/errors'], before['@net/errors']);
	assert.is(after['@net/loop'], before['@net/loop']);
	assert.equal(asked, ['workspace:*', 'workspace:^']);
});

test('the changesets that are waiting can be released', () => {
	if (node === undefined) skip('Node 24 is not installed');
	const waiting = readdirSync(join(thisTree, '.changeset')).filter((file) => file.endsWith('.md'));
	if (waiting.length === 0) skip('none is waiting');
	const { before, after, logs } = release();
	const raised = Object.keys(after).filter((name) => after[name] !== before[name]);
	assert.ok(raised.length > 0);
	for (const name of raised) assert.match(logs[name] ?? '', new RegExp(`^# ${name}\n\n## ${after[name]}\n`));
	assert.is(
		new Set(
			Object.keys(after)
				.filter(isLoop)
				.map((name) => after[name]),
		).size,
		1,
	);
});

test.run();
