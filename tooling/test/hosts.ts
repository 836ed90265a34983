/** Other programs that run JavaScript: Node 26, whose behaviour is the one to have, Bun and Deno. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { skip } from './skip.ts';

const files = {
	'Node 26': { path: 'node26/bin/node', options: [] },
	Bun: { path: '@oven/bun-linux-x64/bin/bun', options: [] },
	Deno: { path: '@deno/linux-x64-glibc/deno', options: ['run', '--quiet', '--no-lock', '--allow-all'] },
} as const;

/**
 * The command that runs a program on a host, up to the program's name; skips the test where the host is not installed.
 * Deno keeps what it compiled in `DENO_DIR`.
 */
export function hostCommand(host: keyof typeof files): [command: string, ...options: string[]] {
	const { path, options } = files[host];
	const command = fileURLToPath(new URL(`../nodes/node_modules/${path}`, import.meta.url));
	if (!existsSync(command)) skip(`${host} is not installed (tooling/nodes has it for Linux on x64)`);
	return [command, ...options];
}

/**
 * Runs a script on Node 26; skips the test where there is none.
 * @param script - `new URL('./oracle/<name>.ts', import.meta.url)`.
 * @param input - for its stdin.
 * @returns what it printed, which is JSON.
 */
export function askNode26(script: URL, args: readonly string[] = [], input = ''): unknown {
	const [command] = hostCommand('Node 26');
	const output = execFileSync(command, [fileURLToPath(script), ...args], {
		input,
		env: { ...process.env, NODE_OPTIONS: '' },
		encoding: 'utf8',
		// Warnings are nobody's business; after a failure they are in the error.
		stdio: 'pipe',
		maxBuffer: 2 ** 28,
		timeout: 50_000,
	});
	return JSON.parse(output);
}
