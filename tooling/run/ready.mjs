/** ready: all that must hold before a change is handed over; CI runs the same. Stops at the first step that fails. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from './build.mjs';
import { Stop, step } from './output.mjs';
import { test } from './test.mjs';
import { capture, hasCargo, pnpm, root, turbo } from './workspace.mjs';

const native = 'packages/loop/native/Cargo.toml';

/**
 * @typedef {{ name: string, command: [string, string[]], advice: string }} Check
 */

/** What needs nothing built. @returns {Check[]} */
const sourceChecks = () => [
	{ name: 'format', command: pnpm('exec', 'prettier', '--check', '.'), advice: 'run "npm run format"' },
	{ name: 'lint', command: pnpm('exec', 'oxlint', '--deny-warnings'), advice: 'mend what oxlint shows' },
	{
		name: 'boundaries',
		command: turbo('boundaries'),
		advice: 'a package may import only what turbo.json allows its tag, and what its package.json declares',
	},
];

/** What looks at the built packages. @returns {Check[]} */
const builtChecks = () => [
	{
		name: 'types of tests and tooling',
		command: pnpm('exec', 'tsc', '-p', 'tooling/tsconfig/checked.json'),
		advice: 'mend the types; sources are checked by the build',
	},
	{ name: 'unused code (knip)', command: pnpm('exec', 'knip'), advice: 'remove what is unused, or use it' },
];

/** What looks at a packed package. @param {string} file @returns {Check[]} */
const packedChecks = (file) => [
	{
		name: `package shape (publint) of ${basename(file)}`,
		command: pnpm('exec', 'publint', 'run', file, '--strict'),
		advice: 'mend its package.json',
	},
	{
		name: `types as users see them (attw) of ${basename(file)}`,
		command: pnpm('exec', 'attw', file, '--profile', 'esm-only'),
		advice: 'mend its exports',
	},
];

/** @returns {Check[]} */
const rustChecks = () => [
	{
		name: 'cargo fmt',
		command: ['cargo', ['fmt', '--manifest-path', native, '--all', '--check']],
		advice: 'run "npm run format"',
	},
	{
		name: 'clippy',
		command: ['cargo', ['clippy', '--locked', '--manifest-path', native, '--all-targets', '--', '-D', 'warnings']],
		advice: 'mend what clippy shows',
	},
];

/** @returns {Promise<number>} exit code */
export async function ready() {
	const before = await changes();
	for (const check of sourceChecks()) await run(check);
	await build();
	for (const check of builtChecks()) await run(check);
	await checkPacked();
	if (hasCargo()) for (const check of rustChecks()) await run(check);
	else if (process.env['CI']) throw new Stop('cargo is missing', 'CI must build and test the native driver');
	else console.log('- cargo is missing: Rust is neither formatted, linted nor tested here');
	await step('generated files unchanged', async () => {
		const after = await changes();
		if (after !== before) throw new Stop(`files changed while building:\n${after}`, 'commit what the build generates');
	});
	console.log('▸ test …');
	return await test();
}

/** @param {Check} check */
function run({ name, command, advice }) {
	return step(name, async () => {
		const { code, output } = await capture(...command);
		if (code !== 0) throw new Stop(`${name} failed:\n${output}`, advice);
	});
}

/** Packs, and checks each package but those that hold nothing but a binary. */
async function checkPacked() {
	const folder = mkdtempSync(join(tmpdir(), 'net-ready-'));
	try {
		await run({
			name: 'pack',
			command: [process.execPath, ['tooling/run/pack.mjs', folder]],
			advice: 'a package could not be packed: see above',
		});
		for (const file of readdirSync(folder)) {
			if (/^net-loop-\D/.test(file)) continue;
			for (const check of packedChecks(join(folder, file))) await run(check);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** What differs from the last commit, so that a build that changes a committed file, or leaves a new one, is seen. */
async function changes() {
	if (!existsSync(join(root, '.git'))) return '';
	const status = await capture('git', ['status', '--porcelain']);
	const diff = await capture('git', ['diff', 'HEAD']);
	return `${status.output}\n${diff.output}`;
}
