/** What this machine has to run tests on: the Nodes of tooling/nodes, and the native driver. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The major version of the Node that runs this. */
export const currentMajor = process.versions.node.split('.')[0] ?? '';

/** Those of tooling/nodes, where this machine has them. @type {readonly string[]} */
export const majors = ['22', '24', '26'];

/**
 * @param {string} major - `26`.
 * @returns {string | undefined} the path of a Node of that version; undefined where none is installed.
 */
export function findNode(major) {
	if (major === currentMajor) return process.execPath;
	const path = fileURLToPath(new URL(`../nodes/node_modules/node${major}/bin/node`, import.meta.url));
	return existsSync(path) ? path : undefined;
}

/** Why a Node that was not found is missing. */
export const nodeIsMissing = 'this Node is not installed (tooling/nodes has it for Linux on x64)';

/** Whether there is a binary of the native driver for this machine. */
export function nativeIsBuilt() {
	const root = fileURLToPath(new URL('../../packages/loop/npm/', import.meta.url));
	if (!existsSync(root)) return false;
	return readdirSync(root)
		.filter((name) => name.startsWith(`${process.platform}-${process.arch}`))
		.some((name) => readdirSync(join(root, name)).some((file) => file.endsWith('.node')));
}
