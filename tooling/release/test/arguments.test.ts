/** What the scripts of a release, and pack, do not understand. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('Arguments');

function run(script: string, args: string[]): { status: number | null; stdout: string; stderr: string } {
	const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
	return spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
}

const wrong: [script: string, args: string[], says: RegExp][] = [
	['build-native.mjs', ['--nonsense'], /Unknown option '--nonsense'/],
	['build-native.mjs', ['--platform', 'nonsense'], /no platform 'nonsense'; there are: all, linux-arm64-gnu, /],
	['publish.mjs', [], /name one folder/],
	['publish.mjs', ['/nowhere', '--dry'], /Unknown option '--dry'/],
	['sizes.mjs', ['/nowhere'], /there is no folder \/nowhere/],
	['smoke.mjs', [], /name the folder/],
	['smoke.mjs', ['/nowhere', 'natve'], /no driver natve: native or portable/],
	['../run/pack.mjs', ['--nonsense'], /Unknown option '--nonsense'/],
];

test('what is not there is refused in one line', () => {
	for (const [script, args, says] of wrong) {
		const { status, stdout, stderr } = run(script, args);
		assert.match(stderr, says);
		assert.match(stderr, /^✘ [\w-]+\.mjs: .*; --help says more\n$/);
		assert.is(stdout, '');
		assert.is(status, 2);
	}
});

test('--help prints how a script is called', () => {
	for (const script of new Set(wrong.map(([name]) => name))) {
		const { status, stdout } = run(script, ['--help']);
		assert.match(stdout, /^ {4}(?:node )?[\w-]+/m);
		assert.is(status, 0);
	}
});

test.run();
