/**
 * A long stream through the echo server and back on one connection: every byte checked, both checksums equal, and the
 * server's memory flat, though the client reads nothing in the beginning.
 */
import { absenceNotes, collectGarbage, putLoad, reasonOf, startServers, stopServer } from '../load.mjs';
import { formatMegabytes, formatNumber, showProgress } from '../output.mjs';
import { memory, resetPeak } from '../procfs.mjs';

const DEFAULT = ['c', 'net', 'streams', 'handles', 'portable'];
/** Before it is measured, so that pools have their size and code is compiled. */
const FIRST_MEGABYTES = 64;
/** More growth than this is not flat: chunks that wait for the collector are about a third of it. */
const FLAT_BYTES = 100e6;

/** @type {import('../load.mjs').Case} */
export const file = {
	name: 'file',
	summary: 'a 1 GB stream through the server and back: checksum, memory, CPU',
	async run(settings, surroundings) {
		const { contenders: names = DEFAULT, megabytes = 1024 } = settings;
		const { servers, absent } = await startServers({ names, mode: 'pipe', unix: settings.unix }, surroundings);
		/** @type {(Measurement & { name: string, title: string })[]} */
		const measured = [];
		/** @type {string[]} */
		const failures = [];
		for (const server of servers) {
			const { name, title } = server.contender;
			showProgress(`file  ${name}: ${megabytes} MB there and back`);
			try {
				const measurement = await sendStream(server, surroundings.cores.load, megabytes);
				measured.push({ name, title, ...measurement });
				if (!measurement.flat) failures.push(`${name}: memory grew by ${formatMegabytes(measurement.growth)} MB`);
				if (measurement.sent !== measurement.received) failures.push(`${name}: the checksums differ`);
			} catch (error) {
				failures.push(`${name}: ${reasonOf(error)}`);
			}
			await stopServer(server);
		}
		return {
			title: `file: ${formatNumber(megabytes, 0)} MB through the server and back; RSS of the server`,
			columns: ['server', 'checksum', 'before MB', 'peak MB', 'after MB', 'memory', 'CPU s/GB', 'MB/s'],
			rows: measured.map((one) => [
				one.title,
				one.sent === one.received ? 'equal' : 'DIFFERS',
				formatMegabytes(one.before),
				formatMegabytes(one.peak),
				formatMegabytes(one.after),
				one.flat ? 'flat' : 'GREW',
				formatNumber(one.cpu / one.bytes, 2),
				formatNumber(one.bytes / one.seconds / 1e6, 0),
			]),
			notes: [...absenceNotes(absent), ...failures.map((failure) => `FAILED: ${failure}`)],
			failed: failures.length > 0,
			figures: { megabytes, contenders: measured },
		};
	},
};

/**
 * Memory in bytes; `growth` is peak less before; `cpu` in ns.
 * @typedef {import('../load.mjs').StreamResult & { cpu: number, before: number, peak: number, after: number, growth: number,
 *   flat: boolean }} Measurement
 */

/**
 * @param {import('../contenders.mjs').Server} server
 * @param {number | undefined} core
 * @param {number} megabytes
 * @returns {Promise<Measurement>}
 */
async function sendStream(server, core, megabytes) {
	await putLoad('stream-load', server, core, ['--megabytes', String(FIRST_MEGABYTES)]);
	await collectGarbage(server);
	resetPeak(server.pid);
	const before = memory(server.pid).resident;
	// At least 10 MB/s; a server that hangs is found by the generator after ten silent seconds.
	const seconds = 60 + megabytes / 10;
	const options = ['--megabytes', String(megabytes), '--limit', String(seconds)];
	const result = await putLoad('stream-load', server, core, options, { seconds });
	const { peak } = memory(server.pid);
	await collectGarbage(server);
	const growth = peak - before;
	return { ...result, before, peak, after: memory(server.pid).resident, growth, flat: growth <= FLAT_BYTES };
}
