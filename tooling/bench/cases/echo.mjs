/** Server CPU and latency of an echo: the same load with other numbers of connections, sizes and depths. */
import { everybody, mainOnes } from '../contenders.mjs';
import { putLoad } from '../load.mjs';
import { messages, roundsCase } from '../rounds.mjs';

/** The load before each window, for its new connections. */
const WARMUP_SECONDS = 0.3;

/**
 * @typedef {object} Shape of the load; the command line goes before it.
 * @property {number} [connections] - 50
 * @property {number} [size] - 64 B
 * @property {number} [depth] - 1
 * @property {boolean} [unix]
 * @property {readonly string[]} [contenders] - the main ones
 */

export const echoes = [
	echoCase('echo', 'server CPU and latency of a 64-byte echo on 50 connections', { contenders: everybody }),
	echoCase('echo-5', 'the same on 5 connections', { connections: 5 }),
	echoCase('echo-500', 'the same on 500 connections', { connections: 500 }),
	echoCase('echo-4k', 'the same with 4096 bytes', { size: 4096 }),
	echoCase('echo-deep', 'the same with 16 messages on the way at once, a connection', {
		depth: 16,
		contenders: everybody,
	}),
	echoCase('echo-unix', 'the same over Unix sockets', { unix: true }),
];

/**
 * @param {string} name
 * @param {string} summary
 * @param {Shape} shape
 * @returns {import('../load.mjs').Case}
 */
function echoCase(name, summary, shape) {
	return roundsCase(name, summary, (settings, { cores }) => {
		const { connections, size, depth, unix } = shapeOf(settings, shape);
		return {
			title: `${name}: ${size} B, ${connections} connections, ${depth} on the way, ${unix ? 'Unix socket' : '127.0.0.1'}`,
			mode: 'echo',
			contenders: shape.contenders ?? mainOnes,
			unix,
			unit: messages,
			load: (server, seconds) => putEcho(server, cores.load, loadOptions(settings, shape), seconds),
			facts: { connections, size, depth, unix },
		};
	});
}

/**
 * @param {import('../arguments.mjs').Settings} settings
 * @param {Shape} shape
 */
function shapeOf(settings, { connections = 50, size = 64, depth = 1, unix = false }) {
	return {
		connections: settings.connections ?? connections,
		size: settings.size ?? size,
		depth: settings.depth ?? depth,
		unix: settings.unix || unix,
	};
}

/**
 * @param {import('../arguments.mjs').Settings} settings
 * @param {Shape} [shape]
 */
export function loadOptions(settings, shape = {}) {
	const { connections, size, depth } = shapeOf(settings, shape);
	return ['--connections', String(connections), '--size', String(size), '--depth', String(depth)];
}

/**
 * @param {import('../contenders.mjs').Server} server
 * @param {number | undefined} core
 * @param {string[]} options
 * @param {number} seconds
 * @returns {Promise<import('../rounds.mjs').Measured>}
 */
export async function putEcho(server, core, options, seconds) {
	const { messages: units, ...result } = await putLoad(
		'echo-load',
		server,
		core,
		[
			...options,
			...['--seconds', String(seconds), '--warmup', String(Math.min(WARMUP_SECONDS, seconds))],
			...['--limit', String(seconds + 20)],
		],
		{ seconds: seconds + 25 },
	);
	return { ...result, units };
}
