import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const test = suite('examples');

test('the example of the README runs and prints what it says', () => {
	const path = fileURLToPath(new URL('../examples/prefix.mjs', import.meta.url));
	const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
	// Markdown is indented by spaces.
	assert.ok(readme.includes(readFileSync(path, 'utf8').replaceAll('\t', '  ')));
	assert.is(execFileSync(process.execPath, [path], { encoding: 'utf8' }), '6\n10.255.255.255\ntrue\n');
});

test.run();
