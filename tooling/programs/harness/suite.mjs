/** Runs programs in their modes and on their Nodes, a few at once, and compares what they did with the plain run. */
import { findNode } from '@tooling/test/nodes';
import { isMissing, startServer, stopServers } from './server.mjs';
import { lack } from './modes.mjs';
import { pooled } from './pool.mjs';
import { runProgram } from './program-run.mjs';

/**
 * @typedef {object} Outcome
 * @property {import('../catalogue.mjs').Program} program
 * @property {string} major - of Node.
 * @property {import('./modes.mjs').Mode} mode
 * @property {string} title - `fastify on Node 20, ours`.
 * @property {Promise<Verdict>} verdict
 *
 * @typedef {{ skipped: string } | { skipped?: undefined, problems: string[], run: import('./program-run.mjs').Run }} Verdict
 */

/**
 * Starts all at once, and keeps those beyond the pool waiting.
 * @param {readonly import('../catalogue.mjs').Program[]} programs
 * @param {{ majors: readonly string[], modes: readonly import('./modes.mjs').Mode[] }} choice
 * @returns {Outcome[]} in the order in which they are likely to be done.
 */
export function start(programs, { majors, modes }) {
	/** @type {Outcome[]} */
	const outcomes = [];
	for (const program of programs) {
		for (const major of majors) {
			/** @type {Promise<Verdict> | undefined} */
			let plain;
			for (const mode of modes) {
				const baseline = plain;
				const verdict = pooled(() => runOne(program, major, mode)).then((own) => compared(own, baseline));
				// Who waits for it hears of it; it may fail long before.
				verdict.catch(() => {});
				if (mode === 'plain') plain = verdict;
				const title = `${program.file.replace(/\.\w+$/, '')} on Node ${major}, ${mode}`;
				outcomes.push({ program, major, mode, title, verdict });
			}
		}
	}
	return outcomes;
}

/** Ends the servers that programs were given; to be called when all outcomes are known. */
export { stopServers };

/**
 * @param {import('../catalogue.mjs').Program} program
 * @param {string} major
 * @param {import('./modes.mjs').Mode} mode
 * @returns {Promise<Verdict>}
 */
async function runOne(program, major, mode) {
	const lacking = lack(major, mode);
	if (lacking !== undefined) return { skipped: lacking };
	try {
		const environment = program.server === undefined ? {} : await startServer(program.server);
		return await runProgram(program, { node: String(findNode(major)), mode, environment });
	} catch (error) {
		if (isMissing(error)) return { skipped: error.message };
		throw error;
	}
}

/**
 * What a program prints, and what it is warned of, must be the same over our sockets.
 * @param {Verdict} own
 * @param {Promise<Verdict> | undefined} plain
 * @returns {Promise<Verdict>}
 */
async function compared(own, plain) {
	const other = await plain;
	if (own.skipped !== undefined || other === undefined || other.skipped !== undefined) return own;
	const problems = [...own.problems];
	const differs = (/** @type {string} */ what, /** @type {string} */ ours, /** @type {string} */ theirs) => {
		if (ours !== theirs) problems.push(`${what}:\n${ours || '(nothing)'}\nwithout register:\n${theirs || '(nothing)'}`);
	};
	differs('it prints', own.run.stdout, other.run.stdout);
	differs('it is warned', warnings(own), warnings(other));
	return { problems, run: own.run };
}

/** @param {Verdict} verdict */
function warnings(verdict) {
	return verdict.skipped === undefined ? (verdict.run.testimony?.warnings ?? []).join('\n') : '';
}
