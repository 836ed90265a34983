/** How good the sockets are to be: what is compared, with what, and the most it may be. */
import { formatNumber } from './output.mjs';
import { ratios } from './rounds.mjs';
import { quantile } from './statistics.mjs';

/**
 * @typedef {object} Goal
 * @property {string} what
 * @property {number} most
 * @property {string} unit - `x`, or that of the figure.
 * @property {(figures: object) => number | undefined} of - undefined: who is compared did not take part.
 *
 * @typedef {{ what: string, value: number, most: number, unit: string, met: boolean }} Result
 */

/**
 * @param {string} name - of a case.
 * @param {object} figures - what that case answered.
 * @returns {Result[]} of those goals for which there are figures.
 */
export function judge(name, figures) {
	return (goals[name] ?? []).flatMap(({ what, most, unit, of }) => {
		const value = of(figures);
		return value === undefined || Number.isNaN(value) ? [] : [{ what, value, most, unit, met: value <= most }];
	});
}

/**
 * @param {Result} result
 * @returns {string[]} what, figure, goal, whether it is met.
 */
export function goalRow({ what, value, most, unit, met }) {
	const show = (/** @type {number} */ number, /** @type {number} */ digits) =>
		`${formatNumber(number, digits)}${unit === 'x' ? '' : ' '}${unit}`;
	return [what, show(value, unit === 'ms' ? 1 : 2), `≤ ${show(most, unit === 'ms' ? 0 : 2)}`, met ? 'met' : 'MISSED'];
}

export const goalColumns = ['goal', 'measured', 'wanted', ''];

const current = `Node ${process.versions.node.split('.')[0]}`;

/** Both Nodes under the same goal. @type {(what: string, most: number, name: string, other: string) => Goal[]} */
const cpuOnBoth = (what, most, name, other) => [
	cpu(`${what}, ${current}`, most, name, other),
	cpu(`${what}, Node 26`, most, `${name}-26`, other),
];

/** Each Node against its own node:net. @type {(what: string, most: number, most26: number) => Goal[]} */
const cpuAgainstNode = (what, most, most26) => [
	cpu(`${what} / node:net, ${current}`, most, 'streams', 'net'),
	cpu(`${what} / node:net, Node 26`, most26, 'streams-26', 'net-26'),
];

/** @type {Record<string, Goal[]>} by case. */
const goals = {
	echo: [
		...cpuOnBoth('streams / C', 1.2, 'streams', 'c'),
		...cpuOnBoth('handles / C', 1.1, 'handles', 'c'),
		...cpuAgainstNode('streams', 0.55, 0.62),
		...cpuOnBoth('streams / Bun.listen', 1, 'streams', 'bun'),
		...cpuOnBoth('handles / Bun.listen', 0.9, 'handles', 'bun'),
		...cpuOnBoth("streams / Bun's node:net", 0.75, 'streams', 'bun-net'),
	],
	'echo-deep': cpuOnBoth('streams / C', 1.3, 'streams', 'c'),
	latency: [{ what: `p99 of streams / node:net at its most, ${current}`, most: 0.6, unit: 'x', of: latencyRatio }],
	burst: cpuAgainstNode('streams', 0.1, 0.11),
	accept: cpuAgainstNode('streams', 0.45, 0.45),
	connections: [
		idle(`idle stream, ${current}`, 1.6, 'streams'),
		idle('idle stream, Node 26', 1.6, 'streams-26'),
		idle(`idle handle, ${current}`, 0.6, 'handles'),
		idle('idle handle, Node 26', 0.6, 'handles-26'),
	],
	receive: cpuAgainstNode('streams', 0.7, 0.7),
	'send-64k': cpuAgainstNode('streams', 0.7, 0.7),
	'send-1m': cpuAgainstNode('streams', 0.7, 0.7),
	http: [
		...cpuAgainstNode("Node's http over streams", 0.55, 0.72),
		...cpuOnBoth("Node's http over streams / Bun's node:http", 0.85, 'streams', 'bun-net'),
	],
	https: cpuAgainstNode("Node's https over streams", 1, 1),
	fastify: cpuAgainstNode('fastify over streams', 0.65, 0.8),
	redis: cpuAgainstNode('ioredis over streams', 0.42, 0.42),
	import: [importing('@net/node', 25), importing('@net/blocklist', 6)],
};

/**
 * @param {string} what
 * @param {number} most
 * @param {string} name
 * @param {string} other
 * @returns {Goal}
 */
function cpu(what, most, name, other) {
	return { what, most, unit: 'x', of: (figures) => cpuRatio(figures, name, other) };
}

/**
 * @param {object} figures - of a case that measures in rounds.
 * @param {string} name
 * @param {string} other
 * @returns {number | undefined} the median of the rounds' ratios.
 */
export function cpuRatio(figures, name, other) {
	const [one, two] = [name, other].map((wanted) =>
		contendersOf(figures).find((contender) => contender.name === wanted),
	);
	return one === undefined || two === undefined ? undefined : quantile(ratios(one.rounds, two.rounds), 0.5);
}

/**
 * @param {object} figures
 * @returns {readonly import('./rounds.mjs').Summary[]} as measureRounds makes them; a case of web servers may have none.
 */
function contendersOf(figures) {
	return /** @type {Partial<import('./rounds.mjs').Figures>} */ (figures).contenders ?? [];
}

/**
 * At the highest load, which is as much as node:net can do.
 * @param {object} figures
 */
function latencyRatio(figures) {
	const { loads } = /** @type {import('./cases/latency.mjs').Figures} */ (figures);
	const [one, two] = ['streams', 'net'].map((name) => loads.at(-1)?.contenders.find((found) => found.name === name));
	if (one === undefined || two === undefined) return undefined;
	return quantile(one.rounds.map(({ p99 = NaN }, round) => p99 / (two.rounds[round]?.p99 ?? NaN)), 0.5); // prettier-ignore
}

/**
 * @param {string} what
 * @param {number} most
 * @param {string} name
 * @returns {Goal}
 */
function idle(what, most, name) {
	return {
		what,
		most,
		unit: 'KB',
		of(figures) {
			const { contenders } = /** @type {import('./cases/connections.mjs').Figures} */ (figures);
			const bytes = contenders.find((contender) => contender.name === name)?.idle;
			return bytes === undefined ? undefined : bytes / 1000;
		},
	};
}

/**
 * @param {string} module
 * @param {number} most
 * @returns {Goal}
 */
function importing(module, most) {
	return {
		what: `import ${module}, over an empty program, ${current}`,
		most,
		unit: 'ms',
		of(figures) {
			const { imports } = /** @type {import('./cases/import.mjs').Figures} */ (figures);
			return imports.find((one) => one.module === module && one.node === process.versions.node)?.over.median;
		},
	};
}
