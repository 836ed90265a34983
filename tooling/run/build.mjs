/** Building: TypeScript by turbo, the native driver where there is cargo. */
import { spawnSync } from 'node:child_process';
import { Stop, step } from './output.mjs';
import { capture, hasCargo, nativeIsBuilt, pnpm, turbo } from './workspace.mjs';

/**
 * Builds what is missing or stale.
 * @param {{ only?: string }} [options] - `only`: a package with what it depends on; default: all.
 */
export async function build({ only } = {}) {
	const filter = only === undefined ? [] : [`--filter=${only}...`];
	await step('build packages', async () => {
		const { code, output } = await capture(...turbo('run', 'build', '--output-logs=errors-only', ...filter));
		if (code !== 0) throw new Stop(`the build failed:\n${output}`, 'see the compiler errors above');
	});
	if (!hasCargo()) {
		const serves = nativeIsBuilt() ? 'the one built earlier' : 'the portable driver';
		console.log(`- native driver: not built, cargo is missing; ${serves} serves`);
		return;
	}
	await step('build the native driver', async () => {
		const { code, output } = await capture(...turbo('run', 'build:native', '--output-logs=full'));
		if (code !== 0) throw new Stop(`the native build failed:\n${output}`, 'see the compiler errors above');
		const note = /native driver: not built.*/.exec(output);
		if (note) console.log(`- ${note[0]}`);
	});
}

/** Builds the binaries of all platforms, where there is what that takes: see tooling/release/build-native.mjs. */
export async function buildBinaries() {
	if (spawnSync('cargo-zigbuild', ['--version']).status !== 0) {
		console.log('- binaries of other platforms: not built, pip install -r tooling/release/requirements.txt');
		return;
	}
	await step('build the binaries of all platforms', async () => {
		const command = pnpm('--dir', 'packages/loop', 'exec', 'build-native', '--platform', 'all');
		const { code, output } = await capture(...command);
		if (code !== 0)
			throw new Stop(`a binary could not be built:\n${output}`, 'has rustup the targets? see release.yml');
	});
}
