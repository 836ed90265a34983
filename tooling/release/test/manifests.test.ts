/** What each publishable package says of itself, in its package.json and by what its tarball holds. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packages } from '../packages.mjs';
import { targets } from '../platforms.mjs';
import { pack, thisTree } from './packed.ts';
import type { Packed } from './packed.ts';

interface PackageJson {
	name: string;
	version: string;
	description?: string;
	keywords?: string[];
	license?: string;
	repository?: { type: string; url: string; directory: string };
	type?: string;
	sideEffects?: false | string[];
	engines?: { node: string };
	os?: string[];
	cpu?: string[];
	libc?: string[];
	main?: string;
	files?: string[];
	exports?: Record<string, Record<string, string>>;
	bin?: Record<string, string>;
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	napi?: { targets: string[] };
}

/** What stands at the top of a tarball; a changelog is there from the first release on. */
const tops = ['LICENSE', 'README.md', 'dist', 'examples', 'package.json', 'src'];
const moreTops: Record<string, string[]> = { '@net/node': ['COMPATIBILITY.md', 'docs'] };

const published = packages()
	.filter((each) => !each.private)
	.map(({ folder }) => ({ folder, manifest: read(folder) }));
const repository = read('.').repository;

function read(folder: string): PackageJson {
	// npm's format of a manifest
	return JSON.parse(readFileSync(join(thisTree, folder, 'package.json'), 'utf8')) as PackageJson;
}

const test = suite('What packages say of themselves');
let packed: Packed;
test.before(() => {
	packed = pack();
});
test.after(() => packed.remove());

for (const { folder, manifest } of published) {
	const { name } = manifest;
	const binary = folder.includes('/npm/');

	test(`${name}: what it is, whose it is and where it runs`, () => {
		assert.match(manifest.description ?? '', /^\S.{20,118}[^.\s]$/, 'a description of one line without a full stop');
		const keywords = manifest.keywords ?? [];
		assert.ok(keywords.length >= 4 && keywords.includes('net'), `keywords: ${keywords.join()}`);
		assert.is(new Set(keywords).size, keywords.length, 'a keyword comes twice');
		assert.is(manifest.license, read('.').license);
		assert.equal(manifest.repository, { ...repository, directory: folder });
		assert.equal(manifest.engines, read('.').engines);
		assert.is(manifest.type, binary ? 'commonjs' : 'module');
	});

	test(`${name}: which modules do something by being imported`, () => {
		const { sideEffects } = manifest;
		if (sideEffects === false) return;
		assert.ok(Array.isArray(sideEffects), 'false, or a list of files');
		for (const file of sideEffects) assert.ok(holds(name, file), `there is no ${file}`);
	});

	test(`${name}: every way in has types, and is there`, () => {
		if (binary) {
			assert.is(manifest.main, `net-loop.${folder.split('/').at(-1)}.node`);
			assert.equal(manifest.files, [manifest.main]);
			return;
		}
		const entries = Object.entries(manifest.exports ?? {});
		assert.ok(entries.some(([path]) => path === '.'));
		for (const [path, conditions] of entries) {
			assert.is(Object.keys(conditions)[0], 'types', `${path}: types come first`);
			assert.is(Object.keys(conditions).at(-1), 'default', `${path}: default comes last`);
			for (const file of Object.values(conditions)) assert.ok(holds(name, file), `there is no ${file}`);
		}
		for (const file of Object.values(manifest.bin ?? {})) assert.ok(holds(name, file), `there is no ${file}`);
		assert.is(manifest.main, undefined, 'exports say it');
	});

	test(`${name}: depends on packages of this repository alone, and runs nothing when it is installed`, () => {
		for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
			assert.ok(
				published.some((each) => each.manifest.name === dependency),
				`${dependency} is not ours`,
			);
			// Exact versions would put two copies of a package into a project, which do not know each other's sockets.
			assert.is(range, 'workspace:^', dependency);
		}
		for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
			assert.is(manifest.scripts?.[script], undefined);
		}
	});

	test(`${name}: its tarball holds what is published and nothing else`, () => {
		const tarball = packed.tarballs.get(name);
		if (tarball === undefined) {
			assert.ok(binary && !existsSync(join(thisTree, folder, manifest.main ?? '')), 'it was not packed');
			return;
		}
		const found = new Set(tarball.entries.map((entry) => entry.split('/')[0] ?? ''));
		found.delete('CHANGELOG.md');
		const expected = binary ? ['LICENSE', 'README.md', manifest.main, 'package.json'] : tops;
		assert.equal([...found].sort(), [...expected, ...(moreTops[name] ?? [])].sort());
		const wrong = /(?:^|\/)(?:test|tests|tooling|node_modules|\.[^/]+)(?:\/|$)|\.test\.|\.tsbuildinfo$/;
		assert.equal(
			tarball.entries.filter((entry) => wrong.test(entry)),
			[],
		);
		if (!binary) {
			const kinds =
				/^(?:[^/]+|docs\/[^/]+\.md|dist\/.+\.(?:js|cjs|d\.ts|d\.cts)(?:\.map)?|src\/.+\.(?:ts|cts|cjs)|examples\/.+\.(?:mjs|cjs|sh))$/;
			assert.equal(
				tarball.entries.filter((entry) => !kinds.test(entry)),
				[],
			);
		}
		assert.not.match(JSON.stringify(tarball.manifest), /workspace:|catalog:|@tooling/, 'it refers to the workspace');
		for (const key of ['devDependencies', 'scripts', 'napi']) {
			assert.not(key in tarball.manifest, `${key} are of use in the repository alone`);
		}
	});
}

/** Whether a file lies in the package's tarball. */
function holds(name: string, file: string): boolean {
	return packed.tarballs.get(name)?.entries.includes(file.replace(/^\.\//, '')) ?? false;
}

test('@net/loop takes the binary of its own version for every platform that has one', () => {
	const loop = published.find(({ manifest }) => manifest.name === '@net/loop')?.manifest;
	const binaries = published.filter(({ folder }) => folder.includes('/npm/'));
	const names = binaries.map(({ manifest }) => manifest.name).sort();
	assert.equal(names, [...targets.keys()].map((platform) => `@net/loop-${platform}`).sort());
	assert.equal(loop?.optionalDependencies, Object.fromEntries(names.map((name) => [name, 'workspace:*'])));
	assert.equal(
		[...(loop?.napi?.targets ?? [])].sort(),
		[...targets.values()].map((target) => target.replace(/\.\d.*$/, '')).sort(),
	);
	for (const { folder, manifest } of binaries) {
		const [os, cpu, abi] = folder.split('/').at(-1)?.split('-') ?? [];
		assert.equal(manifest.os, [os]);
		assert.equal(manifest.cpu, [cpu]);
		assert.equal(manifest.libc, [abi === 'gnu' ? 'glibc' : 'musl']);
		assert.is(manifest.version, loop?.version);
	}
});

test('the loader asks for the packages by the names they have', () => {
	const source = readFileSync(join(thisTree, 'packages/loop/src/binding.ts'), 'utf8');
	const suffixes = [...source.matchAll(/`\$\{platform\}-(\w+)`/g)].map(([, suffix]) => suffix);
	assert.equal(suffixes.sort(), ['gnu', 'musl']);
	for (const platform of targets.keys()) assert.match(platform, /^linux-(?:x64|arm64)-(?:gnu|musl)$/);
});

test.run();
