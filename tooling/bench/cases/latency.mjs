/**
 * Latency at a load that does not depend on the server: messages are due at fixed times, and one that waits because the
 * server is behind counts from when it was due. The loads are shares of what node:net on this Node can do at most.
 */
import { mainOnes } from '../contenders.mjs';
import { formatNumber } from '../output.mjs';
import { FLOOR, measureRounds, messages } from '../rounds.mjs';
import { loadOptions, putEcho } from './echo.mjs';

/** Of the rate that saturates node:net. */
const SHARES = [0.5, 0.8, 1];
const SATURATED = 'net';

/** By load, ascending. @typedef {{ loads: ({ rate: number } & import('../rounds.mjs').Figures)[] }} Figures */

/** @type {import('../load.mjs').Case} */
export const latency = {
	name: 'latency',
	summary: 'p50 and p99 of an echo at given loads, up to the one that saturates node:net',
	async run(settings, surroundings) {
		const options = loadOptions(settings);
		const { load } = surroundings.cores;
		/** @param {string} title @param {string[]} rate @returns {import('../rounds.mjs').Plan} */
		const plan = (title, rate) => ({
			title,
			mode: 'echo',
			contenders: mainOnes,
			unix: settings.unix,
			unit: messages,
			load: (server, seconds) => putEcho(server, load, [...options, ...rate], seconds),
		});
		const outcomes = [];
		const rates = settings.rate === undefined ? undefined : [settings.rate];
		for (const rate of rates ?? (await saturation(plan, settings, surroundings))) {
			outcomes.push({ rate, ...(await measureRounds(plan(`latency at ${formatNumber(rate, 0)} messages/s`, ['--rate', String(rate)]), settings, surroundings)) }); // prettier-ignore
		}
		const [first] = outcomes;
		if (first === undefined) throw new Error('no load was measured');
		return {
			title: first.title.replace(/^latency at [^;]*/, 'latency at given loads'),
			columns: ['server', 'load messages/s', 'p50 µs', 'p99 µs', 'CPU µs/message', 'busy'],
			rows: outcomes.flatMap(({ rate, figures }) =>
				figures.contenders.map(({ title, p50, p99, cpu, busy }) => [
					title,
					formatNumber(rate, 0),
					formatNumber(p50, 0),
					formatNumber(p99, 0),
					formatNumber(cpu.median / messages.scale, 2),
					`${formatNumber(busy.median * 100, 0)} %`,
				]),
			),
			notes: [...new Set(outcomes.flatMap(({ notes }) => notes))],
			failed: outcomes.some(({ failed }) => failed),
			figures: { loads: outcomes.map(({ rate, figures }) => ({ rate, ...figures })) },
		};
	},
};

/**
 * @param {(title: string, rate: string[]) => import('../rounds.mjs').Plan} plan
 * @param {import('../arguments.mjs').Settings} settings
 * @param {import('../load.mjs').Surroundings} surroundings
 * @returns {Promise<number[]>} the loads, in messages a second.
 */
async function saturation(plan, settings, surroundings) {
	const few = { ...settings, contenders: [FLOOR, SATURATED], rounds: Math.min(3, settings.rounds ?? 3) };
	const { figures } = await measureRounds(plan('how much node:net can do', []), few, surroundings);
	const most = figures.contenders.find(({ name }) => name === SATURATED)?.rate.median;
	if (most === undefined) throw new Error('node:net did not run, so there is no load: name one by --rate');
	return SHARES.map((share) => Math.round(most * share));
}
