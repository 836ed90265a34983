/** One program in a process of its own, with a witness, and the verdict on it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preloads } from './modes.mjs';

/** A program takes a second or two, thirty where forty others want the processor; one that has not ended by now never will. */
const LIMIT_MS = 120_000;
/** What is kept of its output, in characters. */
const OUTPUT_LIMIT = 64 * 1024;

/** The package, from where a program's preloads are resolved as from a user's. */
const home = fileURLToPath(new URL('../', import.meta.url));

/**
 * @typedef {object} Run
 * @property {number | null} code - exit code; null after a signal.
 * @property {boolean} timedOut
 * @property {string} stdout
 * @property {string} stderr
 * @property {string[]} left - files that it left in its temporary folder.
 * @property {import('../witness.mjs').Testimony | undefined} testimony - undefined where the process did not come to its end.
 * @property {number} seconds
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends the programs that run now. */
export function endPrograms() {
	for (const child of running) child.kill('SIGKILL');
}

/**
 * Runs a program and says what is wrong with what it did.
 * @param {import('../catalogue.mjs').Program} program
 * @param {{ node: string, mode: import('./modes.mjs').Mode, environment?: Record<string, string> }} options
 * @returns {Promise<{ run: Run, problems: string[] }>}
 */
export async function runProgram(program, { node, mode, environment = {} }) {
	const limitMs = program.limitMs ?? LIMIT_MS;
	const folder = mkdtempSync(join(tmpdir(), 'net-programs-'));
	const testimony = join(folder, 'witness.json');
	const temporary = join(folder, 'tmp');
	mkdirSync(temporary);
	try {
		/** @type {NodeJS.ProcessEnv} */
		const env = { ...process.env, ...environment, PROGRAM_WITNESS: testimony, TMPDIR: temporary, FORCE_COLOR: '0' };
		delete env['NODE_OPTIONS'];
		delete env['NODE_ENV'];
		delete env['NET_LOOP_DRIVER'];
		// Forced, so that a driver that cannot be had is an error and not Node's sockets.
		if (mode === 'ours') env['NET_LOOP_DRIVER'] = 'native';
		const args = [...preloads(mode), '--import', './witness.mjs', `programs/${program.file}`];
		const run = await runNode(node, args, env, limitMs);
		run.left = readdirSync(temporary);
		run.testimony = readTestimony(testimony);
		return { run, problems: judge(program, mode, run) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * What speaks against a run, a line each.
 * @param {import('../catalogue.mjs').Program} program
 * @param {import('./modes.mjs').Mode} mode
 * @param {Run} run
 */
export function judge(program, mode, run) {
	/** @type {string[]} */
	const problems = [];
	if (run.timedOut) problems.push(`it did not end within ${(program.limitMs ?? LIMIT_MS) / 1000} s`);
	else if (run.code !== 0) problems.push(`exit code ${run.code}`);
	// A process whose event loop runs dry before the work is done ends with 0 as well.
	else if (!/^ok: .+$/.test(run.stdout.trimEnd().split('\n').at(-1) ?? ''))
		problems.push('its last line is not "ok: …"');
	if (run.left.length > 0) problems.push(`it left ${run.left.join(', ')} in its temporary folder`);
	if (run.testimony === undefined) problems.push('the witness left no testimony');
	else problems.push(...(mode === 'plain' ? plainProblems(run.testimony) : ourProblems(program, run.testimony)));
	return problems;
}

/** @param {import('../witness.mjs').Testimony} testimony */
function plainProblems({ clients, servers, foreign, nodeHandles }) {
	const ours = clients.sockets + servers.sockets;
	if (ours > 0) return [`${ours} sockets are ours without register`];
	// Older Nodes announce a socket of `net.connect()` only, and not one of `new net.Socket()`.
	return foreign === 0 && Object.keys(nodeHandles).length === 0 ? ['the witness saw no socket at all'] : [];
}

/**
 * @param {import('../catalogue.mjs').Program} program
 * @param {import('../witness.mjs').Testimony} testimony
 */
function ourProblems(program, { clients, servers, foreign, nodeHandles }) {
	/** @type {string[]} */
	const problems = [];
	const atLeast = (/** @type {string} */ what, /** @type {number} */ found, /** @type {number} */ expected) => {
		if (found < expected) problems.push(`${what}: ${found}, but at least ${expected} are expected`);
	};
	atLeast('client sockets of ours', clients.sockets, program.clients);
	atLeast('accepted sockets of ours', servers.sockets, program.servers);
	atLeast('bytes that they read', clients.bytesRead + servers.bytesRead, program.bytes);
	if (program.nodesOwn !== undefined) return problems;
	if (foreign > 0) problems.push(`${foreign} sockets are of another class`);
	const handles = Object.entries(nodeHandles).map(([kind, count]) => `${count} ${kind}`);
	if (handles.length > 0) problems.push(`Node's own handles were made: ${handles.join(', ')}`);
	return problems;
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limitMs
 * @returns {Promise<Run>}
 */
function runNode(node, args, env, limitMs) {
	return new Promise((resolve, reject) => {
		const started = performance.now();
		const child = spawn(node, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
		running.add(child);
		const output = { stdout: '', stderr: '' };
		for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
			child[stream].setEncoding('utf8').on('data', (text) => {
				output[stream] = (output[stream] + text).slice(-OUTPUT_LIMIT);
			});
		}
		let timedOut = false;
		const timer = setTimeout(() => {
			timedOut = true;
			child.kill('SIGKILL');
		}, limitMs);
		child.on('error', reject);
		child.on('close', (code) => {
			clearTimeout(timer);
			running.delete(child);
			const seconds = (performance.now() - started) / 1000;
			resolve({ code, timedOut, ...output, left: [], testimony: undefined, seconds });
		});
	});
}

/** @param {string} file @returns {import('../witness.mjs').Testimony | undefined} */
function readTestimony(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}
