/** What `npm run programs` does not understand. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const program = fileURLToPath(new URL('../run.mjs', import.meta.url));

const test = suite('Arguments');

test('what is not there is refused in one line', () => {
	const wrong: [args: string[], says: RegExp][] = [
		[['--nonsense'], /Unknown option '--nonsense'/],
		[['--node', '20,19'], /--node 19: there are 20, 22, 24, 26/],
		[['--mode', 'nonsense'], /--mode nonsense: there are plain, ours/],
		[['--mode'], /'--mode <value>' argument missing/],
		[['expres'], /no program expres/],
	];
	for (const [args, says] of wrong) {
		const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
		assert.match(stderr, says);
		assert.match(stderr, /^programs: .*; --help says more\n$/);
		assert.is(stdout, '');
		assert.is(status, 2);
	}
});

test('--help says what there is', () => {
	const { status, stdout } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
	assert.is(status, 0);
	for (const word of ['--node', '--mode', 'express']) assert.match(stdout, word);
});

test.run();
