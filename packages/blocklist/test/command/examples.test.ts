import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandPath, Workplace } from '../support/command.ts';

const test = suite('examples of formats and command');
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const place = new Workplace();
test.after(() => place.remove());

function example(name: string): string {
	return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}

test('the example of Formats runs and prints what the README says', () => {
	const path = example('firewall.mjs');
	const output = execFileSync(process.execPath, [path], { encoding: 'utf8' });
	assert.ok(readme.includes(`\`\`\`js\n${readFileSync(path, 'utf8')}\`\`\``));
	assert.ok(readme.includes(`\`\`\`\n${output}\`\`\``), output);
});

test('the example of Command runs and prints what the README says', () => {
	mkdirSync(join(place.folder, 'bin'));
	const name = place.write('bin/net-blocklist', `#!/bin/sh\nexec '${process.execPath}' '${commandPath}' "$@"\n`);
	chmodSync(join(place.folder, name), 0o755);
	const path = example('command.sh');
	const env = { ...process.env, PATH: `${join(place.folder, 'bin')}:${process.env['PATH']}` };
	// Its last command finds a difference, and ends with 1.
	const output = execFileSync('sh', ['-c', `. '${path}' || [ $? = 1 ]`], { cwd: place.folder, env, encoding: 'utf8' });
	assert.ok(readme.includes(`\`\`\`sh\n${readFileSync(path, 'utf8')}\`\`\``));
	assert.ok(readme.includes(`\`\`\`\n${output}\`\`\``), output);
});

test.run();
