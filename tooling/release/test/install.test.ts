// net-test: limit 300 s
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skip } from '@tooling/test';
import { addons, installed, nodes, npm, pack, run } from './packed.ts';
import type { Packed } from './packed.ts';
import { serve } from './registry.ts';

const binary = '@net/loop-linux-x64-gnu';

/** What each package brings along; the loop's binary comes where it was packed. */
const closures: Record<string, string[]> = {
	'@net/errors': [],
	'@net/ip': [],
	'@net/address': ['@net/errors', '@net/ip'],
	'@net/blocklist': ['@net/address', '@net/errors', '@net/ip'],
	'@net/loop': ['@net/errors', binary],
	'@net/socket': ['@net/address', '@net/errors', '@net/ip', '@net/loop', binary],
	'@net/server': ['@net/address', '@net/errors', '@net/ip', '@net/loop', binary, '@net/socket'],
	'@net/node': [
		'@net/address',
		'@net/blocklist',
		'@net/errors',
		'@net/ip',
		'@net/loop',
		binary,
		'@net/server',
		'@net/socket',
	],
};

/** Imports every package, requires the facade, and sends bytes there and back; prints which driver ran. */
const program = `
import assert from 'node:assert';
import { createRequire } from 'node:module';
for (const name of ${JSON.stringify(Object.keys(closures))}) {
	assert.ok(Object.keys(await import(name)).length > 0, name + ' exports nothing');
}
const net = createRequire(import.meta.url)('@net/node');
assert.strictEqual(net.isIP('::1'), 6);
const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, '127.0.0.1', () => {
	const client = net.connect(server.address().port, '127.0.0.1', () => client.end('there and back'));
	let text = '';
	client.setEncoding('utf8').on('data', (chunk) => (text += chunk));
	client.on('close', () => server.close());
	server.on('close', async () => {
		const { currentDriver } = await import('@net/loop');
		console.log(currentDriver().name + ': ' + text);
	});
});
`;

const test = suite('The packed packages');
let packed: Packed;
test.before(() => {
	packed = pack();
});
test.after(() => packed.remove());

test('are all there', () => {
	const names = [...packed.tarballs.keys()].filter((name) => name !== binary).sort();
	assert.equal(names, Object.keys(closures).sort());
});

test('hold what is published and nothing else', () => {
	for (const [name, { entries, manifest }] of packed.tarballs) {
		assert.ok(entries.includes('LICENSE'), `${name} has no LICENSE`);
		assert.ok(entries.includes('README.md'), `${name} has no README.md`);
		const allowed =
			/^(?:LICENSE|(?:README|CHANGELOG|COMPATIBILITY)\.md|package\.json|(?:dist|src|bin)\/.*\.(?:js|mjs|ts|map)|net-loop\.[\w-]+\.node)$/;
		assert.equal(
			entries.filter((entry) => !allowed.test(entry)),
			[],
			`${name} holds other files`,
		);
		assert.not.match(JSON.stringify(manifest), /workspace:|catalog:/, `${name} refers to the workspace`);
		for (const script of ['preinstall', 'install', 'postinstall']) assert.is(manifest.scripts?.[script], undefined);
	}
});

test('are the same bytes when packed again', async () => {
	const { readFile } = await import('node:fs/promises');
	const again = pack();
	try {
		for (const [name, { file }] of packed.tarballs) {
			const other = again.tarballs.get(name);
			assert.ok(other && (await readFile(file)).equals(await readFile(other.file)), `${name} differs`);
		}
	} finally {
		again.remove();
	}
});

for (const [major, node] of nodes()) {
	test(`install and run on Node ${major} without a compiler or a network`, async () => {
		if (node === undefined) skip(`Node ${major} is not installed`);
		const folder = packed.folder();
		const files = [...packed.tarballs.values()].map(({ file }) => file);
		const install = await npm(node, folder, ['install', '--offline', ...files]);
		assert.is(install.code, 0, install.stderr);
		writeFileSync(join(folder, 'program.mjs'), program);
		for (const driver of ['native', 'portable']) {
			if (driver === 'native' && !packed.tarballs.has(binary)) continue;
			const { code, stdout, stderr } = await run(node, ['program.mjs'], folder, { NET_LOOP_DRIVER: driver });
			assert.is(stdout, `${driver}: there and back\n`, stderr);
			assert.is(code, 0);
		}
	});
}

for (const [name, closure] of Object.entries(closures)) {
	test(`${name} installs alone, with only what it needs`, async () => {
		const registry = await serve(packed.tarballs);
		try {
			const folder = packed.folder();
			const { code, stderr } = await npm(process.execPath, folder, ['install', name], registry.url);
			assert.is(code, 0, stderr);
			const expected = [name, ...closure].filter((each) => each !== binary || packed.tarballs.has(binary)).sort();
			assert.equal(installed(folder), expected);
			assert.is(addons(folder).length, expected.includes(binary) ? 1 : 0);
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
