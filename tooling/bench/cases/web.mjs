/** Web servers over our sockets next to the same over Node's: `http` and `https` by `emit('connection')`, fastify by register. */
import { registrants } from '../contenders.mjs';
import { letWork } from '../load.mjs';
import { roundsCase } from '../rounds.mjs';
import { makeCertificate, putWebLoad, whyNoWebLoad } from '../web-load.mjs';

const DEFAULT = ['net', 'streams', 'portable', 'net-26', 'streams-26', 'bun-net', 'deno-net', 'go'];
/** What there is of http itself. */
const FLOORS = ['memory', 'memory-26'];

/** @type {import('../rounds.mjs').Unit} */
const unit = { name: 'request', cpu: 'CPU µs/request', scale: 1000, rate: 'requests/s', rateScale: 1 };

export const webs = [
	webCase('http', "Node's http over our sockets and over its own: 50 connections kept alive", {
		answer: 'a body of 14 B',
		contenders: [...DEFAULT, ...FLOORS],
	}),
	webCase('https', "Node's https over our sockets and over its own: 50 connections kept alive", {
		answer: 'a body of 14 B',
		contenders: DEFAULT,
	}),
	webCase('fastify', 'fastify behind register and without it: 50 connections kept alive', {
		answer: 'a body of 17 B, JSON; "streams" is register',
		contenders: registrants,
	}),
];

/**
 * @param {'http' | 'https' | 'fastify'} name
 * @param {string} summary
 * @param {{ answer: string, contenders: readonly string[] }} more
 * @returns {import('../load.mjs').Case}
 */
function webCase(name, summary, { answer, contenders }) {
	const secure = name === 'https';
	return roundsCase(name, summary, (settings, { cores, directory }) => {
		const { connections = 50 } = settings;
		return (
			whyNoWebLoad() ?? {
				title: `${name}: ${connections} connections kept alive, ${answer}`,
				mode: name,
				contenders,
				...(secure ? { environment: makeCertificate(directory) } : {}),
				unit,
				load: (server, seconds) =>
					server.contender.alone
						? letWork(server, seconds)
						: putWebLoad(server, cores.load, { secure, connections, seconds }),
				facts: { connections },
			}
		);
	});
}
