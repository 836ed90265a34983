/** Real lists, which lie beside the repository on some machines, and tools of others to compare with. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { skip } from '@tooling/test';

const folder = fileURLToPath(new URL('../../../../../shared/data/lists/', import.meta.url));

/** The path of a list; skips the test where it is not there. */
export function realList(name: string): string {
	if (!existsSync(folder + name))
		skip(`${name} is not there: real lists lie in shared/data/lists beside the repository`);
	return folder + name;
}

/**
 * Runs a shell's script; skips the test where the program that it calls is missing.
 * @param list - the script's `$1`.
 */
export function ask(program: string, script: string, list: string): string {
	if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) skip(`${program} is not installed`);
	const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-ec', script, 'bash', list], {
		encoding: 'utf8',
		maxBuffer: 2 ** 28,
		timeout: 50_000,
		env: { ...process.env, LC_ALL: 'C' },
	});
	if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 2000)}`);
	return stdout;
}
