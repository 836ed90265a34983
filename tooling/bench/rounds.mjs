/**
 * How most cases measure: all contenders' servers run the whole time; in each round each gets the same load in turn, in a
 * shuffled order, and is compared with the others of that round. Counted is the server's CPU for a unit of work.
 */
import { absenceNotes, reasonOf, startServers, stopServer } from './load.mjs';
import { formatNumber, showProgress } from './output.mjs';
import { mergeHistograms, percentile, quantile, randomFrom, shuffle, spread } from './statistics.mjs';

/** What all are compared with, where it takes part. */
export const FLOOR = 'c';
/** The round before the first, so that all code is compiled. */
const FIRST_ROUND_SECONDS = 2;
const PROOF_SECONDS = 0.05;
/** What is wrong then is the length of the window, or the machine. */
const IDLE = 'nothing was done';
/** The machine is not quiet when servers wait so much of the time for a CPU that should be theirs. */
const DISTURBED_SHARE = 0.03;

/**
 * @typedef {object} Measured What a load measured with one server.
 * @property {number} cpu - the server's, in ns.
 * @property {number} waited - ns in which something else had its CPU.
 * @property {number} seconds
 * @property {number} units - messages, connections, requests, bytes.
 * @property {number} [p50] - µs, here and below.
 * @property {number} [p99]
 * @property {number} [max]
 * @property {import('./statistics.mjs').Histogram} [histogram]
 *
 * @typedef {object} Unit
 * @property {string} name - `message`.
 * @property {string} cpu - what the column of CPU is called, with its unit.
 * @property {number} scale - what ns a unit are divided by for it.
 * @property {string} rate - what the column of units a second is called.
 * @property {number} rateScale
 *
 * @typedef {object} Plan
 * @property {string} title - what happens, for the table.
 * @property {import('./contenders.mjs').Mode} mode
 * @property {readonly string[]} contenders - those it takes without `--contenders`.
 * @property {boolean} [unix]
 * @property {Record<string, string>} [environment] - of the servers.
 * @property {number} [rounds] - without `--rounds` (9).
 * @property {Unit} unit
 * @property {(server: import('./contenders.mjs').Server, seconds: number) => Promise<Measured>} load - once.
 * @property {object} [facts] - what else belongs into the JSON.
 * @property {() => Promise<void>} [end] - ends what was started for the plan, when nothing is measured any more.
 */

/** @type {Unit} */
export const messages = {
	name: 'message',
	cpu: 'CPU µs/message',
	scale: 1000,
	rate: 'messages/s',
	rateScale: 1,
};

/**
 * A case that measures in rounds.
 * @param {string} name
 * @param {string} summary
 * @param {import('./load.mjs').Planner} plan
 * @returns {import('./load.mjs').Case}
 */
export function roundsCase(name, summary, plan) {
	return {
		name,
		summary,
		plan,
		async run(settings, surroundings) {
			const planned = await plan(settings, surroundings);
			if (typeof planned !== 'string') {
				try {
					return await measureRounds(planned, settings, surroundings);
				} finally {
					await planned.end?.();
				}
			}
			return { title: name, columns: [], rows: [], notes: [`left out: ${planned}`], failed: false, figures: {} };
		},
	};
}

/**
 * @param {Plan} plan
 * @param {import('./arguments.mjs').Settings} settings
 * @param {import('./load.mjs').Surroundings} surroundings
 * @returns {Promise<import('./load.mjs').Outcome & { figures: Figures }>}
 */
