/** Runs scenarios of one subject on one target in child processes and reads their traces. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Entry } from './program.ts';
import type { Scenario } from './scenario.ts';
import type { Target } from './target.ts';
import type { Trace } from './trace.ts';

const program = fileURLToPath(new URL('./program.js', import.meta.url));

/** What a child process left. */
interface Ended {
	readonly traces: Map<number, Lanes>;
	/** Scenarios that began and did not end: at most one. */
	readonly unfinished: number | undefined;
	readonly end: string;
	readonly output: string;
	readonly errors: string;
}

type Lanes = Record<string, string[]>;

/**
 * Runs `chosen` on `target`: those that share, in one process; a process that dies in the middle is followed by another
 * one for the rest.
 * @param scenarios - all of the subject, in the order of their registration.
 */
export async function run(
	subject: string,
	scenarios: readonly Scenario[],
	chosen: ReadonlySet<Scenario>,
	target: Target,
): Promise<Map<Scenario, Trace>> {
	const traces = new Map<Scenario, Trace>();
	const shared: number[] = [];
	const own: number[] = [];
	for (const [index, found] of scenarios.entries()) {
		if (chosen.has(found)) (found.options.process === 'own' ? own : shared).push(index);
	}
	const keep = (index: number, trace: Lanes): void => {
		const found = scenarios[index];
		if (found !== undefined) traces.set(found, trace);
	};
	let rest = shared;
	while (rest.length > 0) {
		const ended = await start(subject, rest, target, target.limit * rest.length);
		for (const [index, trace] of ended.traces) keep(index, trace);
		const done = rest.findIndex((index) => !ended.traces.has(index));
		if (done < 0) break;
		// Died before the first one began, or while one ran: that one has the blame, the rest goes on.
		const blamed = ended.unfinished ?? rest[done];
		if (blamed === undefined) break;
		const trace = ended.traces.get(blamed) ?? {};
		keep(blamed, { ...trace, process: [`the shared process ended: ${ended.end}`, ...tellingLines(ended.errors)] });
		rest = rest.slice(rest.indexOf(blamed) + 1);
	}
	for (const index of own) {
		const ended = await start(subject, [index], target, target.limit);
		const trace: Lanes = { ...ended.traces.get(index), process: [ended.end] };
		if (ended.output !== '') trace['stdout'] = lines(ended.output);
		const told = tellingLines(ended.errors);
		if (told.length > 0) trace['stderr'] = told;
		keep(index, trace);
	}
	return traces;
}

async function start(subject: string, indices: readonly number[], target: Target, limit: number): Promise<Ended> {
	const folder = mkdtempSync(join(tmpdir(), 'net-conformance-'));
	const file = join(folder, 'trace');
	writeFileSync(file, '');
	// Deno resolves the packages of a program only where there is one.
	writeFileSync(join(folder, 'package.json'), '{}\n');
	const values = [
		subject,
		target.module,
		file,
		join(folder, 'sockets'),
		String(target.limit / 2),
		...indices.map(String),
	];
	try {
		// Leader of a group: the processes that scenarios start are in it, and end with it.
		const child = spawn(target.node.path, [...(target.node.options ?? []), program, ...values], {
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...cleanEnvironment(), ...target.environment },
			detached: true,
		});
		const stop = (): void => killGroup(child.pid);
		process.once('exit', stop);
		let output = '';
		let errors = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
		let killed = false;
		const timer = setTimeout(() => {
			killed = true;
			stop();
		}, limit);
		child.once('exit', stop);
		const end = await new Promise<string>((resolve) => {
			child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
		});
		clearTimeout(timer);
		process.off('exit', stop);
		return { ...read(file), end: killed ? 'killed: not over in time' : end, output, errors };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function killGroup(leader: number | undefined): void {
	if (leader === undefined) return;
	try {
		process.kill(-leader, 'SIGKILL');
	} catch {
		// All of it has ended.
	}
}

function read(file: string): Pick<Ended, 'traces' | 'unfinished'> {
	const traces = new Map<number, Lanes>();
	let current: Lanes = {};
	let unfinished: number | undefined;
	for (const line of readFileSync(file, 'utf8').split('\n')) {
		if (line === '') continue;
		const entry: Entry = JSON.parse(line);
		if ('begin' in entry) {
			current = {};
			unfinished = entry.begin;
			traces.set(entry.begin, current);
		} else if ('end' in entry) unfinished = undefined;
		else (current[entry.lane] ??= []).push(entry.line);
	}
	if (unfinished === undefined) return { traces, unfinished };
	return { traces, unfinished };
}

/** What could change a Node's behaviour is not handed down. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
	const environment = { ...process.env };
	for (const name of ['NODE_OPTIONS', 'NODE_DEBUG', 'NET_LOOP_DRIVER', 'NODE_V8_COVERAGE', 'FORCE_COLOR']) {
		delete environment[name];
	}
	environment['NO_COLOR'] = '1';
	return environment;
}

function lines(text: string): string[] {
	return text.split('\n').filter((line) => line !== '');
}

/** The lines of stderr that say what went wrong; frames and excerpts of sources differ between versions. */
function tellingLines(text: string): string[] {
	return lines(text)
		.filter((line) => /^(Uncaught )?[\w.]*(Error|Exception)\b/.test(line) || /^\(node:\d+\)/.test(line))
		.map((line) => line.replace(/^\(node:\d+\)/, '(node:<pid>)').replace(/\d{5}/g, '<number>'));
}
