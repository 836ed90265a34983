/**
 * Server CPU a message of an echo server. All contenders' servers run the whole time; in each round each gets the same load
 * in turn, in a shuffled order, and is compared with the C server of that round.
 */
import { absenceNotes, putLoad, reasonOf, startServers, stopServer } from '../load.mjs';
import { formatNumber, showProgress } from '../output.mjs';
import { mergeHistograms, percentile, randomFrom, shuffle, spread } from '../statistics.mjs';

/** What all are compared with. */
const BASE = 'c';
const DEFAULT = ['c', 'net', 'streams', 'handles', 'portable', 'net-26', 'streams-26', 'handles-26'];
/** The round before the first, so that all code is compiled; and the load before each window, for its new connections. */
const FIRST_ROUND_SECONDS = 2;
const WARMUP_SECONDS = 0.3;

/** The machine is not quiet when servers wait so much of the time for a CPU that should be theirs. */
const DISTURBED_SHARE = 0.03;

/**
 * One measured window. `cpu` in ns a message; `waited`, the share of the time in which others had the server's CPU.
 * @typedef {{ cpu: number, waited: number, result: import('../load.mjs').EchoResult }} Window
 */

/** @type {import('../load.mjs').Case} */
export const echo = {
	name: 'echo',
	summary: 'server CPU and latency of a 64-byte echo on 50 connections',
	async run(settings, surroundings) {
		const names = [...new Set([BASE, ...(settings.contenders ?? DEFAULT)])];
		const { servers, absent } = await startServers(names, 'echo', surroundings, settings.unix);
		if (!servers.some(({ contender }) => contender.name === BASE)) {
			throw new Error(`without the C server there is nothing to compare with: ${absent[0]?.reason}`);
		}
		const rounds = settings.rounds ?? 9;
		const random = randomFrom(settings.seed);
		/** @type {Map<string, Window[]>} */
		const windows = new Map(servers.map(({ contender }) => [contender.name, []]));
		for (let round = 0; round <= rounds; round++) {
			// Round 0 is not measured.
			for (const server of shuffle(servers, random)) {
				const { name } = server.contender;
				const seconds = round === 0 ? Math.min(FIRST_ROUND_SECONDS, 4 * settings.seconds) : settings.seconds;
				try {
					const { cpu, waited, ...result } = await putLoad(
						'echo-load',
						server,
						surroundings.cores.load,
						[
							...loadOptions(settings),
							...['--seconds', String(seconds), '--warmup', String(Math.min(WARMUP_SECONDS, seconds))],
							...['--limit', String(seconds + 20)],
						],
						{ seconds: seconds + 25 },
					);
					const window = { cpu: cpu / result.messages, waited: waited / (result.seconds * 1e9), result };
					if (round > 0) windows.get(name)?.push(window);
					showProgress(`${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}  ${describeWindow(name, window)}`);
				} catch (error) {
					if (name === BASE) throw error;
					absent.push({ name, reason: `in round ${round}: ${reasonOf(error)}` });
					windows.delete(name);
					servers.splice(servers.indexOf(server), 1);
					await stopServer(server);
					showProgress(`${name}: left out (${reasonOf(error)})`);
				}
			}
		}
		await Promise.all(servers.map(stopServer));
		const failed = absent.some(({ reason }) => /^in round|wrong echo/.test(reason));
		return {
			...report(servers, windows, settings, rounds),
			notes: [...absenceNotes(absent), ...disturbance(windows)],
			failed,
		};
	},
};

/**
 * The same load for whoever else wants it.
 * @param {import('../arguments.mjs').Settings} settings
 */
export function loadOptions({ connections = 50, size, depth }) {
	return ['--connections', String(connections), '--size', String(size), '--depth', String(depth)];
}

/**
 * @param {string} name
 * @param {Window} window
 */
function describeWindow(name, { cpu, result }) {
	const rate = formatNumber(result.messages / result.seconds, 0);
	return `${name.padEnd(10)} ${formatNumber(cpu / 1000, 2)} µs CPU/message, ${rate} messages/s`;
}

/**
 * @param {readonly import('../contenders.mjs').Server[]} servers
 * @param {Map<string, Window[]>} windows
 * @param {import('../arguments.mjs').Settings} settings
 * @param {number} rounds
 */
function report(servers, windows, settings, rounds) {
	const summaries = servers.map(({ contender, about }) => summarize(contender, about, windows));
	const { connections = 50, size, depth, seconds, seed, unix } = settings;
	return {
		title:
			`echo: ${size} B, ${connections} connections, ${depth} on the way, ${unix ? 'Unix socket' : '127.0.0.1'}; ` +
			`${rounds} rounds of ${seconds} s; ratios are medians of the rounds (quartiles)`,
		columns: ['server', 'CPU µs/message', 'x C', 'x node:net', 'p50 µs', 'p99 µs', 'messages/s', 'busy'],
		rows: summaries.map((summary) => [
			summary.title,
			formatNumber(summary.cpu.median / 1000, 2),
			formatRatio(summary.overBase),
			summary.overRival === undefined ? '' : formatRatio(summary.overRival),
			formatNumber(summary.p50, 0),
			formatNumber(summary.p99, 0),
			formatNumber(summary.rate.median, 0),
			`${formatNumber(summary.busy.median * 100, 0)} %`,
		]),
		figures: { connections, size, depth, seconds, seed, unix, rounds, contenders: summaries },
	};
}

/**
 * @param {import('../contenders.mjs').Contender} contender
 * @param {Record<string, unknown>} about
 * @param {Map<string, Window[]>} windows
 */
function summarize({ name, title, rival }, about, windows) {
	const own = windows.get(name) ?? [];
	const latencies = mergeHistograms(own.map(({ result }) => result.histogram));
	const rivals = rival === undefined ? undefined : windows.get(rival);
	return {
		name,
		title,
		about,
		/** ns a message */
		cpu: spread(own.map(({ cpu }) => cpu)),
		overBase: ratios(own, windows.get(BASE) ?? []),
		overRival: rivals === undefined ? undefined : ratios(own, rivals),
		/** µs, over all rounds */
		p50: percentile(latencies, 0.5) / 1000,
		p99: percentile(latencies, 0.99) / 1000,
		rate: spread(own.map(({ result }) => result.messages / result.seconds)),
		/** the share of the time in which the server ran: below 1, it waited for the load */
		busy: spread(own.map(({ cpu, result }) => (cpu * result.messages) / (result.seconds * 1e9))),
		rounds: own.map(({ cpu, waited, result }) => ({
			cpu,
			waited,
			messages: result.messages,
			p50: result.p50,
			p99: result.p99,
			max: result.max,
		})),
	};
}

/**
 * Round by round: what disturbs the machine for a while disturbs both.
 * @param {readonly Window[]} windows
 * @param {readonly Window[]} others
 */
function ratios(windows, others) {
	return spread(windows.map(({ cpu }, round) => cpu / (others[round]?.cpu ?? NaN)));
}

/** @param {import('../statistics.mjs').Spread} ratio */
function formatRatio({ median, low, high }) {
	return `${formatNumber(median, 2)} (${formatNumber(low, 2)}–${formatNumber(high, 2)})`;
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
