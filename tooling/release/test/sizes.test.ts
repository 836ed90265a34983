/** The table of sizes in the README of the whole. */
import { dirname } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measure, published, table } from '../sizes.mjs';
import { pack } from './packed.ts';
import type { Packed } from './packed.ts';

/** How far a size may be off, so that not every change needs a new table; and a rounded kilobyte. */
const SHARE = 0.2;
const ROUNDED = 2000;

const test = suite('Sizes');
let packed: Packed;
test.before(() => {
	packed = pack();
});
test.after(() => packed.remove());

test('are what the README says', () => {
	const said = published();
	const found = measure(dirname([...packed.tarballs.values()][0]?.file ?? ''));
	assert.ok(found.length >= 8);
	for (const { name, ...bytes } of found) {
		const row = said.get(name);
		assert.ok(row, `the README does not tell the size of ${name}`);
		for (const [column, size] of Object.values(bytes).entries()) {
			const off = Math.abs(size - (row[column] ?? Infinity));
			assert.ok(
				off <= size * SHARE + ROUNDED,
				`${name} has ${size} bytes: run "npm run pack && node tooling/release/sizes.mjs dist"`,
			);
		}
	}
	for (const name of said.keys()) {
		assert.ok(name.startsWith('@net/loop-') || packed.tarballs.has(name), `there is no ${name} any more`);
	}
});

test('of a package count what comes with it', () => {
	const found = new Map(
		measure(dirname([...packed.tarballs.values()][0]?.file ?? '')).map((each) => [each.name, each]),
	);
	const [errors, ip, address] = ['@net/errors', '@net/ip', '@net/address'].map((name) => found.get(name));
	assert.ok(errors && ip && address);
	assert.is(address.installed, address.unpacked + errors.unpacked + ip.unpacked);
	assert.ok(address.packed < address.unpacked);
});

test('are written as they are read', () => {
	const lines = table([{ name: '@net/x', packed: 1400, unpacked: 12_345, installed: 1_234_567 }]).split('\n');
	assert.is(lines[2], '| `@net/x` |     1 kB |   12 kB |           1235 kB |');
});

test.run();
