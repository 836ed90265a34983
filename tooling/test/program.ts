/** A program in a process of its own, as a person at a terminal has it: what it prints, signals, its exit code. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { skip } from './skip.ts';

export interface Program {
	/** Resolves with the first match in what it printed so far or prints later; rejects when it ends without. */
	says(pattern: RegExp): Promise<RegExpExecArray>;
	/** Resolves with the exit code, null after a signal. */
	readonly ended: Promise<number | null>;
	/** All that it printed, on both streams, in the order in which it came. */
	output(): string;
	kill(signal: NodeJS.Signals): void;
	/** Writes to its standard input and ends that; without it, it waits there for ever. */
	input(text: string): void;
	/** Ends it, however it is; resolves when it is gone: `await using program = startProgram(…)`. */
	[Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts one of Node's programs by the Node that runs the test, without the loader that does.
 * @param env - on top of this process' own.
 */
export function startProgram(
	file: string,
	parameters: readonly (string | number)[] = [],
	env: NodeJS.ProcessEnv = {},
): Program {
	return startCommand([process.execPath, file, ...parameters], env);
}

/** Starts any program; skips the test where it is not installed. */
export function startCommand(words: readonly (string | number)[], env: NodeJS.ProcessEnv = {}): Program {
	const [command = '', ...parameters] = words.map(String);
	if (spawnSync('sh', ['-c', `command -v '${command}'`]).status !== 0) skip(`${command} is not installed`);
	const child = spawn(command, parameters, {
		env: { ...process.env, NODE_OPTIONS: '', ...env },
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let output = '';
	let running = true;
	const lookers = new Set<() => void>();
	const look = (): void => {
		for (const each of [...lookers]) each();
	};
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			look();
		});
	}
	// It may be gone before it has read.
	child.stdin.on('error', () => {});
	const ended = once(child, 'close').then(([code]) => {
		running = false;
		look();
		return typeof code === 'number' ? code : null;
	});
	return {
		says: (pattern) =>
			new Promise((resolve, reject) => {
				const check = (): void => {
					const found = pattern.exec(output);
					if (!found && running) return;
					lookers.delete(check);
					if (found) resolve(found);
					else reject(new Error(`${words.join(' ')} ended without ${pattern}:\n${output}`));
				};
				lookers.add(check);
				check();
			}),
		ended,
		output: () => output,
		kill: (signal) => void child.kill(signal),
		input: (text) => void child.stdin.end(text),
		async [Symbol.asyncDispose]() {
			child.kill('SIGKILL');
			await ended;
		},
	};
}