export async function measureRounds(plan, settings, surroundings) {
	const needsFloor = plan.contenders.includes(FLOOR);
	const names = [...new Set([...(needsFloor ? [FLOOR] : []), ...(settings.contenders ?? plan.contenders)])];
	const { mode, unix, environment } = plan;
	const { servers, absent } = await startServers(
		{
			...{ names, mode, prove: (server) => plan.load(server, PROOF_SECONDS) },
			...(unix === undefined ? {} : { unix }),
			...(environment === undefined ? {} : { environment }),
		},
		surroundings,
	);
	if (needsFloor && !servers.some(({ contender }) => contender.name === FLOOR)) {
		const reason = absent.find(({ name }) => name === FLOOR)?.reason;
		await Promise.all(servers.map(stopServer));
		throw new Error(`without the C server there is nothing to compare with: ${reason}`);
	}
	const rounds = settings.rounds ?? plan.rounds ?? 9;
	const random = randomFrom(settings.seed);
	/** @type {Map<string, Window[]>} */
	const windows = new Map(servers.map(({ contender }) => [contender.name, []]));
	// Round 0 is not measured.
	for (let round = 0; round <= rounds; round++) {
		for (const server of shuffle(servers, random)) {
			const { name } = server.contender;
			const seconds = round === 0 ? Math.min(FIRST_ROUND_SECONDS, 4 * settings.seconds) : settings.seconds;
			try {
				const window = windowOf(await plan.load(server, seconds), plan.unit);
				if (round > 0) windows.get(name)?.push(window);
				showProgress(`${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}  ${describe(name, window, plan.unit)}`);
			} catch (error) {
				if (name === FLOOR) throw error;
				const reason = reasonOf(error);
				absent.push({ name, reason: `in round ${round}: ${reason}`, failed: !reason.startsWith(IDLE) });
				windows.delete(name);
				servers.splice(servers.indexOf(server), 1);
				await stopServer(server);
				showProgress(`${name}: left out (${reason})`);
			}
		}
	}
	await Promise.all(servers.map(stopServer));
	const contenders = servers.map(({ contender, about }) => summarize(contender, about, windows));
	const { seconds, seed } = settings;
	return {
		title: `${plan.title}; ${rounds} rounds of ${seconds} s; ratios are medians of the rounds (quartiles)`,
		...tableOf(contenders, plan.unit),
		notes: [...absenceNotes(absent), ...disturbance(windows)],
		failed: absent.some(({ failed }) => failed),
		figures: { unit: plan.unit, ...plan.facts, seconds, seed, rounds, contenders },
	};
}

/**
 * One measured window. `cpu` in ns a unit; `waited`, the share of the time in which others had the server's CPU.
 * @typedef {Measured & { waited: number }} Window
 */

/**
 * @param {Measured} measured
 * @param {Unit} unit
 * @returns {Window}
 */
function windowOf(measured, unit) {
	const { cpu, waited, seconds, units } = measured;
	if (units === 0) throw new Error(`${IDLE}: no ${unit.name} in ${formatNumber(seconds, 2)} s`);
	return { ...measured, cpu: cpu / units, waited: waited / (seconds * 1e9) };
}

/**
 * @param {string} name
 * @param {Window} window
 * @param {Unit} unit
 */
function describe(name, { cpu, units, seconds }, unit) {
	const rate = formatNumber(units / seconds / unit.rateScale, 0);
	return `${name.padEnd(10)} ${formatNumber(cpu / unit.scale, 2)} ${unit.cpu.replace('CPU ', '')} of CPU, ${rate} ${unit.rate}`;
}

/**
 * @typedef {object} Summary of one contender.
 * @property {string} name
 * @property {string} title
 * @property {'ours' | 'node' | 'other'} kind
 * @property {Record<string, unknown>} about
 * @property {import('./statistics.mjs').Spread} cpu - ns a unit.
 * @property {import('./statistics.mjs').Spread} [overFloor]
 * @property {import('./statistics.mjs').Spread} [overRival]
 * @property {number} [p50] - µs, over all rounds.
 * @property {number} [p99]
 * @property {import('./statistics.mjs').Spread} rate - units a second.
 * @property {import('./statistics.mjs').Spread} busy - the share of the time in which the server ran.
 * @property {{ cpu: number, waited: number, units: number, seconds: number, p50?: number, p99?: number, max?: number }[]} rounds
 *
 * @typedef {{ unit: Unit, seconds: number, seed: number, rounds: number, contenders: Summary[] }} Figures
 */

