/** Children of scenarios: programs in which `net` is the module under test. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Recorder } from '../../src/recorder.ts';

export interface Child {
	readonly output: string;
	readonly errors: string;
	readonly end: string;
}

/** The program as a file of the scenario's own. */
export function fileOf(recorder: Recorder, program: string): string {
	const file = recorder.path('child.mjs');
	const opening = `const imported = await import(${JSON.stringify(recorder.moduleUrl)}); const net = imported.default ?? imported;`;
	writeFileSync(file, `${opening}\n${program}`);
	return file;
}

/** What a shell is told; Deno asks for its permissions there. */
function commandOf(file: string): string {
	const options = 'deno' in process.versions ? ' run --quiet --no-lock --allow-all' : '';
	return `"${process.execPath}"${options} "${file}"`;
}

/**
 * Runs a program and tells how it ended.
 * @param extra - its descriptors from 3 on.
 * @param shell - makes a command line of the one that runs the program.
 */
export async function childWith(
	recorder: Recorder,
	extra: readonly unknown[],
	program: string,
	shell?: (command: string) => string,
): Promise<Child> {
	const file = fileOf(recorder, program);
	const command = commandOf(file);
	const [name, parameters] = shell === undefined ? [process.execPath, [file]] : ['sh', ['-c', shell(command)]];
	const options: Record<string, unknown> = { stdio: ['ignore', 'pipe', 'pipe', ...extra] };
	const child = spawn(name, parameters, options);
	let output = '';
	let errors = '';
	child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	const [code, signal] = await recorder.once(child, 'close');
	return { output, errors, end: `${String(code)} ${String(signal)}` };
}

/** Runs a program by another one, and returns what that printed. */
export async function printed(
	recorder: Recorder,
	program: string,
	runner: (command: string) => [string, string[]],
): Promise<string> {
	const [name, parameters] = runner(commandOf(fileOf(recorder, program)));
	const child = spawn(name, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await recorder.once(child, 'close');
	return output;
}

/**
 * Runs a program that tells what it sees, by `tell`, in lines of JSON. It knows `net`, `once`, and `folder`, of the scenario's own.
 * @param extra - its descriptors from 3 on.
 * @returns the lines, in which the folder is `<tmp>`, and the exit code.
 */
export async function told(
	recorder: Recorder,
	program: string,
	extra: readonly unknown[] = [],
): Promise<{ lines: string[]; code: unknown }> {
	const folder = dirname(recorder.path('child.mjs'));
	const file = fileOf(
		recorder,
		`import { once } from 'node:events';
		const folder = ${JSON.stringify(folder)};
		const tell = (...values) => console.log(...values.map((value) => JSON.stringify(value)));
		${program}`,
	);
	const options: Record<string, unknown> = { stdio: ['ignore', 'pipe', 'inherit', ...extra] };
	const child = spawn(process.execPath, [file], options);
	let output = '';
	child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const [code] = await recorder.once(child, 'close');
	const lines = output.split('\n').filter((line) => line !== '');
	return { lines: lines.map((line) => line.replaceAll(folder, '<tmp>')), code };
}
