/** Servers of other kinds that programs talk to: started once, when the first program wants them, and ended with this process. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { mariadb } from '../servers/mariadb.mjs';
import { postgresql } from '../servers/postgresql.mjs';
import { redis } from '../servers/redis.mjs';

/**
 * @typedef {object} Recipe - how to have a server; each is a file in servers/.
 * @property {string} package - Debian's, which has the server.
 * @property {string[]} commands - its program, by name or path; the first that is there is taken.
 * @property {(place: Place) => Promise<Instance> | Instance} prepare - what must be done before it is started.
 *
 * @typedef {object} Place
 * @property {string} command - path of the program.
 * @property {string} folder - an empty folder, removed afterwards.
 * @property {number} port - free on 127.0.0.1 a moment ago.
 *
 * @typedef {object} Instance
 * @property {string[]} args - for the program.
 * @property {{ uid: number, gid: number } | undefined} [user] - whose process it is to be, when not this one's user's.
 * @property {RegExp} ready - what it prints when it takes connections.
 * @property {NodeJS.Signals} [signal] - what ends it; default: SIGKILL, since nobody needs what it would save.
 * @property {Record<string, string>} environment - where programs find it.
 *
 * @typedef {keyof typeof recipes} ServerName
 */

const recipes = { mariadb, postgresql, redis };

const READY_MS = 60_000;
/** A port that was free can be taken by somebody else before the server has it. */
const ATTEMPTS = 3;

/** What a machine lacks to run a server. */
class MissingServer extends Error {}

/** @param {unknown} error @returns {error is Error} */
export function isMissing(error) {
	return error instanceof MissingServer;
}

/** @type {Map<ServerName, Promise<Record<string, string>>>} */
const environments = new Map();
/** @type {Set<{ end: () => void, ended: Promise<void> }>} */
const running = new Set();
/** @type {Set<string>} */
const folders = new Set();
process.on('exit', () => {
	for (const { end } of running) end();
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Starts a server, unless it runs already.
 * @param {ServerName} name
 * @returns {Promise<Record<string, string>>} environment variables that say where it is.
 */
export function startServer(name) {
	let environment = environments.get(name);
	if (environment === undefined) environments.set(name, (environment = attempt(name)));
	return environment;
}

/** Ends all servers, and comes back when they are gone. */
export async function stopServers() {
	environments.clear();
	const all = [...running];
	for (const { end } of all) end();
	await Promise.all(all.map(({ ended }) => ended));
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
	folders.clear();
}

/** @param {ServerName} name */
async function attempt(name) {
	const recipe = recipes[name];
	const command = findCommand(recipe.commands);
	if (command === undefined) throw new MissingServer(`no ${name} here (Debian's package ${recipe.package} has it)`);
	for (let left = ATTEMPTS - 1; ; left--) {
		const folder = mkdtempSync(join(tmpdir(), `net-${name}-`));
		folders.add(folder);
		try {
			const instance = await recipe.prepare({ command, folder, port: await freePort() });
			await untilReady(name, command, instance);
			return instance.environment;
		} catch (error) {
			if (left === 0) throw error;
		}
	}
}

/**
 * @param {string} name
 * @param {string} command
 * @param {Instance} instance
 * @returns {Promise<void>}
 */
function untilReady(name, command, { args, user, ready, signal = 'SIGKILL' }) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { ...user, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		const end = () => child.kill(signal);
		const timer = setTimeout(end, READY_MS);
		const ended = new Promise((/** @type {(value: void) => void} */ gone) => {
			child.on('close', () => {
				running.delete(entry);
				clearTimeout(timer);
				reject(new Error(`${name} ended before it was ready:\n${output}`));
				gone();
			});
		});
		const entry = { end, ended };
		running.add(entry);
		child.on('error', reject);
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text) => {
				output = (output + text).slice(-8192);
				if (!ready.test(output)) return;
				clearTimeout(timer);
				resolve();
			});
		}
	});
}

/** @param {string[]} names */
function findCommand(names) {
	const path = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
	return names
		.flatMap((name) => (name.startsWith('/') ? [name] : path.map((folder) => join(folder, name))))
		.find((file) => existsSync(file));
}

/** @returns {Promise<number>} */
function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer().on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address !== null ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}
