/** A server that has just started: how long until it listens, until the first echo is there, and what that took. */
import { contenders, everybody, startServer } from '../contenders.mjs';
import { absenceNotes, putLoad, reasonOf, stopServer } from '../load.mjs';
import { formatNumber, showProgress } from '../output.mjs';
import { threadTimes, timesBetween } from '../procfs.mjs';
import { randomFrom, shuffle, spread } from '../statistics.mjs';

/**
 * One start: ms until it listens, µs from the first `connect` to the echo, ms of CPU in all.
 * @typedef {{ ready: number, first: number, cpu: number }} Start
 *
 * @typedef {import('../statistics.mjs').Spread} Spread
 * @typedef {{ name: string, title: string, kind: 'ours' | 'node' | 'other', ready: Spread, first: Spread, cpu: Spread }} Measured
 * @typedef {{ rounds: number, contenders: Measured[] }} Figures
 */

/** @type {import('../load.mjs').Case} */
export const first = {
	name: 'first',
	summary: 'from the start of a server to its first echo',
	async run(settings, { cores, directory }) {
		const rounds = settings.rounds ?? 9;
		const random = randomFrom(settings.seed);
		const names = settings.contenders ?? everybody;
		/** @type {Map<import('../contenders.mjs').Contender, Start[]>} */
		const starts = new Map(contenders.filter(({ name }) => names.includes(name)).map((one) => [one, []]));
		/** @type {import('../load.mjs').Absence[]} */
		const absent = [];
		// Round 0 brings the files into the kernel's cache.
		for (let round = 0; round <= rounds; round++) {
			showProgress(`first  round ${round} of ${rounds}`);
			for (const contender of shuffle([...starts.keys()], random)) {
				try {
					const start = await startOnce(contender, cores, settings.unix ? `${directory}/first.sock` : undefined);
					if (round > 0) starts.get(contender)?.push(start);
				} catch (error) {
					const reason = reasonOf(error).replace(`${contender.name}: `, '');
					absent.push({ name: contender.name, reason, failed: round > 0 });
					starts.delete(contender);
				}
			}
		}
		const measured = [...starts].map(([{ name, title, kind }, own]) => ({
			name,
			title,
			kind,
			ready: spread(own.map(({ ready }) => ready)),
			first: spread(own.map((start) => start.first)),
			cpu: spread(own.map(({ cpu }) => cpu)),
		}));
		return {
			title: `first: a server starts and echoes 64 B; medians of ${rounds} rounds`,
			columns: ['server', 'listens after ms', 'first echo after µs', 'CPU ms in all'],
			rows: measured.map(({ title, ready, first: echo, cpu }) => [
				title,
				formatNumber(ready.median, 1),
				formatNumber(echo.median, 0),
				formatNumber(cpu.median, 1),
			]),
			notes: absenceNotes(absent),
			failed: absent.some(({ failed }) => failed),
			figures: { rounds, contenders: measured },
		};
	},
};

/**
 * @param {import('../contenders.mjs').Contender} contender
 * @param {import('../machine.mjs').Cores} cores
 * @param {string | undefined} path
 * @returns {Promise<Start>}
 */
async function startOnce(contender, cores, path) {
	const started = performance.now();
	const server = await startServer(contender, { mode: 'echo', core: cores.server, path });
	const ready = performance.now() - started;
	try {
		const options = ['--connections', '1', '--messages', '1', '--limit', '10'];
		const { p50 } = await putLoad('connect-load', server, cores.load, options);
		const { running } = timesBetween(new Map(), threadTimes(server.pid));
		return { ready, first: p50, cpu: running / 1e6 };
	} finally {
		await stopServer(server);
	}
}
