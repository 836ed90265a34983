/**
 * Many open connections, then gone: what an idle one costs, whether every descriptor comes back, and whether the next
 * round needs more memory than the first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { absenceNotes, collectGarbage, putLoad, reasonOf, startServers, stopServer } from '../load.mjs';
import { allowDescriptors } from '../machine.mjs';
import { formatMegabytes, formatNumber, showProgress } from '../output.mjs';
import { descriptors, memory, threadTimes, timeBetween } from '../procfs.mjs';

const DEFAULT = ['c', 'net', 'streams', 'handles', 'portable'];
/** How long a server may take to accept or to close them all. */
const SETTLE_SECONDS = 20;
/** A later round may need so much more than the first one; less is the allocator's noise. */
const NOISE_SHARE = 0.05;
const NOISE_BYTES = 4e6;

/** @type {import('../load.mjs').Case} */
export const connections = {
	name: 'connections',
	summary: '10,000 open connections, then gone: memory each, descriptors, growth',
	async run(settings, surroundings) {
		const count = settings.connections ?? 10_000;
		const rounds = settings.rounds ?? 2;
		allowDescriptors(count + 100);
		const names = settings.contenders ?? DEFAULT;
		const { servers, absent } = await startServers(names, 'echo', surroundings, settings.unix);
		/** @type {{ name: string, title: string, rounds: Round[] }[]} */
		const measured = [];
		/** @type {string[]} */
		const failures = [];
		for (const server of servers) {
			const { name, title } = server.contender;
			try {
				// A few first: what the first connection of a process loads is no connection's cost.
				await openAndClose(server, surroundings.cores.load, Math.min(count, 500));
				/** @type {Round[]} */
				const own = [];
				for (let round = 1; round <= rounds; round++) {
					showProgress(`connections  ${name}: round ${round}/${rounds}`);
					own.push(await openAndClose(server, surroundings.cores.load, count));
				}
				measured.push({ name, title, rounds: own });
				failures.push(...complaints(own).map((complaint) => `${name}: ${complaint}`));
			} catch (error) {
				failures.push(`${name}: ${reasonOf(error)}`);
			}
			await stopServer(server);
		}
		return {
			title: `connections: ${formatNumber(count, 0)} open, idle, then gone; ${rounds} rounds; RSS of the server`,
			columns: [
				'server',
				'round',
				'before MB',
				'open MB',
				'gone MB',
				'bytes each',
				'fds before',
				'open',
				'gone',
				'accept µs',
			],
			rows: measured.flatMap(({ title, rounds: own }) => own.map((round, i) => rowOf(title, i, round, count))),
			notes: [...absenceNotes(absent), ...failures.map((failure) => `FAILED: ${failure}`)],
			failed: failures.length > 0,
			figures: { connections: count, contenders: measured },
		};
	},
};

/**
 * Bytes resident and open descriptors before, with all connections open, and when they are gone; `accept`: the server's CPU
 * for taking one, in ns.
 * @typedef {{ before: State, open: State, gone: State, accept: number }} Round
 * @typedef {{ resident: number, descriptors: number }} State
 */

/**
 * @param {import('../contenders.mjs').Server} server
 * @param {number | undefined} core
 * @param {number} count
 * @returns {Promise<Round>}
 */
async function openAndClose(server, core, count) {
	const before = await settledState(server);
	/** @type {State | undefined} */
	let open;
	let accept = NaN;
	const start = threadTimes(server.pid);
	await putLoad('echo-load', server, core, ['--connections', String(count), '--messages', String(count)], {
		before: async () => {
			await descriptorsReach(server, (now) => now >= before.descriptors + count);
			accept = timeBetween(start, threadTimes(server.pid)) / count;
			open = await settledState(server);
		},
	});
	await descriptorsReach(server, (now) => now <= before.descriptors);
	if (open === undefined) throw new Error('the connections were not opened');
	return { before, open, gone: await settledState(server), accept };
}

/**
 * @param {import('../contenders.mjs').Server} server
 * @returns {Promise<State>}
 */
async function settledState(server) {
	await collectGarbage(server);
	return { resident: memory(server.pid).resident, descriptors: descriptors(server.pid) };
}

/**
 * Waits until it is so, or for SETTLE_SECONDS; who looks at the figures then sees what is missing.
 * @param {import('../contenders.mjs').Server} server
 * @param {(now: number) => boolean} enough
 */
async function descriptorsReach(server, enough) {
	const end = Date.now() + SETTLE_SECONDS * 1000;
	while (!enough(descriptors(server.pid)) && Date.now() < end) await sleep(20);
}

/**
 * @param {readonly Round[]} rounds
 * @returns {string[]} what is not as it should be.
 */
function complaints(rounds) {
	const found = rounds.flatMap(({ before, gone }, i) => {
		const left = gone.descriptors - before.descriptors;
		return left > 0 ? [`${left} descriptors were left open after round ${i + 1}`] : [];
	});
	const [first, last] = [rounds[0], rounds.at(-1)];
	if (first !== undefined && last !== undefined) {
		const growth = last.open.resident - first.open.resident;
		if (growth > Math.max(NOISE_BYTES, first.open.resident * NOISE_SHARE)) {
			found.push(`the last round needed ${formatMegabytes(growth)} MB more than the first`);
		}
	}
	return found;
}

/**
 * @param {string} title
 * @param {number} index
 * @param {Round} round
 * @param {number} count
 */
function rowOf(title, index, { before, open, gone, accept }, count) {
	return [
		title,
		String(index + 1),
		formatMegabytes(before.resident),
		formatMegabytes(open.resident),
		formatMegabytes(gone.resident),
		formatNumber((open.resident - before.resident) / count, 0),
		...[before, open, gone].map((state) => String(state.descriptors)),
		formatNumber(accept / 1000, 1),
	];
}
