/** The ways in which a program is run: on which Node, and over whose sockets. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {'plain' | 'ours'} Mode - over Node's own sockets, which is the baseline, or over ours by register.
 * @typedef {{ major: string, path: string | undefined }} Node - `path`: undefined where it is not installed.
 */

/** @type {readonly Mode[]} */
export const modes = ['plain', 'ours'];

/** @type {readonly string[]} */
export const majors = ['20', '22', '24', '26'];

/** @param {string} major @returns {Node} */
export function findNode(major) {
	if (major === process.versions.node.split('.')[0]) return { major, path: process.execPath };
	const path = fileURLToPath(new URL(`../../nodes/node_modules/node${major}/bin/node`, import.meta.url));
	return { major, path: existsSync(path) ? path : undefined };
}

/**
 * Why a program cannot be run so on this machine; undefined where it can.
 * @param {Node} node
 * @param {Mode} mode
 */
export function lack(node, mode) {
	if (node.path === undefined) return `Node ${node.major} is not installed (tooling/nodes has it for Linux on x64)`;
	// Without it register changes nothing.
	if (mode === 'ours' && !nativeIsBuilt()) return 'the native driver is not built (cargo builds it)';
	return undefined;
}

/** @param {Mode} mode - options for node: what a user would type. @returns {string[]} */
export function preloads(mode) {
	return mode === 'plain' ? [] : ['--import', '@net/node/register'];
}

function nativeIsBuilt() {
	const root = fileURLToPath(new URL('../../../packages/loop/npm/', import.meta.url));
	return readdirSync(root)
		.filter((name) => name.startsWith(`${process.platform}-${process.arch}`))
		.some((name) => readdirSync(`${root}${name}`).some((file) => file.endsWith('.node')));
}
