/**
 * Lists of addresses: ours next to Node's own BlockList, to packages of the same purpose, to a table in Go, and the
 * command next to `iprange`. All have the same rules and are asked for the same addresses, in alternating rounds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildList, contendersFor } from '../blocklist/contenders.mjs';
import { writeList } from '../blocklist/lists.mjs';
import { rowsOf } from '../blocklist/goals.mjs';
import { reasonOf } from '../load.mjs';
import { showProgress } from '../output.mjs';
import { randomFrom, shuffle, spread } from '../statistics.mjs';

const DEFAULT_ROUNDS = 9;
/** A measured window. */
const WINDOW_NS = 40e6;
const FIRST_QUERIES = 20;
const ALL_QUERIES = 20_000;
const WARM_UPS = 6;

/** @type {import('../blocklist/lists.mjs').Shape[]} */
const shapes = [
	...[10, 1000, 100_000, 1_000_000].map((count) => ({
		family: /** @type {const} */ ('ipv4'),
		count,
		shape: /** @type {const} */ ('uniform'),
	})),
	{ family: 'ipv4', count: 100_000, shape: 'clustered' },
	...[1000, 100_000, 1_000_000].map((count) => ({
		family: /** @type {const} */ ('ipv6'),
		count,
		shape: /** @type {const} */ ('uniform'),
	})),
	{ family: 'ipv6', count: 100_000, shape: 'clustered' },
];

/**
 * @typedef {object} Figure of one contender with one list.
 * @property {string} name
 * @property {string} family
 * @property {string} shape
 * @property {number} count
 * @property {number} buildMs
 * @property {number} [index] - bytes of the index.
 * @property {number} [rules] - bytes of the rules.
 * @property {number} [attachMs]
 * @property {number} [changeUs] - to add an address and remove it.
 * @property {number} [wideChangeUs] - to add an IPv4 /16 or IPv6 /32, and remove it.
 * @property {import('../statistics.mjs').Spread} [string] - ns a check of a text.
 * @property {import('../statistics.mjs').Spread} [numeric] - ns a check of a number.
 *
 * @typedef {{ lists: Figure[] }} Figures
 */

/** @type {import('../load.mjs').Case} */
export const blocklist = {
	name: 'blocklist',
	summary: 'checks of block lists of 10 to 1,000,000 rules, memory, building, next to others',
	async run(settings, { cores, directory }) {
		const rounds = settings.rounds ?? DEFAULT_ROUNDS;
		const random = randomFrom(settings.seed);
		/** @type {Figure[]} */
		const figures = [];
		/** @type {string[]} */
		const notes = [];
		/** @type {string[]} */
		const failures = [];
		for (const shape of shapes) {
			const name = `${shape.family} ${shape.shape} ${shape.count}`;
			showProgress(`blocklist  ${name}: building`);
			const files = writeList(directory, shape, settings.seed);
			const { ready, absent } = await contendersFor(shape, cores.server);
			notes.push(...absent.filter((note) => !notes.includes(note)));
			try {
				const lists = [];
				for (const contender of ready) lists.push(await buildList(contender, files));
				const { measured, differences } = await measureAll(lists, rounds, random, name);
				failures.push(...differences);
				for (const figure of measured) figures.push({ ...shape, ...figure });
			} catch (error) {
				failures.push(`${name}: ${reasonOf(error)}`);
			}
			for (const { child } of ready) await child.stop();
		}
		const list = writeList(directory, { family: 'ipv4', count: 1_000_000, shape: 'uniform' }, settings.seed);
		const aggregate = compareAggregates(list.rules, rounds);
		if (typeof aggregate === 'string') notes.push(aggregate);
		else if (!aggregate.identical) failures.push('net-blocklist aggregate and iprange print different bytes');
		return {
			title: `blocklist: medians of ${rounds} alternating rounds`,
			columns: ['what', 'ours', 'compared with', 'theirs', 'ratio', 'goal', ''],
			rows: rowsOf(figures, typeof aggregate === 'string' ? undefined : aggregate),
			notes: [...notes, ...failures.map((failure) => `FAILED: ${failure}`)],
			failed: failures.length > 0,
			figures: { rounds, lists: figures, aggregate },
		};
	},
};

/**
 * @param {import('../blocklist/contenders.mjs').Built[]} lists
 * @param {number} rounds
 * @param {() => number} random
 * @param {string} name
 */
async function measureAll(lists, rounds, random, name) {
	const tasks = [];
	for (const list of lists) {
		for (const form of list.forms) {
			let count = FIRST_QUERIES;
			let repeats = 1;
			// What is fast at last is slow until it is compiled: it is asked more and more until windows have their length.
			for (let attempt = 0; attempt < WARM_UPS; attempt++) {
				const answer = await list.ask({ op: 'measure', form, rounds: repeats, count });
				const fitting = WINDOW_NS / Number(answer['ns']);
				count = Math.round(Math.max(FIRST_QUERIES, Math.min(ALL_QUERIES, fitting)));
				repeats = Math.max(1, Math.floor(fitting / count));
			}
			tasks.push({ list, form, count, repeats, ns: /** @type {number[]} */ ([]), hits: 0 });
		}
	}
	// The first round compiles, and is not counted.
	for (let round = 0; round <= rounds; round++) {
		showProgress(`blocklist  ${name}: round ${round} of ${rounds}`);
		for (const task of shuffle(tasks, random)) {
			const { list, form, count, repeats } = task;
			const answer = await list.ask({ op: 'measure', form, rounds: repeats, count });
			task.hits = Number(answer['hits']);
			if (round > 0) task.ns.push(Number(answer['ns']));
		}
	}
	const all = tasks.filter(({ count }) => count === ALL_QUERIES);
	const differences = all
		.filter(({ hits }) => hits !== all[0]?.hits)
		.map(
			({ list, form, hits }) => `${name}: ${list.name} (${form}) found ${hits}, ${all[0]?.list.name} ${all[0]?.hits}`,
		);
	const measured = [];
	for (const { name: contender, figures, attach } of lists) {
		const own = tasks.filter(({ list }) => list.name === contender);
		const forms = Object.fromEntries(own.map(({ form, ns }) => [form, spread(ns)]));
		measured.push({ name: contender, ...figures, ...(await attach(rounds)), ...forms });
	}
	return { measured, differences };
}

/**
 * @param {string} file
 * @param {number} rounds
 * @returns {string | { ours: number, theirs: number, identical: boolean }} milliseconds with start-up; or why there are none.
 */
function compareAggregates(file, rounds) {
	const command = join(import.meta.dirname, '../node_modules/@net/blocklist/dist/command/net-blocklist.js');
	if (!existsSync(command)) return 'net-blocklist is not built: no row for aggregate';
	if (spawnSync('iprange', ['--version']).error !== undefined) return 'iprange is not installed: no row for aggregate';
	const ours = [];
	const theirs = [];
	let identical = true;
	for (let round = 0; round <= rounds; round++) {
		showProgress(`blocklist  aggregate: round ${round} of ${rounds}`);
		const one = timed(process.execPath, [command, 'aggregate', file]);
		const other = timed('iprange', ['--merge', file]);
		identical &&= one.output.equals(other.output);
		if (round === 0) continue;
		ours.push(one.ms);
		theirs.push(other.ms);
	}
	return { ours: spread(ours).median, theirs: spread(theirs).median, identical };
}

/**
 * @param {string} program
 * @param {string[]} words
 */
function timed(program, words) {
	const started = performance.now();
	const { stdout } = spawnSync(program, words, { maxBuffer: 2 ** 28 });
	return { ms: performance.now() - started, output: stdout };
}
