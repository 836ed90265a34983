/** Building: TypeScript by turbo, the native driver where there is cargo. */
import { Stop, step } from './output.mjs';
import { capture, hasCargo, turbo } from './workspace.mjs';

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
		console.log(
			'- native driver: cargo is missing, the portable driver serves (Rust from your system or rustup adds it)',
		);
		return;
	}
	await step('build the native driver', async () => {
		const { code, output } = await capture(...turbo('run', 'build:native', '--output-logs=full'));
		if (code !== 0) throw new Stop(`the native build failed:\n${output}`, 'see the compiler errors above');
		const note = /native driver: not built.*/.exec(output);
		if (note) console.log(`- ${note[0]}`);
	});
}
