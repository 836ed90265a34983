/**
 * Where a contender spends its time under the load of a case: V8's profile of its JavaScript, and, where `perf` may be used,
 * of everything down to the kernel. The files stay in results/ for flame graphs.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './children.mjs';
import { ask, contenders, startServer } from './contenders.mjs';
import { reasonOf } from './load.mjs';
import { formatNumber, formatTable, showProgress } from './output.mjs';

const results = join(import.meta.dirname, 'results');
const LINES = 30;
const PERF_LINES = 60;

/** So that code is compiled. */
const WARMUP_SECONDS = 2;

/**
 * @typedef {object} Subject
 * @property {import('./contenders.mjs').Contender} contender
 * @property {import('./rounds.mjs').Plan} plan
 * @property {number} seconds
 * @property {import('./machine.mjs').Cores} cores
 * @property {string} file - without its ending.
 */

/**
 * @param {import('./load.mjs').Case} one
 * @param {string} name - of a contender.
 * @param {import('./arguments.mjs').Settings} settings
 * @param {import('./load.mjs').Surroundings} surroundings
 * @returns {Promise<string>} tables for a person.
 */
export async function profileCase(one, name, settings, surroundings) {
	const contender = contenders.find((found) => found.name === name);
	if (contender === undefined) throw new Error(`no contender is called ${name}`);
	const plan = (await one.plan?.(settings, surroundings)) ?? 'it puts no load on a server that could be looked at';
	if (typeof plan === 'string') throw new Error(`${one.name} cannot be profiled: ${plan}`);
	mkdirSync(results, { recursive: true });
	const file = join(results, one.name === 'echo' ? name : `${one.name}-${name}`);
	/** @type {Subject} */
	const subject = { contender, plan, seconds: settings.seconds, cores: surroundings.cores, file };
	const parts = [];
	if (contender.node !== undefined) parts.push(await profileJavaScript(subject));
	try {
		parts.push(await profileAll(subject));
	} catch (error) {
		parts.push(`no profile by perf: ${reasonOf(error)}`);
	}
	await plan.end?.();
	return parts.join('\n\n');
}

/** @param {Subject} subject */
function start({ contender, plan: { mode, environment }, cores }) {
	return startServer(contender, { mode, core: cores.server, environment });
}

/** @param {Subject} subject */
async function profileJavaScript(subject) {
	const { contender, plan, seconds } = subject;
	showProgress(`${contender.name}: profile of its JavaScript`);
	const server = await start(subject);
	await plan.load(server, WARMUP_SECONDS);
	await ask(server, 'profile');
	const { units } = await plan.load(server, seconds);
	const profile = await ask(server, 'profile-end');
	await server.child.stop();
	const file = `${subject.file}.cpuprofile`;
	writeFileSync(file, JSON.stringify(profile));
	// The shape that V8's inspector protocol gives (Profiler.Profile).
	const lines = selfTimes(/** @type {Profile} */ (/** @type {unknown} */ (profile)));
	const rows = lines
		.slice(0, LINES)
		.map(({ place, share, time }) => [
			place,
			`${formatNumber(share * 100, 1)} %`,
			formatNumber((time * 1000) / units, units > 1e7 ? 3 : 0),
		]);
	const table = formatTable(['JavaScript, by self time', 'share', `ns/${plan.unit.name}`], rows);
	return `${contender.title}: V8's samples without idle time (${file})\n\n${table}`;
}

/**
 * @typedef {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number } }} ProfileNode
 * @typedef {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} Profile `timeDeltas` in µs
 */

/**
 * @param {Profile} profile
 * @returns {{ place: string, time: number, share: number }[]} by µs, the longest first; `share` is of what was not idle.
 */
export function selfTimes({ nodes, samples, timeDeltas }) {
	const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
	/** @type {Map<string, number>} */
	const times = new Map();
	let busy = 0;
	for (const [i, id] of samples.entries()) {
		const place = places.get(id) ?? '(unknown)';
		if (place === '(idle)') continue;
		// A delta is the time since the sample before; it is what the earlier sample lasted.
		const time = timeDeltas[i + 1] ?? 0;
		times.set(place, (times.get(place) ?? 0) + time);
		busy += time;
	}
	return [...times].map(([place, time]) => ({ place, time, share: time / busy })).sort((a, b) => b.time - a.time);
}

/** @param {ProfileNode['callFrame']} frame */
function placeOf({ functionName, url, lineNumber }) {
	const name = functionName === '' ? '(anonymous)' : functionName;
	return url === '' ? name : `${name}  ${url.replace(/^.*\/((?:[^/]*\/){2})/, '$1')}:${lineNumber + 1}`;
}

/** @param {Subject} subject */
async function profileAll(subject) {
	const { contender, plan, seconds, cores } = subject;
	if (spawnSync('perf', ['--version']).error !== undefined) throw new Error('there is no perf here');
	showProgress(`${contender.name}: profile of the whole process`);
	// Names of compiled JavaScript go to /tmp/perf-<pid>.map, where perf looks for them.
	const command = (/** @type {import('./contenders.mjs').Mode} */ mode) => {
		const [program = '', ...rest] = contender.command(mode);
		return [program, ...(contender.node === undefined ? [] : ['--perf-basic-prof-only-functions']), ...rest];
	};
	const server = await start({ ...subject, contender: { ...contender, command } });
	const file = `${subject.file}.perf`;
	try {
		await plan.load(server, WARMUP_SECONDS);
		const options = ['record', '-q', '-F', '1999', '-g', '-o', file, '-p', String(server.pid)];
		const perf = new Child('perf', ['perf', ...options, '--', 'sleep', String(seconds)], { core: cores.load });
		await plan.load(server, seconds);
		// It ends by itself with its `sleep`, and prints nothing then.
		await perf.line(seconds + 30).catch(() => {});
		const programs = perfReport(file, ['--sort', 'dso']);
		writePerfScript(file);
		const symbols = perfReport(file, ['--sort', 'symbol,dso', '--percent-limit', '0.4']);
		const title = `${contender.title}: the whole process by self time (stacks for a flame graph: ${file}.txt)`;
		return [title, programs.slice(0, 8).join('\n'), symbols.slice(0, PERF_LINES).join('\n')].join('\n\n');
	} finally {
		await server.child.stop();
		rmSync(`/tmp/perf-${server.pid}.map`, { force: true });
	}
}

/**
 * All stacks as text, which is what programs for flame graphs read; the names of compiled JavaScript can't be had later.
 * @param {string} file
 */
function writePerfScript(file) {
	const output = openSync(`${file}.txt`, 'w');
	spawnSync('perf', ['script', '-i', file], { stdio: ['ignore', output, 'ignore'] });
	closeSync(output);
}

/**
 * @param {string} file
 * @param {string[]} options
 * @returns {string[]} the lines with a share.
 */
function perfReport(file, options) {
	const command = ['report', '-i', file, '--stdio', '--no-children', '-g', 'none', ...options];
	const { stdout, stderr } = spawnSync('perf', command, { encoding: 'utf8', maxBuffer: 2 ** 28 });
	const lines = stdout.split('\n').filter((line) => /^\s+\d/.test(line));
	if (lines.length === 0) throw new Error(stderr.trim().split('\n').at(-1) || 'it took no samples');
	return lines.map((line) => line.replace(/[\s-]+$/, ''));
}
