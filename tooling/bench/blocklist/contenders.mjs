/** Who is compared, with which lists, and how each is started and asked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../children.mjs';
import { reasonOf } from '../load.mjs';
import { goProgram } from '../native.mjs';
import { spread } from '../statistics.mjs';

const here = import.meta.dirname;
const node26 = join(here, '../../nodes/node_modules/node26/bin/node');
const program = join(here, 'contender.mjs');
/** Node 26 adds a million rules in several seconds. */
const BUILD_SECONDS = 300;
const CHANGES = 1000;
const WIDE_CHANGES = 50;

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string[]} command
 * @property {('string' | 'numeric')[]} forms
 * @property {number} most - rules; with more it would take minutes.
 * @property {boolean} [ipv4Only]
 * @property {string} [absent] - why it is not to be had.
 */

/** @returns {Contender[]} */
function contenders() {
	const node = process.execPath;
	const no26 = existsSync(node26) ? {} : { absent: 'Node 26 is not installed: tooling/nodes' };
	return [
		{ name: 'ours', command: [node, program, 'ours'], forms: ['string', 'numeric'], most: Infinity },
		{ name: 'node', command: [node, program, 'node'], forms: ['string'], most: 100_000 },
		{ name: 'node-26', command: [node26, program, 'node'], forms: ['string'], most: Infinity, ...no26 },
		{ name: 'ours-26', command: [node26, program, 'ours'], forms: ['string', 'numeric'], most: Infinity, ...no26 },
		{ name: 'ip-set', command: [node, program, 'ip-set'], forms: ['string'], most: 100_000, ipv4Only: true },
		{ name: 'ipaddr.js', command: [node, program, 'ipaddr.js'], forms: ['string'], most: 1000, ipv4Only: true },
		{ name: 'cidr-matcher', command: [node, program, 'cidr-matcher'], forms: ['string'], most: 1000, ipv4Only: true },
		{ name: 'bart', forms: ['string', 'numeric'], most: Infinity, ...bart() },
	];
}

/** @returns {{ command: string[], absent?: string }} */
function bart() {
	try {
		return { command: [goProgram('bart-contender', join(here, 'bart'))] };
	} catch (error) {
		return { command: [], absent: `bart: ${reasonOf(error)}` };
	}
}

/**
 * Starts all that can have such a list.
 * @param {import('./lists.mjs').Shape} shape
 * @param {number | undefined} core
 */
export async function contendersFor({ family, count }, core) {
	const fitting = contenders().filter(({ most, ipv4Only }) => count <= most && (family === 'ipv4' || !ipv4Only));
	const ready = [];
	for (const contender of fitting.filter(({ absent }) => absent === undefined)) {
		const child = new Child(contender.name, contender.command, { core });
		await child.line(30);
		ready.push({ contender, child });
	}
	return { ready, absent: fitting.flatMap(({ absent }) => absent ?? []) };
}

/**
 * @typedef {object} Built
 * @property {string} name
 * @property {('string' | 'numeric')[]} forms
 * @property {(command: object) => Promise<Record<string, unknown>>} ask
 * @property {{ buildMs: number, index?: number, rules?: number }} figures
 * @property {(rounds: number) => Promise<{ attachMs?: number, changeUs?: number, wideChangeUs?: number }>} attach - medians:
 *   milliseconds to open it in a thread, microseconds to add an address, or an IPv4 /16 or IPv6 /32, and remove it.
 */

/**
 * @param {{ contender: Contender, child: Child }} ready
 * @param {import('./lists.mjs').Files} files
 * @returns {Promise<Built>}
 */
export async function buildList({ contender, child }, files) {
	/** @param {object} command */
	const ask = async (command) => {
		child.send(JSON.stringify(command));
		return JSON.parse(await child.line(BUILD_SECONDS));
	};
	const { buildMs, memory } = await ask({ op: 'load', ...files });
	const attach = async (/** @type {number} */ rounds) => {
		if (!contender.name.startsWith('ours')) return {};
		const times = [];
		/** @type {{ changeUs: number[], wideChangeUs: number[] }} */
		const changes = { changeUs: [], wideChangeUs: [] };
		// The first round makes what finds the rules, and compiles; a shared list would be changed another way.
		for (let round = 0; round <= rounds; round++) {
			const { us } = await ask({ op: 'change', count: CHANGES });
			const wide = await ask({ op: 'change', count: WIDE_CHANGES, wide: true });
			if (round === 0) continue;
			changes.changeUs.push(Number(us));
			changes.wideChangeUs.push(Number(wide['us']));
		}
		for (let round = 0; round < rounds; round++) times.push(Number((await ask({ op: 'attach' })).ms));
		return {
			changeUs: spread(changes.changeUs).median,
			wideChangeUs: spread(changes.wideChangeUs).median,
			attachMs: times.sort((a, b) => a - b)[times.length >> 1] ?? NaN,
		};
	};
	return { name: contender.name, forms: contender.forms, ask, figures: { buildMs, ...memory }, attach };
}
