/** Where a run takes place: cores for the server and the load, limits, and what the report says about it. */
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { compilerVersion } from './native.mjs';
import { parseCpuList, readIfThere } from './procfs.mjs';

/**
 * @typedef {{ server: number | undefined, load: number | undefined, note: string | undefined }} Cores
 *   undefined: not pinned, and the note says why.
 */

/** @returns {Cores} */
export function chooseCores() {
	const allowed = parseCpuList(
		/^Cpus_allowed_list:\s*(\S+)$/m.exec(readIfThere('/proc/self/status') ?? '')?.[1] ?? '0',
	);
	const none = { server: undefined, load: undefined };
	if (spawnSync('taskset', ['--version']).error !== undefined) return { ...none, note: 'not pinned: no taskset here' };
	const server = allowed[0];
	if (server === undefined || allowed.length < 2) return { ...none, note: 'not pinned: only one CPU is allowed' };
	const siblings = siblingsOf(server);
	const load = allowed.find((cpu) => !siblings.includes(cpu));
	if (load !== undefined) return { server, load, note: undefined };
	return { server, load: allowed[1], note: 'server and load share the two threads of one core' };
}

/** @param {number} cpu */
function siblingsOf(cpu) {
	const text = readIfThere(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`);
	return text === undefined ? [cpu] : parseCpuList(text);
}

/**
 * Keeps this process off the server's core; what it starts is pinned by itself.
 * @param {Cores} cores
 */
export function stayWithLoad(cores) {
	if (cores.load !== undefined) spawnSync('taskset', ['-cp', String(cores.load), String(process.pid)]);
}

/**
 * Makes sure that children may open so many descriptors.
 * @param {number} wanted
 * @throws Error when they may not.
 */
export function allowDescriptors(wanted) {
	if (descriptorLimit() >= wanted) return;
	spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${wanted}:${wanted}`]);
	const limit = descriptorLimit();
	if (limit < wanted) throw new Error(`${wanted} open files are needed, ${limit} allowed: raise \`ulimit -Hn\``);
}

/** The hard limit: Node raises its own soft limit to it when it starts, and so do our C programs. */
function descriptorLimit() {
	const limit = /^Max open files\s+\S+\s+(\S+)/m.exec(readIfThere('/proc/self/limits') ?? '')?.[1];
	return limit === 'unlimited' ? Infinity : Number(limit ?? 0);
}

/** @param {Cores} cores */
export function describeMachine(cores) {
	const pinned = cores.server === undefined ? cores.note : `server on CPU ${cores.server}, load on CPU ${cores.load}`;
	return {
		cpu: cpus()[0]?.model ?? 'unknown',
		cpus: cpus().length,
		memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
		kernel: `${process.platform} ${release()}`,
		congestion: readIfThere('/proc/sys/net/ipv4/tcp_congestion_control')?.trim(),
		pinned,
		note: cores.note,
		compiler: compilerVersion(),
	};
}
