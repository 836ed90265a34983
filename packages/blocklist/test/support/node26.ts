/** Node 26, whose behaviour is the one to have: runs a script of test/oracle on it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { skip } from '@tooling/test';

const node26 = fileURLToPath(new URL('../../../../tooling/nodes/node_modules/node26/bin/node', import.meta.url));

/**
 * Runs `test/oracle/<name>.ts`; skips the test where there is no Node 26.
 * @returns what it printed, which is JSON.
 */
export function askNode26(name: string, args: readonly string[] = [], input = ''): unknown {
	if (!existsSync(node26)) skip('Node 26 is not installed');
	const script = fileURLToPath(new URL(`../oracle/${name}.ts`, import.meta.url));
	const env = { ...process.env, NODE_OPTIONS: '' };
	const output = execFileSync(node26, [script, ...args], {
		input,
		env,
		encoding: 'utf8',
		maxBuffer: 2 ** 28,
		timeout: 50_000,
	});
	return JSON.parse(output);
}
