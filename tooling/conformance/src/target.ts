/** On what a scenario runs: a Node and a `net`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A Node to run on. */
export interface NodeBinary {
	/** The major version as it is asked for: `20`, `26`. */
	readonly major: string;
	readonly path: string;
}

/** `host`: node:net. `native`, `portable`: @net/node with that driver. */
export type Driver = 'host' | 'native' | 'portable';

export interface Target {
	readonly node: NodeBinary;
	/** As it is shown: `node 20 native`. */
	readonly name: string;
	/** What the program imports as `net`. */
	readonly module: string;
	readonly environment: Readonly<Record<string, string>>;
	/** A process of one scenario is killed after this many ms; one of several gives each scenario the half of it. */
	readonly limit: number;
}

/** The Node whose behaviour is copied. */
export const referenceMajor = '26';

export const majors: readonly string[] = ['20', '22', '24', '26'];
export const drivers: readonly Driver[] = ['host', 'native', 'portable'];

/** Node 20 is the one that runs the kit when it is 20; the others come from tooling/nodes. */
export function findNode(major: string): NodeBinary | undefined {
	if (process.versions.node.split('.')[0] === major) return { major, path: process.execPath };
	const path = fileURLToPath(new URL(`../../../nodes/node_modules/node${major}/bin/node`, import.meta.url));
	return existsSync(path) ? { major, path } : undefined;
}

export function targetOf(node: NodeBinary, driver: Driver): Target {
	const name = `node ${node.major} ${driver}`;
	if (driver === 'host') return { node, name, module: 'node:net', environment: {}, limit };
	return { node, name, module: '@net/node', environment: { NET_LOOP_DRIVER: driver }, limit };
}

/** Time limit in ms: far more than any scenario needs, also on a machine that is busy. */
const limit = 10_000;
