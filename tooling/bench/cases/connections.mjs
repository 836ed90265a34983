/**
 * Many open connections, then gone: what an idle one costs, whether every descriptor comes back, and whether the next
 * round needs more memory than the first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { everybody } from '../contenders.mjs';
import { absenceNotes, collectGarbage, putLoad, reasonOf, startServers, stopServer } from '../load.mjs';
import { allowDescriptors } from '../machine.mjs';
import { formatMegabytes, formatNumber, showProgress } from '../output.mjs';
import { descriptors, memory, threadTimes, timesBetween } from '../procfs.mjs';
import { quantile } from '../statistics.mjs';

/** How long a server may take to accept or to close them all. */
const SETTLE_SECONDS = 20;
/**
 * What the last round may leave behind more than the one before. The first ones fill pools and compile code. The heap is
 * exact after a collection, 250 kB are 25 bytes a connection; RSS holds what the allocator keeps for later.
 */
const HEAP_NOISE = 250e3;
const RESIDENT_NOISE = 8e6;

/** @type {import('../load.mjs').Case} */
export const connections = {
	name: 'connections',
	summary: '10,000 open connections, then gone: memory each, descriptors, growth',
	async run(settings, surroundings) {
		const count = settings.connections ?? 10_000;
		const rounds = settings.rounds ?? 3;
		allowDescriptors(count + 100);
		const names = settings.contenders ?? everybody;
		const { servers, absent } = await startServers({ names, mode: 'echo', unix: settings.unix }, surroundings);
		/** @type {Measured[]} */
		const measured = [];
		/** @type {string[]} */
		const failures = [];
		/** @type {string[]} */
		const remarks = [];
		for (const server of servers) {
			const { name, title, kind } = server.contender;
			try {
				// A few first: what the first connection of a process loads is no connection's cost.
				await openAndClose(server, surroundings.cores.load, Math.min(count, 500));
				/** @type {Round[]} */
				const own = [];
				for (let round = 1; round <= rounds; round++) {
					showProgress(`connections  ${name}: round ${round}/${rounds}`);
					own.push(await openAndClose(server, surroundings.cores.load, count));
				}
				const idle = own[0] === undefined ? NaN : idleBytes(own[0], count);
				measured.push({ name, title, kind, idle, accept: quantile(own.map((round) => round.accept), 0.5), rounds: own }); // prettier-ignore
				// Only what is ours can be mended here.
				(kind === 'ours' ? failures : remarks).push(...complaints(own).map((complaint) => `${name}: ${complaint}`));
			} catch (error) {
				failures.push(`${name}: ${reasonOf(error)}`);
			}
			await stopServer(server);
		}
		return {
			title: `connections: ${formatNumber(count, 0)} open, idle, then gone; ${rounds} rounds; RSS of the server`,
			columns: [
				...['server', 'round', 'before MB', 'open MB', 'gone MB', 'bytes each', 'JS bytes each', 'JS gone MB'],
				...['fds before', 'open', 'gone', 'accept µs'],
			],
			rows: measured.flatMap(({ title, rounds: own }) => own.map((round, i) => rowOf(title, i, round, count))),
			notes: [...absenceNotes(absent), ...remarks, ...failures.map((failure) => `FAILED: ${failure}`)],
			failed: failures.length > 0,
			figures: { connections: count, contenders: measured },
		};
	},
};

/**
 * `idle`: bytes an open connection; `accept`: ns, the median of the rounds.
 * @typedef {object} Measured
 * @property {string} name
 * @property {string} title
 * @property {'ours' | 'node' | 'other'} kind
 * @property {number} idle
 * @property {number} accept
 * @property {Round[]} rounds
 *
 * @typedef {{ connections: number, contenders: Measured[] }} Figures
 *
 * `before`, with all connections `open` and nothing sent, and when they are `gone`; `accept`: the server's CPU for taking
 * one, in ns.
 * @typedef {{ before: State, open: State, gone: State, accept: number }} Round
 *
 * Bytes resident, bytes in use by JavaScript (heap, external, array buffers; 0 in C), open descriptors.
 * @typedef {{ resident: number, heap: number, descriptors: number }} State
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
			accept = timesBetween(start, threadTimes(server.pid)).running / count;
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
	const { heapUsed = 0, external = 0 } = await collectGarbage(server);
	const { resident } = memory(server.pid);
	return { resident, heap: heapUsed + external, descriptors: descriptors(server.pid) };
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
 * What is resident grows less than what is used where the heap had room, and more where it got some: the larger one counts.
 * @param {Round} round - the first one.
 * @param {number} count
 */
function idleBytes({ before, open }, count) {
	return Math.max(open.resident - before.resident, open.heap - before.heap) / count;
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
	const [before, last] = [rounds.at(-2)?.gone, rounds.at(-1)?.gone];
	if (before === undefined || last === undefined) return found;
	const heap = last.heap - before.heap;
	if (heap > HEAP_NOISE) found.push(`after the last round the heap keeps ${formatMegabytes(heap)} MB more`);
	const resident = last.resident - before.resident;
	if (resident > RESIDENT_NOISE) found.push(`after the last round ${formatMegabytes(resident)} MB more are resident`);
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
		formatNumber((open.heap - before.heap) / count, 0),
		formatMegabytes(gone.heap),
		...[before, open, gone].map((state) => String(state.descriptors)),
		formatNumber(accept / 1000, 1),
	];
}
