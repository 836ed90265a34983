/** The examples run, and the README shows what runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const examples = suite('examples');

const file = fileURLToPath(new URL('../examples/echo.mjs', import.meta.url));

examples('the echo server echoes', () => {
	const output = execFileSync(process.execPath, [file], { encoding: 'utf8', timeout: 20_000 });
	assert.is(output, 'hello, echo\n');
});

examples('the README shows the echo server as it is', () => {
	const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
	const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
	assert.ok(squeeze(readme).includes(squeeze(readFileSync(file, 'utf8'))), 'README.md has another example');
});

examples.run();
