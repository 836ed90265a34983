// net-test: limit 600 s
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Checks the edges of a copy of this workspace's manifests and sources, after `change` was made to it. */
function check(change: (copy: string) => void): { code: number | null; output: string } {
	const copy = mkdtempSync(join(tmpdir(), 'net-boundaries-'));
	try {
		for (const name of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'turbo.json', 'packages', 'tooling']) {
			cpSync(join(root, name), join(copy, name), {
				recursive: true,
				// The native build writes files of its own while this runs.
				filter: (source) => !/\/(?:node_modules|dist|native|\.[^/]*)$/.test(source),
			});
		}
		symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
		change(copy);
		const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/turbo'), ['boundaries', '--cwd', copy], {
			env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
			encoding: 'utf8',
		});
		return { code: status, output: unwrap(stdout + stderr) };
	} finally {
		rmSync(copy, { recursive: true, force: true });
	}
}

/** turbo wraps its sentences anywhere, with a bar before what follows. */
function unwrap(output: string): string {
	return output.replace(/\s*\n\s+\|\s+/g, ' ').replaceAll('@net/ ', '@net/');
}

/** Adds a file to a package that imports another. */
function addImport(copy: string, folder: string, name: string): void {
	writeFileSync(join(copy, 'packages', folder, 'src/added.ts'), `import * as all from '${name}';\nexport { all };\n`);
}

function addDependency(copy: string, folder: string, name: string): void {
	const file = join(copy, 'packages', folder, 'package.json');
	const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
	writeFileSync(file, JSON.stringify(Object.assign({}, manifest, { dependencies: { [name]: 'workspace:*' } })));
}

const test = suite('turbo boundaries');

test('is content with the edges of today', () => {
	const { code, output } = check(() => {});
	assert.is(code, 0, output);
	assert.match(output, /no issues found/);
});

const forbidden: [from: string, to: string][] = [
	['ip', '@net/errors'],
	['errors', '@net/ip'],
	['address', '@net/loop'],
	['blocklist', '@net/socket'],
	['loop', '@net/address'],
	['socket', '@net/blocklist'],
	['server', '@net/node'],
];
for (const [from, to] of forbidden) {
	test(`refuses an edge from ${from} to ${to}, declared or not`, () => {
		const { code, output } = check((copy) => {
			addDependency(copy, from, to);
			addImport(copy, from, to);
		});
		assert.is(code, 1);
		assert.match(output, `Package \`${to}\` found without any tag listed in allowlist for \`@net/${from}\``);
		const undeclared = check((copy) => addImport(copy, from, to));
		assert.is(undeclared.code, 1);
		assert.match(undeclared.output, `cannot import package \`${to}\` because it is not a dependency`);
	});
}

test('refuses an import by path out of the package', () => {
	const { code, output } = check((copy) => addImport(copy, 'blocklist', '../../ip/src/index.ts'));
	assert.is(code, 1);
	assert.match(output, /leaves the package/);
});

test.run();
