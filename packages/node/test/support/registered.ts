/** Programs that run in a process of their own, with and without `@net/node/register` before them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** How a program is told to register; `plain` is Node as it is. */
export type How = 'import' | 'require' | 'options' | 'plain';

const arguments_: Record<How, string[]> = {
	import: ['--import', '@net/node/register'],
	require: ['--require', '@net/node/register'],
	options: [],
	plain: [],
};

export interface Ran {
	stdout: string;
	stderr: string;
}

/**
 * Runs test/programs/register/`name` to its end.
 * @throws Error when it fails, with what it printed.
 */
export async function run(name: string, how: How, env: NodeJS.ProcessEnv = {}, more: string[] = []): Promise<Ran> {
	const file = fileURLToPath(new URL(`../programs/register/${name}`, import.meta.url));
	const { NET_LOOP_DRIVER } = process.env;
	return promisify(execFile)(process.execPath, [...arguments_[how], ...more, file], {
		// The package finds itself by its name here.
		cwd: fileURLToPath(new URL('../..', import.meta.url)),
		env: {
			PATH: process.env['PATH'],
			...(NET_LOOP_DRIVER === undefined ? undefined : { NET_LOOP_DRIVER }),
			...(how === 'options' ? { NODE_OPTIONS: '--import @net/node/register' } : undefined),
			...env,
		},
	});
}

/** What a program prints as JSON. */
export async function report(name: string, how: How, env?: NodeJS.ProcessEnv): Promise<unknown> {
	return JSON.parse((await run(name, how, env)).stdout);
}

/** Nothing is registered over the portable driver, which stands on what would be replaced. */
export const isPortable: boolean = process.env['NET_LOOP_DRIVER'] === 'portable';
