/** Connections that come and go: what it costs to take one and to be rid of it. */
import { mainOnes } from '../contenders.mjs';
import { putLoad } from '../load.mjs';
import { roundsCase } from '../rounds.mjs';

const WARMUP_SECONDS = 0.2;

/** @type {import('../rounds.mjs').Unit} */
const unit = {
	name: 'connection',
	cpu: 'CPU µs/connection',
	scale: 1000,
	rate: 'connections/s',
	rateScale: 1,
};

export const accepts = [
	acceptCase('accept', 'a connection is opened and closed again, 20 at once', 0),
	acceptCase('connect', 'a connection is opened, echoes 64 bytes and is closed again, 20 at once', 64),
];

/**
 * @param {string} name
 * @param {string} summary
 * @param {number} size - of the message; 0: none.
 * @returns {import('../load.mjs').Case}
 */
function acceptCase(name, summary, size) {
	return roundsCase(name, summary, (settings, { cores }) => {
		const { connections = 20, unix } = settings;
		return {
			title: `${name}: open, ${size === 0 ? '' : `echo ${size} B, `}close; ${connections} connections at once`,
			mode: 'echo',
			contenders: [...mainOnes, 'go'],
			unix,
			unit,
			async load(server, seconds) {
				const options = ['--connections', String(connections), '--size', String(size), '--seconds', String(seconds)];
				const limits = ['--warmup', String(Math.min(WARMUP_SECONDS, seconds)), '--limit', String(seconds + 20)];
				const words = [...options, ...limits];
				const more = { seconds: seconds + 25 };
				const { messages: units, ...result } = await putLoad('connect-load', server, cores.load, words, more);
				return { ...result, units };
			},
			facts: { connections, size, unix },
		};
	});
}
