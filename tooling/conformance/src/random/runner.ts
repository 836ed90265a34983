/** Runs sequences on a target in child processes; one that dies has the sequence that killed it, and the rest goes on. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from '../runner.ts';
import type { Target } from '../target.ts';
import type { Trace } from '../trace.ts';
import type { Sequence } from './sequence.ts';

const program = fileURLToPath(new URL('./program.js', import.meta.url));
/** So many sequences a process: enough that its start does not count, few enough that it does not grow old. */
const batch = 500;
/** A process that says nothing for so many ms hangs. Far more than any sequence needs, also on a machine that is busy. */
const patience = 60_000;

export async function run(
	sequences: readonly Sequence[],
	target: Target,
	progress: (count: number) => void = () => {},
): Promise<Trace[]> {
	const traces: Trace[] = [];
	while (traces.length < sequences.length) {
		const rest = sequences.slice(traces.length, traces.length + batch);
		const end = await start(rest, target, (trace) => {
			traces.push(trace);
			progress(1);
		});
		if (end === undefined) continue;
		traces.push({ process: [`the process ended: ${end}`] });
		progress(1);
	}
	return traces;
}

/** @returns how the process ended, if it did so before all was done. */
async function start(
	sequences: readonly Sequence[],
	target: Target,
	done: (trace: Trace) => void,
): Promise<string | undefined> {
	const folder = mkdtempSync(join(tmpdir(), 'net-random-'));
	const file = join(folder, 'sequences');
	writeFileSync(file, JSON.stringify(sequences));
	try {
		const child = spawn(target.node.path, ['--no-warnings', program, target.module, file, join(folder, 's')], {
			stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
			env: { ...cleanEnvironment(), ...target.environment },
		});
		const stop = (): void => void child.kill('SIGKILL');
		process.once('exit', stop);
		let errors = '';
		child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-10_000)));
		const pipe = child.stdio[3];
		if (!(pipe instanceof Readable)) throw new Error('no pipe from the child process');
		let count = 0;
		let timer = setTimeout(stop, patience);
		createInterface({ input: pipe }).on('line', (line) => {
			timer.refresh();
			count++;
			const trace: Trace = JSON.parse(line);
			done(trace);
		});
		const end = await new Promise<string>((resolve) => {
			child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
		});
		clearTimeout(timer);
		process.off('exit', stop);
		if (count >= sequences.length) return undefined;
		return [end, ...errors.split('\n').filter((line) => /Error|panic/.test(line))].join(' | ');
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
