/** The workspace: where it is, whether its packages are installed, and how its programs are run. */
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, root } from '../release/packages.mjs';
import { Stop, step } from './output.mjs';

export { root };

const OLDEST_NODE = [20, 19];
/** Holds the hash of the lock file that was installed last. */
const stamp = join(root, 'node_modules/.installed-lock');
const lock = join(root, 'pnpm-lock.yaml');
const manager = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;

/** Installs what the lock file names, where that was not done yet. */
export async function install() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
	if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
		throw new Stop(`Node ${process.versions.node} is too old`, `install Node ${OLDEST_NODE.join('.')} or newer`);
	}
	const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
	await step(`install packages by ${manager}`, async () => {
		const { code, output } = await capture(...pnpm('install', '--frozen-lockfile', '--reporter=append-only'));
		if (code !== 0) throw new Stop(`the install failed:\n${output}`, installAdvice(output));
	});
	writeFileSync(stamp, wanted);
}

/**
 * The command line of the pinned pnpm, which need not be on the machine: npx fetches it once.
 * @param {string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function pnpm(...args) {
	return ['npx', ['--yes', '--loglevel=error', manager, ...args]];
}

/**
 * turbo runs the scripts of packages by a pnpm on PATH: `pnpm exec` puts it there.
 * @param {string[]} args
 */
export function turbo(...args) {
	return pnpm('exec', 'turbo', ...args);
}

/**
 * Runs a program with its output here.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] - added to this process'.
 * @returns {Promise<number>} exit code; a signal counts as 1.
 */
export function show(command, args, env = {}) {
	return new Promise((resolve, reject) => {
		const started = spawn(command, args, { cwd: root, env: environment(env), stdio: 'inherit' });
		started.on('error', (error) => reject(missing(command, error)));
		started.on('close', (code) => resolve(code ?? 1));
	});
}

/**
 * Runs a program and keeps its output.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function capture(command, args, env = {}) {
	return new Promise((resolve, reject) => {
		const started = spawn(command, args, { cwd: root, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		started.stdout.setEncoding('utf8').on('data', (text) => (output += text));
		started.stderr.setEncoding('utf8').on('data', (text) => (output += text));
		started.on('error', (error) => reject(missing(command, error)));
		started.on('close', (code) => resolve({ code: code ?? 1, output: output.trimEnd() }));
	});
}

export function hasCargo() {
	return spawnSync('cargo', ['--version']).status === 0;
}

/** Whether a binary of the native driver lies in one of its packages. */
export function nativeIsBuilt() {
	const binaries = packages().filter(({ folder }) => folder.includes('/npm/'));
	return binaries.some(({ folder }) => readdirSync(join(root, folder)).some((file) => file.endsWith('.node')));
}

/** @param {NodeJS.ProcessEnv} added */
function environment(added) {
	return { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', ...added };
}

/**
 * @param {string} command
 * @param {Error} error
 */
function missing(command, error) {
	return new Stop(`cannot run ${command}: ${error.message}`, `is ${command} installed and on PATH?`);
}

/** @param {string} output */
function installAdvice(output) {
	if (/OUTDATED_LOCKFILE|not up to date/i.test(output)) {
		return `a package.json changed: run "npx ${manager} install" and commit pnpm-lock.yaml`;
	}
	if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(output))
		return 'is the package registry within reach?';
	return `see above; "npx ${manager} install" runs it by hand`;
}
