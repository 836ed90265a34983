// net-test: limit 600 s
/** The same sources make the same tarballs, wherever and whenever they are built and packed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '@tooling/test';
import { packages } from '../packages.mjs';
import { targets } from '../platforms.mjs';
import { pack, thisTree } from './packed.ts';
import type { Packed } from './packed.ts';

const test = suite('Packing');
let packed: Packed;
test.before(() => {
	packed = pack(thisTree);
});
test.after(() => packed.remove());

test('gives the same bytes from another folder at another time', () => {
	const copy = copyTree();
	const again = pack(copy);
	try {
		assert.equal(hashes(again), hashes(packed));
	} finally {
		again.remove();
		rmSync(copy, { recursive: true });
	}
});

for (const platform of [undefined, ...targets.keys()]) {
	const what = platform === undefined ? 'a package of JavaScript' : `the binary for ${platform}`;
	test(`leaves no folder of this machine in ${what}`, () => {
		if (platform !== undefined) skipUnlessBuilt(platform);
		const folders = [thisTree, process.env['CARGO_HOME'] ?? join(homedir(), '.cargo')];
		for (const [name, { file }] of packed.tarballs) {
			const isBinary = name.startsWith('@net/loop-');
			if (platform === undefined ? isBinary : name !== `@net/loop-${platform}`) continue;
			const { stdout } = spawnSync('tar', ['-xzOf', file], { maxBuffer: 1 << 28 });
			assert.ok(stdout.length > 0);
			for (const folder of folders) assert.not(stdout.includes(folder), `${name} tells ${folder}`);
		}
	});
}

/** What was built in another way than for a release tells where. */
function skipUnlessBuilt(platform: string): void {
	const name = `net-loop.${platform}.node`;
	const staged = join(thisTree, 'packages/loop/native/target/napi', name);
	const binary = join(thisTree, 'packages/loop/npm', platform, name);
	if (!existsSync(binary)) skip('it is not built here');
	if (!existsSync(staged) || !readFileSync(staged).equals(readFileSync(binary))) skip('build-native did not build it');
}

/** The tree as a clone of it would be, built anew, with this one's installed packages and its binaries. */
function copyTree(): string {
	const copy = mkdtempSync(join(tmpdir(), 'net-copy-'));
	const files = ['package.json', 'pnpm-workspace.yaml', 'LICENSE', 'packages', 'tooling/run', 'tooling/tsconfig'];
	// pnpm looks up the versions of what a package names, tooling included.
	files.push('tooling/test/package.json', 'tooling/release', 'tooling/bundle');
	const left = new Set(['build', 'dist', 'target', 'test', '.turbo']);
	for (const file of files) {
		cpSync(join(thisTree, file), join(copy, file), {
			recursive: true,
			verbatimSymlinks: true,
			filter: (path) => !left.has(basename(path)),
		});
	}
	symlinkSync(join(thisTree, 'node_modules'), join(copy, 'node_modules'));
	const compiler = join(thisTree, 'node_modules/typescript/bin/tsc');
	const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', 'packages/node'], {
		cwd: copy,
		encoding: 'utf8',
	});
	assert.is(status, 0, stdout);
	for (const { folder, scripts } of packages()) {
		if (!scripts['build']?.endsWith('bundle')) continue;
		const bundle = join(copy, 'tooling/bundle/bundle.mjs');
		const bundled = spawnSync(process.execPath, [bundle], { cwd: join(copy, folder), encoding: 'utf8' });
		assert.is(bundled.status, 0, bundled.stderr);
	}
	assert.ok(existsSync(join(copy, 'packages/node/dist/index.js')));
	return copy;
}

function hashes({ tarballs }: Packed): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, { file }] of tarballs) found[name] = createHash('sha256').update(readFileSync(file)).digest('hex');
	return found;
}

test.run();
