/** Small programs in processes of their own, with a limit. */
import type { StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from './waiter.ts';

export interface Outcome {
	code: number | null;
	signal: string | null;
	stdout: string;
	stderr: string;
}

/**
 * Runs `programs/<name>.mjs`.
 * @param extra - what the program finds as descriptor 3 and on.
 * @param environment - on top of this process' own; undefined removes.
 */
export async function runProgram(
	name: string,
	parameters: (string | number)[] = [],
	extra: Exclude<StdioOptions, string> = [],
	environment: Record<string, string | undefined> = {},
): Promise<Outcome> {
	return runFile([process.execPath], programFile(name), parameters, extra, environment);
}

export function programFile(name: string): string {
	return fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));
}

/** As `runProgram`, by another command and with any file. */
export async function runFile(
	[command = '', ...options]: readonly string[],
	file: string,
	parameters: (string | number)[] = [],
	extra: Exclude<StdioOptions, string> = [],
	environment: Record<string, string | undefined> = {},
): Promise<Outcome> {
	const child = spawn(command, [...options, file, ...parameters.map(String)], {
		env: { ...process.env, ...environment },
		stdio: ['ignore', 'pipe', 'pipe', ...extra],
	});
	const outcome: Outcome = { code: null, signal: null, stdout: '', stderr: '' };
	child.stdout?.on('data', (chunk) => (outcome.stdout += chunk));
	child.stderr?.on('data', (chunk) => (outcome.stderr += chunk));
	const closed = new Promise<void>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => {
			Object.assign(outcome, { code, signal });
			resolve();
		});
	});
	try {
		await within(closed, `${file} ${parameters.join(' ')}`, () => outcome.stdout + outcome.stderr);
	} finally {
		child.kill('SIGKILL');
	}
	return outcome;
}
