/**
 * Who is compared, and how each is started. A server program is told a mode and, for a Unix socket, `--path FILE`. It prints
 * one line of JSON ({"port"}, and what it has to say of itself), answers each line on stdin by a line of JSON, and ends when
 * stdin ends. A new contender is an entry in `contenders` and a program in servers/ or native/.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './children.mjs';
import { goProgram, nativeProgram } from './native.mjs';
import { readIfThere } from './procfs.mjs';

/**
 * @typedef {'echo' | 'pipe' | 'burst' | 'sink' | `source:${number}` | 'forward' | 'http' | 'https' | 'fastify' | 'redis'} Mode
 *   What the server does with a connection. `echo`: writes each chunk back as it comes; `pipe`: does so and reads no further
 *   while the peer takes nothing; `burst`: writes it back 16 times; `sink`: drops it, and says in the end how much it was;
 *   `source`: sends as much as it is asked for, in chunks of that size; `forward`: every two connections are piped into each
 *   other; `http`, `https`, `fastify`: answers requests; `redis`: is no server, but asks the Redis that BENCH_REDIS names.
 *
 * @typedef {object} Contender
 * @property {string} name - for `--contenders`.
 * @property {string} title - for tables.
 * @property {'ours' | 'node' | 'other'} kind
 * @property {string} [rival] - the contender of Node's own on the same Node; there is a column for it.
 * @property {readonly string[]} modes - those it has, without a size.
 * @property {boolean} [alone] - it puts its load on itself.
 * @property {string} [program] - what has to be installed to run it.
 * @property {string} [node] - the Node that runs it.
 * @property {(mode: Mode) => string[]} command - without the listening path.
 * @property {Record<string, string>} [environment]
 */

const servers = join(import.meta.dirname, 'servers');
const hosts = join(import.meta.dirname, '..', 'nodes', 'node_modules');
const node = process.execPath;
const node26 = join(hosts, 'node26', 'bin', 'node');
const bun = join(hosts, '@oven/bun-linux-x64', 'bin', 'bun');
const deno = join(hosts, '@deno/linux-x64-glibc', 'deno');
/** This Node and the newest one. */
export const nodes = [
	{ version: process.versions.node, program: node },
	{ version: versionOf(join(hosts, 'node26')) ?? '26', program: node26 },
];
const denoOptions = ['run', '--allow-all', '--no-lock', '--no-check', '--v8-flags=--expose-gc'];

const BYTES = ['echo', 'pipe', 'burst', 'sink', 'source', 'forward'];
const ALL = [...BYTES, 'http', 'https'];
/** Programs as people have them, which listen or ask by themselves: what is ours comes below them by register. */
const PROGRAMS = ['fastify', 'redis'];
/** Who runs them. */
export const registrants = ['net', 'streams', 'net-26', 'streams-26'];

/** @type {Contender[]} */
export const contenders = [
	{
		name: 'c',
		title: 'C, epoll',
		kind: 'other',
		modes: ['echo', 'pipe', 'burst'],
		command: (mode) => [nativeProgram('epoll-echo'), ...(mode === 'burst' ? ['--copies', '16'] : [])],
	},
	onNode('net', node, 'node-net'),
	onNode('streams', node, 'streams', 'native'),
	onNode('handles', node, 'handles', 'native'),
	onNode('portable', node, 'streams', 'portable'),
	onNode('net-26', node26, 'node-net'),
	onNode('streams-26', node26, 'streams', 'native'),
	onNode('handles-26', node26, 'handles', 'native'),
	inMemory('memory', node, 'net'),
	inMemory('memory-26', node26, 'net-26'),
	{ ...onHost('bun', 'Bun.listen, Bun', bun, 'bun-listen', [bun]), modes: BYTES },
	onHost('bun-net', 'node:net, Bun', bun, 'node-net', [bun]),
	{
		...onHost('deno-net', 'node:net, Deno', deno, 'node-net', [deno, ...denoOptions]),
		environment: { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(import.meta.dirname, 'build', 'deno') },
	},
	{
		name: 'go',
		title: 'Go, net',
		kind: 'other',
		modes: ALL,
		command: (mode) => [goProgram('go-server', join(servers, 'go')), mode],
	},
];

