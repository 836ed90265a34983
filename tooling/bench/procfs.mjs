/** What Linux says about a running process: CPU time, memory, descriptors. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {{ running: number, waiting: number }} Times ns on a CPU, and ns ready to run while others had it.
 * @typedef {Map<string, Times>} ThreadTimes by thread.
 */

/**
 * @param {string} text - of `/proc/<pid>/task/<tid>/schedstat`: running, waiting, number of time slices.
 * @returns {Times}
 */
export function parseSchedstat(text) {
	const match = /^(\d+) (\d+) \d+\n?$/.exec(text);
	if (match === null) throw new Error(`not a schedstat: ${JSON.stringify(text)}`);
	return { running: Number(match[1]), waiting: Number(match[2]) };
}

/**
 * @param {number} pid
 * @returns {ThreadTimes}
 */
export function threadTimes(pid) {
	/** @type {ThreadTimes} */
	const times = new Map();
	for (const thread of readdirSync(`/proc/${pid}/task`)) {
		const text = readIfThere(`/proc/${pid}/task/${thread}/schedstat`);
		if (text !== undefined) times.set(thread, parseSchedstat(text));
	}
	if (times.size === 0) throw new Error(`process ${pid} has no threads with CPU times`);
	return times;
}

/**
 * What a process used between two looks. A thread that ended in between is not counted, one that began is.
 * @param {ThreadTimes} before
 * @param {ThreadTimes} after
 * @returns {Times}
 */
export function timesBetween(before, after) {
	const sum = { running: 0, waiting: 0 };
	for (const [thread, { running, waiting }] of after) {
		const start = before.get(thread);
		sum.running += running - (start?.running ?? 0);
		sum.waiting += waiting - (start?.waiting ?? 0);
	}
	return sum;
}

/**
 * @param {string} text - of `/proc/<pid>/status`.
 * @returns {{ resident: number, peak: number }} bytes, now and at most since {@link resetPeak}.
 */
export function parseMemory(text) {
	return { resident: kilobytes(text, 'VmRSS') * 1024, peak: kilobytes(text, 'VmHWM') * 1024 };
}

/**
 * @param {string} text
 * @param {string} name
 */
function kilobytes(text, name) {
	const match = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text);
	if (match === null) throw new Error(`/proc/<pid>/status has no ${name}`);
	return Number(match[1]);
}

/** @param {number} pid */
export function memory(pid) {
	return parseMemory(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/**
 * Makes the peak of {@link memory} start again at what is resident now (Linux 4.0). Where the kernel does not let us, the
 * peak stays that of the whole life: more than asked for, never less.
 * @param {number} pid
 */
export function resetPeak(pid) {
	try {
		writeFileSync(`/proc/${pid}/clear_refs`, '5');
	} catch {
		// A sandbox may show /proc read-only.
	}
}

/**
 * @param {number} pid
 * @returns {number} how many descriptors are open.
 */
export function descriptors(pid) {
	return readdirSync(`/proc/${pid}/fd`).length;
}

/**
 * @param {string} text - such as `0-2,5`, the kernel's way to list CPUs.
 * @returns {number[]}
 */
export function parseCpuList(text) {
	/** @type {number[]} */
	const cpus = [];
	for (const range of text.trim().split(',')) {
		const [first = '', last = first] = range.split('-');
		if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) throw new Error(`not a list of CPUs: ${JSON.stringify(text)}`);
		for (let cpu = Number(first); cpu <= Number(last); cpu++) cpus.push(cpu);
	}
	return cpus;
}

/** @param {string} path */
export function readIfThere(path) {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}
