/** Node's own `http` and `https` over our sockets (`emit('connection')`) next to the same over Node's. */
import { roundsCase } from '../rounds.mjs';
import { makeCertificate, putWebLoad, whyNoWebLoad } from '../web-load.mjs';

const DEFAULT = ['net', 'streams', 'portable', 'net-26', 'streams-26', 'bun-net', 'deno-net', 'go'];

/** @type {import('../rounds.mjs').Unit} */
const unit = { name: 'request', cpu: 'CPU µs/request', scale: 1000, rate: 'requests/s', rateScale: 1 };

export const webs = [
	webCase('http', "Node's http over our sockets and over its own: 50 connections kept alive"),
	webCase('https', "Node's https over our sockets and over its own: 50 connections kept alive"),
];

/**
 * @param {'http' | 'https'} name
 * @param {string} summary
 * @returns {import('../load.mjs').Case}
 */
function webCase(name, summary) {
	const secure = name === 'https';
	return roundsCase(name, summary, (settings, { cores, directory }) => {
		const { connections = 50 } = settings;
		return (
			whyNoWebLoad() ?? {
				title: `${name}: ${connections} connections kept alive, a body of 14 B`,
				mode: name,
				contenders: DEFAULT,
				...(secure ? { environment: makeCertificate(directory) } : {}),
				unit,
				load: (server, seconds) => putWebLoad(server, cores.load, { secure, connections, seconds }),
				facts: { connections },
			}
		);
	});
}
