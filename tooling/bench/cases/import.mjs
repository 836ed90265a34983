/** What it costs to load a package: a program that imports it against an empty one, from start to exit. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { nodes } from '../contenders.mjs';
import { formatNumber, showProgress } from '../output.mjs';
import { randomFrom, shuffle, spread } from '../statistics.mjs';

const DEFAULT_ROUNDS = 15;
const EMPTY = 'an empty program';
const packages = ['ip', 'errors', 'address', 'blocklist', 'loop', 'socket', 'server', 'node'].map(
	(name) => `@net/${name}`,
);
const modules = [EMPTY, 'node:net', 'node:http', ...packages];

/**
 * @typedef {object} Figure of one module on one Node.
 * @property {string} node - version.
 * @property {string} module
 * @property {import('../statistics.mjs').Spread} ms - from start to exit.
 * @property {import('../statistics.mjs').Spread} over - the same less the empty program of the round.
 *
 * @typedef {{ rounds: number, imports: Figure[] }} Figures
 */

/** @type {import('../load.mjs').Case} */
export const imports = {
	name: 'import',
	summary: 'importing each package, over an empty program',
	async run(settings, { cores }) {
		const rounds = settings.rounds ?? DEFAULT_ROUNDS;
		const random = randomFrom(settings.seed);
		/** @type {string[]} */
		const notes = [];
		/** @type {Figure[]} */
		const figures = [];
		for (const { version, program } of nodes) {
			if (!existsSync(program)) {
				notes.push(`left out: Node ${version}: it is not installed: tooling/nodes`);
				continue;
			}
			/** @type {Map<string, number[]>} */
			const times = new Map(modules.map((module) => [module, []]));
			// Round 0 brings the files into the kernel's cache.
			for (let round = 0; round <= rounds; round++) {
				showProgress(`import  Node ${version}: round ${round} of ${rounds}`);
				for (const module of shuffle(modules, random)) {
					const ms = start(program, module, cores.server);
					if (round > 0) times.get(module)?.push(ms);
				}
			}
			const empty = times.get(EMPTY) ?? [];
			for (const [module, ms] of times) {
				const over = ms.map((value, round) => value - (empty[round] ?? NaN));
				figures.push({ node: version, module, ms: spread(ms), over: spread(over) });
			}
		}
		return {
			title: `import: start to exit, over an empty program in the same round; medians of ${rounds} rounds (quartiles)`,
			columns: ['imported', ...[...new Set(figures.map(({ node }) => `Node ${node}, ms`))]],
			rows: modules.map((module) => [
				module,
				...figures
					.filter((figure) => figure.module === module)
					.map(({ ms, over }) => {
						const { median, low, high } = module === EMPTY ? ms : over;
						return `${formatNumber(median, 1)} (${formatNumber(low, 1)}–${formatNumber(high, 1)})`;
					}),
			]),
			notes,
			failed: false,
			figures: { rounds, imports: figures },
		};
	},
};

/**
 * @param {string} program
 * @param {string} module
 * @param {number | undefined} core
 * @returns {number} ms until it has ended.
 */
function start(program, module, core) {
	const source = module === EMPTY ? '' : `import '${module}';`;
	const command = [program, '--input-type=module', '--eval', source];
	const [file = '', ...words] = core === undefined ? command : ['taskset', '-c', String(core), ...command];
	const started = performance.now();
	// The packages are looked for from here.
	const { status, stderr, error } = spawnSync(file, words, { cwd: import.meta.dirname, encoding: 'utf8' });
	const ms = performance.now() - started;
	if (error !== undefined) throw error;
	if (status !== 0) throw new Error(`${module} is not to be imported: ${stderr.trim().split('\n').at(-1)}`);
	return ms;
}
