import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const test = suite('examples');

test('the example of the README runs and prints what it says', () => {
	const path = fileURLToPath(new URL('../examples/range.mjs', import.meta.url));
	const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
	// Markdown is indented by spaces.
	assert.ok(readme.includes(readFileSync(path, 'utf8').replaceAll('\t', '  ')));
	const output = execFileSync(process.execPath, [path], { encoding: 'utf8' });
	assert.is(
		output,
		'RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received type number (70000).\nwrite EPIPE\n',
	);
});

test.run();
