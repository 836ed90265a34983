import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const test = suite('examples');

test('the example of the README runs and prints what it says', () => {
	const path = fileURLToPath(new URL('../examples/guest-list.mjs', import.meta.url));
	const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
	const output = execFileSync(process.execPath, [path], { encoding: 'utf8' });
	assert.ok(readme.includes(readFileSync(path, 'utf8')));
	assert.ok(readme.includes(output), output);
});

for (const [name, output] of [
	['server.mjs', 'welcome\nrefused by loopback\nECONNRESET\n'],
	['threads.mjs', '[ true ]\n'],
] as const) {
	test(`${name} stands in the README and runs`, () => {
		const path = fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
		const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
		// Code in Markdown is not indented by tabs.
		assert.ok(readme.includes(readFileSync(path, 'utf8').replaceAll('\t', '  ')));
		assert.is(execFileSync(process.execPath, [path], { encoding: 'utf8', timeout: 20_000 }), output);
	});
}

test.run();
