// net-test: limit 600 s
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '@tooling/test';
import { hostPlatform, targets } from '../platforms.mjs';
import { addons, installed, nodes, npm, npmCli, pack, run } from './packed.ts';
import type { Packed } from './packed.ts';
import { serve } from './registry.ts';

const smoke = fileURLToPath(new URL('../smoke.mjs', import.meta.url));
/** One a platform; of those that were packed, npm installs the one that fits. */
const binaries = [...targets.keys()].map((platform) => `@net/loop-${platform}`);
const fitting = `@net/loop-${hostPlatform()}`;

/** What each package brings along. */
const closures: Record<string, string[]> = {
	'@net/errors': [],
	'@net/ip': [],
	'@net/address': ['@net/errors', '@net/ip'],
	'@net/blocklist': ['@net/address', '@net/errors', '@net/ip'],
	'@net/loop': ['@net/errors', ...binaries],
	'@net/socket': ['@net/address', '@net/errors', '@net/ip', '@net/loop', ...binaries],
	'@net/server': ['@net/address', '@net/errors', '@net/ip', '@net/loop', ...binaries, '@net/socket'],
	'@net/node': [
		'@net/address',
		'@net/blocklist',
		'@net/errors',
		'@net/ip',
		'@net/loop',
		...binaries,
		'@net/server',
		'@net/socket',
	],
};

const test = suite('The packed packages');
let packed: Packed;
test.before(() => {
	packed = pack();
});
test.after(() => packed.remove());

test('are all there', () => {
	const names = [...packed.tarballs.keys()].filter((name) => !binaries.includes(name)).sort();
	assert.equal(names, Object.keys(closures).sort());
});

for (const [major, node] of nodes()) {
	test(`install and run on Node ${major} without a compiler or a network, and their examples too`, async () => {
		if (node === undefined) skip(`Node ${major} is not installed`);
		const drivers = packed.tarballs.has(fitting) ? ['native', 'portable'] : ['portable'];
		const folder = dirname([...packed.tarballs.values()][0]?.file ?? '');
		const options = ['--npm', npmCli()];
		// On this Node readme.test.ts runs them.
		if (node === process.execPath) options.push('--no-examples');
		const { code, stdout, stderr } = await run(
			node,
			[smoke, folder, ...options, ...drivers],
			packed.folder(),
			{},
			240_000,
		);
		assert.is(code, 0, stderr);
		assert.match(
			stdout,
			new RegExp(`^Node ${major}\\..*: installed${drivers.map((name) => `, ${name} runs`).join('')}\n`),
		);
	});
}

for (const [name, closure] of Object.entries(closures)) {
	test(`${name} installs alone, with only what it needs`, async () => {
		const registry = await serve(packed.tarballs);
		try {
			const folder = packed.folder();
			const { code, stderr } = await npm(process.execPath, folder, ['install', name], registry.url);
			assert.is(code, 0, stderr);
			const here = (each: string) => !binaries.includes(each) || (each === fitting && packed.tarballs.has(each));
			const expected = [name, ...closure].filter(here).sort();
			assert.equal(installed(folder), expected);
			assert.is(addons(folder).length, expected.includes(fitting) ? 1 : 0);
			assert.equal([...registry.asked].sort(), [name, ...closure].sort(), 'it asks for other packages');
			assert.not(existsSync(join(folder, 'node_modules/node_modules')));
			const source = `import(${JSON.stringify(name)}).then((all) => console.log(Object.keys(all).length > 0))`;
			const imported = await run(process.execPath, ['--input-type=module', '-e', source], folder);
			assert.is(imported.stdout, 'true\n', imported.stderr);
		} finally {
			registry.close();
		}
	});
}

test.run();
