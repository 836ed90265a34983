/** Starting servers and putting a load on them: what all cases do. */
import { ask, contenders, startServer } from './contenders.mjs';
import { Child } from './children.mjs';
import { nativeProgram } from './native.mjs';
import { showProgress } from './output.mjs';
import { threadTimes, timesBetween } from './procfs.mjs';
import { join } from 'node:path';

/**
 * What a case is given besides its settings.
 * @typedef {object} Surroundings
 * @property {import('./machine.mjs').Cores} cores
 * @property {string} directory - an empty one, removed at the end.
 *
 * What a case answers.
 * @typedef {object} Outcome
 * @property {string} title
 * @property {string[]} columns
 * @property {string[][]} rows
 * @property {string[]} notes - lines below the table: who was left out and why, what failed.
 * @property {boolean} failed
 * @property {object} figures - for the JSON.
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {string} summary
 * @property {(settings: import('./arguments.mjs').Settings, surroundings: Surroundings) => Promise<Outcome>} run
 * @property {Planner} [plan] - where it measures in rounds: what is done, for whoever wants to see the servers at it.
 *
 * @typedef {(settings: import('./arguments.mjs').Settings, surroundings: Surroundings) => Planned | Promise<Planned>} Planner
 * @typedef {import('./rounds.mjs').Plan | string} Planned
 *   A text says why it cannot be done here.
 */

/** Who is left out. `failed`: not because it is not to be had here. @typedef {{ name: string, reason: string, failed: boolean }} Absence */

/**
 * @typedef {object} Start
 * @property {readonly string[]} names - of contenders.
 * @property {import('./contenders.mjs').Mode} mode
 * @property {boolean} [unix] - listen on Unix sockets.
 * @property {Record<string, string>} [environment]
 * @property {(server: import('./contenders.mjs').Server) => Promise<unknown>} [prove] - a little work that shows that it
 *   answers and answers right; without it a few echoes.
 */

/**
 * Starts each contender's server and proves it. One that cannot be had is left out and says why.
 * @param {Start} start
 * @param {Surroundings} surroundings
 */
export async function startServers({ names, mode, unix = false, environment, prove }, { cores, directory }) {
	/** @type {import('./contenders.mjs').Server[]} */
	const servers = [];
	/** @type {Absence[]} */
	const absent = [];
	const few = ['--connections', '2', '--messages', '20', '--limit', '10'];
	for (const contender of contenders.filter(({ name }) => names.includes(name))) {
		const path = unix ? join(directory, `${contender.name}.sock`) : undefined;
		/** @type {import('./contenders.mjs').Server | undefined} */
		let server;
		try {
			server = await startServer(contender, { mode, core: cores.server, path, environment });
			await (prove === undefined ? putLoad('echo-load', server, cores.load, few) : prove(server));
			servers.push(server);
			showProgress(`${contender.name}: ready`);
		} catch (error) {
			const reason = reasonOf(error).replace(`${contender.name}: `, '');
			absent.push({ name: contender.name, reason, failed: /\bwrong\b/.test(reason) });
			if (server !== undefined) await stopServer(server);
			showProgress(`${contender.name}: left out (${reason})`);
		}
	}
	return { servers, absent };
}

/** @param {import('./contenders.mjs').Server} server */
export async function stopServer(server) {
	await server.child.stop();
}

/**
 * @typedef {object} EchoResult What echo-load and connect-load print; latencies in µs, the histogram in ns.
 * @property {number} messages
 * @property {number} seconds
 * @property {number} p50
 * @property {number} p99
 * @property {number} max
 * @property {import('./statistics.mjs').Histogram} histogram
 *
 * @typedef {object} StreamResult What stream-load prints.
 * @property {number} bytes
 * @property {number} seconds
 * @property {string} [sent] - checksums.
 * @property {string} [received]
 *
 * @typedef {{ 'echo-load': EchoResult, 'connect-load': EchoResult, 'stream-load': StreamResult }} Results
 */

/**
 * Lets a load generator run once, to its end. The server's CPU time is read when the generator is connected and warm and
 * the server has nothing to do, and again when the last answer is there: so it belongs to the measured load alone.
 * @template {keyof Results} Program
 * @param {Program} program
 * @param {import('./contenders.mjs').Server} server
 * @param {number | undefined} core
 * @param {string[]} options
 * @param {{ seconds?: number, before?: () => Promise<void> }} [more]
 *   `seconds`: how long the load may take at most (60); `before`: called when the connections are open.
 * @returns {Promise<Results[Program] & { cpu: number, waited: number }>} `cpu`: the server's, in ns; `waited`: ns in which it
 *   was ready to run and something else had its CPU.
 */
export async function putLoad(program, server, core, options, { seconds = 60, before } = {}) {
	const command = [nativeProgram(program), ...server.target, ...options, '--wait'];
	const child = new Child(program, command, { core });
	try {
		await child.line(seconds);
		await before?.();
		const start = threadTimes(server.pid);
		child.send('go');
		const result = JSON.parse(await child.line(seconds));
		const { running, waiting } = timesBetween(start, threadTimes(server.pid));
		return { ...result, cpu: running, waited: waiting };
	} finally {
		await child.stop();
	}
}

/**
 * Lets a program work for a time that puts its load on itself.
 * @param {import('./contenders.mjs').Server} server
 * @param {number} seconds
 * @returns {Promise<import('./rounds.mjs').Measured>}
 */
export async function letWork(server, seconds) {
	const before = { times: threadTimes(server.pid), now: performance.now() };
	const { units, wrong } = await ask(server, `work ${seconds}`);
	const after = { times: threadTimes(server.pid), now: performance.now() };
	if (wrong) throw new Error('a wrong answer');
	const { running, waiting } = timesBetween(before.times, after.times);
	return { cpu: running, waited: waiting, seconds: (after.now - before.now) / 1000, units: Number(units) };
}

/**
 * Has the server collect its garbage; the C server, which has none, just answers.
 * @param {import('./contenders.mjs').Server} server
 * @returns {Promise<Record<string, number>>} what process.memoryUsage() says then.
 */
export async function collectGarbage(server) {
	// Numbers all, see servers/control.mjs.
	return /** @type {Promise<Record<string, number>>} */ (ask(server, 'gc'));
}

/**
 * @param {unknown} error
 * @returns {string} in one line.
 */
export function reasonOf(error) {
	return error instanceof Error ? error.message : String(error);
}

/**
 * @param {readonly Absence[]} absent
 * @returns {string[]}
 */
export function absenceNotes(absent) {
	return absent.map(({ name, reason }) => `left out: ${name}: ${reason}`);
}
