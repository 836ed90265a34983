/**
 * Who is compared, and how each is started. A server program prints one line of JSON ({"port"}, and what it has to say of
 * itself), answers each line on stdin by a line of JSON, and ends when stdin ends. A new contender is an entry in
 * `contenders` and, when it is not C, a program in servers/.
 */
import { join } from 'node:path';
import { Child } from './children.mjs';
import { nativeProgram } from './native.mjs';
import { readIfThere } from './procfs.mjs';

/**
 * @typedef {'echo' | 'pipe'} Mode What the server does with what it gets: `echo` writes each chunk back as it comes, `pipe`
 *   does so too and reads no further while the peer takes nothing.
 *
 * @typedef {object} Contender
 * @property {string} name - for `--contenders`.
 * @property {string} title - for tables.
 * @property {string} [rival] - the contender of Node's own on the same Node; there is a column for it.
 * @property {string} [node] - the program that runs the server; without it the server is C.
 * @property {(mode: Mode) => string[]} command - without the listening path.
 * @property {Record<string, string>} [environment]
 */

const servers = join(import.meta.dirname, 'servers');
const nodes = join(import.meta.dirname, '..', 'nodes', 'node_modules');
const node = process.execPath;
const node26 = join(nodes, 'node26', 'bin', 'node');
const version26 = nodeVersion('node26') ?? '26';

/** @type {Contender[]} */
export const contenders = [
	{ name: 'c', title: 'C, epoll', command: () => [nativeProgram('epoll-echo')] },
	onNode('net', 'node:net', node, 'node-net'),
	{ ...onNode('streams', 'streams', node, 'streams', 'native'), rival: 'net' },
	{ ...onNode('handles', 'handles', node, 'handles', 'native'), rival: 'net' },
	{ ...onNode('portable', 'streams, portable', node, 'streams', 'portable'), rival: 'net' },
	onNode('net-26', 'node:net', node26, 'node-net'),
	{ ...onNode('streams-26', 'streams', node26, 'streams', 'native'), rival: 'net-26' },
	{ ...onNode('handles-26', 'handles', node26, 'handles', 'native'), rival: 'net-26' },
];

/**
 * @param {string} name
 * @param {string} title
 * @param {string} program - the Node that runs it.
 * @param {string} server - file in servers/.
 * @param {'native' | 'portable'} [driver]
 * @returns {Contender}
 */
function onNode(name, title, program, server, driver) {
	const version = program === node ? process.versions.node : version26;
	return {
		name,
		title: `${title}, Node ${version}`,
		node: program,
		command: (mode) => [program, '--expose-gc', join(servers, `${server}.mjs`), mode],
		...(driver === undefined ? {} : { environment: { NET_LOOP_DRIVER: driver } }),
	};
}

/** @param {string} folder */
function nodeVersion(folder) {
	const text = readIfThere(join(nodes, folder, 'package.json'));
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
 * @param {{ mode: Mode, core: number | undefined, path?: string | undefined }} options - `path`: of a Unix socket.
 * @returns {Promise<Server>}
 * @throws Error that says in one line why this contender is not to be had.
 */
export async function startServer(contender, { mode, core, path }) {
	if (contender.node !== undefined && !contender.node.startsWith(process.execPath) && !isInstalled(contender.node)) {
		throw new Error('this Node is not installed: tooling/nodes');
	}
	const place = path === undefined ? [] : ['--path', path];
	const child = new Child(contender.name, [...contender.command(mode), ...place], {
		core,
		...(contender.environment === undefined ? {} : { environment: contender.environment }),
	});
	try {
		const about = JSON.parse(await child.line(15));
		const target = path === undefined ? ['--port', String(about.port)] : place;
		return { contender, child, pid: child.pid, target, about };
	} catch (error) {
		await child.stop();
		throw error;
	}
}

/** @param {string} program */
function isInstalled(program) {
	return readIfThere(join(program, '..', '..', 'package.json')) !== undefined;
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
