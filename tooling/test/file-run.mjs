/** One test file in a process of its own, and the verdict on it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a file may take, in seconds, and the most that it may ask for by a line `// net-test: limit 120 s`. */
const LIMIT = 60;
const LONGEST_LIMIT = 600;
/** A process ends itself at its limit and says where it stood; one that cannot is killed so many seconds later. */
const MARGIN = 5;
/** What is kept of a process' output. */
const OUTPUT_BYTES = 256 * 1024;

const child = fileURLToPath(new URL('./child.mjs', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** Groups of processes that run now, to be ended with this one. */
const running = new Set();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
	process.once(signal, () => {
		for (const pid of running) endGroup(pid);
		process.exit(1);
	});
}

/**
 * @typedef {import('./counts.mjs').Counts & { problems: string[], skips: string[], output: string, seconds: number }} Verdict
 */

/**
 * @param {string} file - absolute path.
 * @param {{ node: string, driver?: string | undefined }} options
 * @returns {Promise<Verdict>}
 */
export async function runFile(file, { node, driver }) {
	const started = performance.now();
	const folder = mkdtempSync(join(tmpdir(), 'net-test-'));
	const report = join(folder, 'report.json');
	const limit = limitOf(readFileSync(file, 'utf8'));
	try {
		/** @type {NodeJS.ProcessEnv} */
		const env = { ...process.env, NET_TEST_REPORT: report, NET_TEST_LIMIT: String(limit * 1000), FORCE_COLOR: '0' };
		// A test run started by a test must not add to the counts of the outer one.
		delete env['NET_TEST_COUNTS'];
		delete env['NODE_OPTIONS'];
		if (driver === undefined) delete env['NET_LOOP_DRIVER'];
		else env['NET_LOOP_DRIVER'] = driver;
		const { code, signal, output, timedOut } = await runProcess(node, ['--import', tsx, child, file], env, limit);
		const verdict = judge(readReport(report));
		if (timedOut) verdict.problems.push(`killed after its limit of ${limit} s: the thread was blocked`);
		else if (signal !== null) verdict.problems.push(`killed by ${signal}`);
		else if (code !== 0 && verdict.problems.length === 0) verdict.problems.push(`exit code ${code}`);
		// A failure that no test stands for counts as one.
		const failed = verdict.failed + (verdict.problems.length > 0 && verdict.failed === 0 ? 1 : 0);
		return { ...verdict, failed, output, seconds: (performance.now() - started) / 1000 };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** @param {string} source - of a test file. */
export function limitOf(source) {
	const asked = /^\/\/ net-test: limit (\d+) s$/m.exec(source);
	return asked === null ? LIMIT : Math.min(Math.max(Number(asked[1]), 1), LONGEST_LIMIT);
}

/** @param {any} report - what the process left, or undefined. */
function judge(report) {
	const counts = { passed: 0, failed: 0, skipped: 0 };
	/** @type {string[]} */
	const skips = [];
	if (report === undefined) return { ...counts, skips, problems: ['the process left no report'] };
	/** @type {string[]} */
	const problems = [...report.problems];
	const waiting = [];
	for (const suite of report.suites) {
		for (const { title, state, reason } of suite.entries) {
			if (state === 'passed') counts.passed++;
			else if (state === 'skipped') counts.skipped++;
			else counts.failed++;
			if (state === 'skipped') skips.push(`${suite.name} › ${title}: ${reason}`);
			if (state === 'waiting') waiting.push(`${suite.name} › ${title}`);
		}
	}
	if (waiting.length > 0) problems.push(`did not run: ${waiting.join(', ')}`);
	return { ...counts, skips, problems };
}

/** @param {string} path */
function readReport(path) {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return undefined;
	}
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limit - seconds
 * @returns {Promise<{ code: number | null, signal: string | null, output: string, timedOut: boolean }>}
 */
function runProcess(command, args, env, limit) {
	return new Promise((resolve, reject) => {
		// A group of its own, so that what the tests started ends with them.
		const started = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
		const { pid } = started;
		running.add(pid);
		let output = '';
		let timedOut = false;
		const keep = (/** @type {string} */ text) => {
			output = (output + text).slice(-OUTPUT_BYTES);
		};
		started.stdout.setEncoding('utf8').on('data', keep);
		started.stderr.setEncoding('utf8').on('data', keep);
		const timer = setTimeout(
			() => {
				timedOut = true;
				endGroup(pid);
			},
			(limit + MARGIN) * 1000,
		);
		started.on('error', reject);
		started.on('exit', () => {
			clearTimeout(timer);
			running.delete(pid);
			endGroup(pid);
		});
		started.on('close', (code, signal) => resolve({ code, signal, output, timedOut }));
	});
}

/** @param {number | undefined} pid */
function endGroup(pid) {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nobody is left in the group, as it should be.
	}
}
