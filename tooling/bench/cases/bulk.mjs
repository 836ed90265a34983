/** Many bytes on one connection: the server receives them, sends them, or pipes them from one socket into another. */
import { putLoad } from '../load.mjs';
import { roundsCase } from '../rounds.mjs';

const NODES = ['net', 'streams', 'handles', 'portable', 'net-26', 'streams-26', 'handles-26'];
const DEFAULT = [...NODES, 'bun', 'bun-net', 'deno-net', 'go'];

/** @type {import('../rounds.mjs').Unit} */
const unit = { name: 'byte', cpu: 'CPU s/GB', scale: 1, rate: 'MB/s', rateScale: 1e6 };

export const bulks = [
	bulkCase('receive', 'the server receives a stream and drops it', 'sink'),
	bulkCase('send-64k', 'the server sends a stream in chunks of 64 KB', 'source:65536'),
	bulkCase('send-1m', 'the server sends a stream in chunks of 1 MB', 'source:1048576'),
	bulkCase('forward', 'the server pipes a stream from one connection into another', 'forward'),
];

/**
 * @param {string} name
 * @param {string} summary
 * @param {import('../contenders.mjs').Mode} mode
 * @returns {import('../load.mjs').Case}
 */
function bulkCase(name, summary, mode) {
	const [kind = '', chunk = '65536'] = mode.split(':');
	return roundsCase(name, summary, (settings, { cores }) => {
		const { megabytes = 512, unix } = settings;
		return {
			title: `${name}: ${summary}, ${megabytes} MB`,
			mode,
			contenders: DEFAULT,
			unix,
			unit,
			async load(server, seconds) {
				// The proof is as much shorter as in other cases, and the first round as much longer.
				const share = seconds / settings.seconds;
				const limit = 30 + (megabytes * Math.max(1, share)) / 10;
				const size = ['--chunk', chunk, '--megabytes', String(megabytes * share), '--limit', String(limit)];
				const more = { seconds: limit + 5 };
				const result = await putLoad('stream-load', server, cores.load, ['--as', kind, ...size], more);
				return { ...result, units: result.bytes };
			},
			facts: { megabytes, chunk: Number(chunk), unix },
		};
	});
}