/**
 * @param {import('./contenders.mjs').Contender} contender
 * @param {Record<string, unknown>} about
 * @param {Map<string, Window[]>} windows
 * @returns {Summary}
 */
function summarize({ name, title, kind, rival }, about, windows) {
	const own = windows.get(name) ?? [];
	const floor = windows.get(FLOOR);
	const rivals = rival === undefined ? undefined : windows.get(rival);
	return {
		name,
		title,
		kind,
		about,
		cpu: spread(own.map(({ cpu }) => cpu)),
		...(floor === undefined ? {} : { overFloor: spread(ratios(own, floor)) }),
		...(rivals === undefined ? {} : { overRival: spread(ratios(own, rivals)) }),
		...latencies(own),
		rate: spread(own.map(({ units, seconds }) => units / seconds)),
		busy: spread(own.map(({ cpu, units, seconds }) => (cpu * units) / (seconds * 1e9))),
		rounds: own.map(({ histogram: _all, ...rest }) => rest),
	};
}

/**
 * Round by round: what disturbs the machine for a while disturbs both.
 * @param {readonly { cpu: number }[]} windows
 * @param {readonly { cpu: number }[]} others
 */
export function ratios(windows, others) {
	return windows.map(({ cpu }, round) => cpu / (others[round]?.cpu ?? NaN));
}

/**
 * @param {readonly Window[]} windows
 * @returns {{ p50?: number, p99?: number }} of all rounds together where there are histograms, else medians of the rounds.
 */
function latencies(windows) {
	const histograms = windows.flatMap(({ histogram }) => (histogram === undefined ? [] : [histogram]));
	if (histograms.length > 0) {
		const all = mergeHistograms(histograms);
		return { p50: percentile(all, 0.5) / 1000, p99: percentile(all, 0.99) / 1000 };
	}
	const [p50, p99] = [windows.flatMap((window) => window.p50 ?? []), windows.flatMap((window) => window.p99 ?? [])];
	return p50.length === 0 || p99.length === 0 ? {} : { p50: quantile(p50, 0.5), p99: quantile(p99, 0.5) };
}

/**
 * @param {readonly Summary[]} summaries
 * @param {Unit} unit
 */
function tableOf(summaries, unit) {
	const floor = summaries.some(({ overFloor }) => overFloor !== undefined);
	const latency = summaries.some(({ p99 }) => p99 !== undefined);
	return {
		columns: [
			...['server', unit.cpu, ...(floor ? ['x C'] : []), 'x node:net'],
			...(latency ? ['p50 µs', 'p99 µs'] : []),
			...[unit.rate, 'busy'],
		],
		rows: summaries.map((summary) => [
			summary.title,
			formatNumber(summary.cpu.median / unit.scale, 2),
			...(floor ? [formatRatio(summary.overFloor)] : []),
			formatRatio(summary.overRival),
			...(latency ? [formatNumber(summary.p50, 0), formatNumber(summary.p99, 0)] : []),
			formatNumber(summary.rate.median / unit.rateScale, 0),
			`${formatNumber(summary.busy.median * 100, 0)} %`,
		]),
	};
}

/** @param {import('./statistics.mjs').Spread} [ratio] */
export function formatRatio(ratio) {
	if (ratio === undefined) return '';
	const [median, low, high] = [ratio.median, ratio.low, ratio.high].map((value) => formatNumber(value, 2));
	return `${median} (${low}–${high})`;
}

/**
 * @param {Map<string, Window[]>} windows
 * @returns {string[]} a warning where the machine was not quiet.
 */
function disturbance(windows) {
	const all = [...windows.values()].flat();
	const share = all.reduce((sum, { waited }) => sum + waited, 0) / all.length;
	if (!(share > DISTURBED_SHARE)) return [];
	return [
		`the machine was busy: servers waited ${formatNumber(share * 100, 0)} % of the time for their CPU; measure again`,
	];
}
