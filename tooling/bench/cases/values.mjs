/** `isIP` and `SocketAddress` next to Node's own, in one process, in alternating rounds. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../children.mjs';
import { nodes } from '../contenders.mjs';
import { formatNumber, showProgress } from '../output.mjs';
import { formatRatio } from '../rounds.mjs';
import { randomFrom, shuffle, spread } from '../statistics.mjs';

const program = join(import.meta.dirname, '..', 'values', 'contender.mjs');
/** A measured window, as a share of one of the cases with servers: 20 ms. */
const WINDOW_SHARE = 1 / 50;
const WARM_UPS = 5;

/**
 * @typedef {object} Figure
 * @property {string} node
 * @property {string} task
 * @property {import('../statistics.mjs').Spread} ours - ns an operation.
 * @property {import('../statistics.mjs').Spread} [theirs]
 * @property {import('../statistics.mjs').Spread} [ratio] - ours / theirs.
 *
 * @typedef {{ rounds: number, values: Figure[] }} Figures
 */

/** @type {import('../load.mjs').Case} */
export const values = {
	name: 'values',
	summary: "isIP and SocketAddress next to Node's own",
	async run(settings, { cores }) {
		const rounds = settings.rounds ?? 9;
		const random = randomFrom(settings.seed);
		/** @type {string[]} */
		const notes = [];
		/** @type {Figure[]} */
		const figures = [];
		/** @type {string[]} */
		const failures = [];
		for (const { version, program: node } of nodes) {
			if (!existsSync(node)) {
				notes.push(`left out: Node ${version}: it is not installed: tooling/nodes`);
				continue;
			}
			const child = new Child('values', [node, program], { core: cores.server });
			try {
				const { tasks } = JSON.parse(await child.line(30));
				const { measured, differences } = await measureTasks(child, tasks, { ...settings, rounds, random, version });
				figures.push(...measured);
				failures.push(...differences);
			} finally {
				await child.stop();
			}
		}
		return {
			title: `values: ns an operation, medians of ${rounds} alternating rounds; ratios with quartiles`,
			columns: ['what', 'Node', 'ours ns', "Node's ns", 'x'],
			rows: figures.map(({ node, task, ours, theirs, ratio }) => [
				task,
				node,
				formatNumber(ours.median, 0),
				formatNumber(theirs?.median, 0),
				formatRatio(ratio),
			]),
			notes: [...notes, ...failures.map((failure) => `FAILED: ${failure}`)],
			failed: failures.length > 0,
			figures: { rounds, values: figures },
		};
	},
};

/**
 * @param {Child} child
 * @param {readonly string[]} tasks
 * @param {{ rounds: number, seconds: number, random: () => number, version: string }} how - `version` of the Node.
 */
async function measureTasks(child, tasks, { rounds, seconds, random, version: node }) {
	const windowNs = seconds * WINDOW_SHARE * 1e9;
	/** @type {(task: string, side: string, repeats: number) => Promise<{ ns?: number, sum?: number }>} */
	const ask = async (task, side, repeats) => {
		child.send(JSON.stringify({ task, side, rounds: repeats }));
		return JSON.parse(await child.line(60));
	};
	const windows = [];
	for (const task of tasks) {
		for (const side of ['ours', 'theirs']) {
			let repeats = 1;
			let ns;
			for (let attempt = 0; attempt < WARM_UPS; attempt++) {
				({ ns } = await ask(task, side, repeats));
				if (ns === undefined) break;
				repeats = Math.max(1, Math.round(windowNs / (ns * 1000)));
			}
			if (ns !== undefined) windows.push({ task, side, repeats, ns: /** @type {number[]} */ ([]), sum: 0 });
		}
	}
	// Round 0 is not measured.
	for (let round = 0; round <= rounds; round++) {
		showProgress(`values  Node ${node}: round ${round} of ${rounds}`);
		for (const window of shuffle(windows, random)) {
			const { ns = NaN, sum = NaN } = await ask(window.task, window.side, window.repeats);
			window.sum = sum;
			if (round > 0) window.ns.push(ns);
		}
	}
	/** @type {Figure[]} */
	const measured = [];
	/** @type {string[]} */
	const differences = [];
	for (const task of tasks) {
		const own = windows.find((window) => window.task === task && window.side === 'ours');
		const other = windows.find((window) => window.task === task && window.side === 'theirs');
		if (own === undefined) continue;
		const ours = spread(own.ns);
		if (other === undefined) {
			measured.push({ node, task, ours });
			continue;
		}
		if (own.sum !== other.sum) differences.push(`${task} on Node ${node}: the answers differ`);
		const ratio = spread(own.ns.map((ns, round) => ns / (other.ns[round] ?? NaN)));
		measured.push({ node, task, ours, theirs: spread(other.ns), ratio });
	}
	return { measured, differences };
}