/** All that carry bytes, and those that are of interest everywhere: a case that measures one more thing need not take all. */
export const everybody = contenders.filter(({ modes }) => modes.includes('echo')).map(({ name }) => name);
export const mainOnes = ['c', 'net', 'streams', 'handles', 'net-26', 'streams-26', 'handles-26', 'bun', 'bun-net'];

/**
 * @param {string} name
 * @param {string} program - the Node that runs it.
 * @param {string} server - file in servers/.
 * @param {'native' | 'portable'} [driver]
 * @returns {Contender}
 */
function onNode(name, program, server, driver) {
	const what = driver === 'portable' ? `${server}, portable` : driver === undefined ? 'node:net' : server;
	const register = () => (driver === undefined ? [] : ['--import', import.meta.resolve('@net/node/register')]);
	/** @type {(mode: Mode) => string[]} */
	const start = (mode) => (PROGRAMS.includes(mode) ? [...register(), programFile(mode)] : [programFile(server)]);
	return {
		name,
		title: `${what}, ${titleOf(program)}`,
		kind: driver === undefined ? 'node' : 'ours',
		modes: [...(server === 'handles' ? BYTES : ALL), ...(registrants.includes(name) ? PROGRAMS : [])],
		program,
		node: program,
		command: (mode) => [program, '--expose-gc', ...start(mode), mode],
		...(driver === undefined
			? {}
			: { environment: { NET_LOOP_DRIVER: driver }, rival: name.endsWith('-26') ? 'net-26' : 'net' }),
	};
}

/**
 * The floor of all that carry Node's http.
 * @param {string} name
 * @param {string} program - the Node that runs it.
 * @param {string} rival
 * @returns {Contender}
 */
function inMemory(name, program, rival) {
	return {
		...{ name, title: `no transport, ${titleOf(program)}`, kind: 'other', rival, modes: ['http'] },
		...{ program, node: program, alone: true },
		command: (mode) => [program, '--expose-gc', programFile('memory'), mode],
	};
}

/** @param {string} program - of `nodes`. */
function titleOf(program) {
	return `Node ${nodes.find((one) => one.program === program)?.version}`;
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} program
 * @param {string} server
 * @param {string[]} start
 * @returns {Contender}
 */
function onHost(name, title, program, server, start) {
	const folder = program === bun ? join(program, '..', '..') : join(program, '..');
	return {
		name,
		title: `${title} ${versionOf(folder) ?? ''}`.trim(),
		kind: 'other',
		modes: ALL,
		program,
		command: (mode) => [...start, programFile(server), mode],
	};
}

/** @param {string} name */
function programFile(name) {
	return join(servers, `${name}.mjs`);
}

/** @param {string} folder */
function versionOf(folder) {
	const text = readIfThere(join(folder, 'package.json'));
	return text === undefined ? undefined : String(JSON.parse(text).version);
}

/**
 * A server that runs. `about` is what it said of itself when it began to listen.
 * @typedef {object} Server
 * @property {Contender} contender
 * @property {Child} child
 * @property {number} pid
 * @property {string[]} target - the arguments that lead a load generator to it.
 * @property {Record<string, unknown>} about
 */

/**
 * @param {Contender} contender
 * @param {object} options
 * @param {Mode} options.mode
 * @param {number | undefined} options.core
 * @param {string | undefined} [options.path] - of a Unix socket.
 * @param {Record<string, string> | undefined} [options.environment]
 * @returns {Promise<Server>}
 * @throws Error that says in one line why this contender is not to be had.
 */
export async function startServer(contender, { mode, core, path, environment }) {
	const [kind = ''] = mode.split(':');
	if (!contender.modes.includes(kind)) throw new Error(`it has no server for ${kind}`);
	if (contender.program !== undefined && !existsSync(contender.program)) {
		throw new Error('what runs it is not installed: tooling/nodes');
	}
	const place = path === undefined ? [] : ['--path', path];
	const child = new Child(contender.name, [...contender.command(mode), ...place], {
		core,
		environment: { ...contender.environment, ...environment },
	});
	try {
		const about = JSON.parse(await child.line(60));
		const target = path === undefined ? ['--port', String(about.port)] : place;
		return { contender, child, pid: child.pid, target, about };
	} catch (error) {
		await child.stop();
		throw error;
	}
}

/**
 * @param {Server} server
 * @param {string} line
 * @returns {Promise<Record<string, unknown>>} its answer.
 */
export async function ask(server, line) {
	server.child.send(line);
	return JSON.parse(await server.child.line(30));
}
