/** On what a scenario runs: a Node, or a host that is like one, and a `net`. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A Node to run on. */
export interface NodeBinary {
	/** The major version as it is asked for: `20`, `26`; or the host: `bun`, `deno`. */
	readonly major: string;
	readonly path: string;
	/** What stands before the program's name. */
	readonly options?: readonly string[];
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
/** Not Node, but with a `node:net` of their own, which the portable driver uses. */
export const hosts: readonly string[] = ['bun', 'deno'];
export const drivers: readonly Driver[] = ['host', 'native', 'portable'];

/** Node 20 is the one that runs the kit when it is 20; the others come from tooling/nodes. */
export function findNode(major: string): NodeBinary | undefined {
	if (process.versions.node.split('.')[0] === major) return { major, path: process.execPath };
	const { file, options } = installed[major] ?? { file: `node${major}/bin/node`, options: [] };
	const path = fileURLToPath(new URL(`../../../nodes/node_modules/${file}`, import.meta.url));
	return existsSync(path) ? { major, path, options } : undefined;
}

export function isHost(major: string): boolean {
	return hosts.includes(major);
}

const installed: Readonly<Record<string, { file: string; options: readonly string[] }>> = {
	bun: { file: '@oven/bun-linux-x64/bin/bun', options: [] },
	deno: { file: '@deno/linux-x64-glibc/deno', options: ['run', '--quiet', '--no-lock', '--allow-all'] },
};

/** Why nothing can be compared there, if so. */
export function lack(major: string, driver: Driver): string | undefined {
	for (const each of [major, referenceMajor]) {
		const name = isHost(each) ? each : `Node ${each}`;
		if (findNode(each) === undefined) return `${name} is not installed (tooling/nodes has it for Linux on x64)`;
	}
	if (driver === 'native' && !nativeIsBuilt()) return 'the native driver is not built (cargo builds it)';
	return undefined;
}

/** A binary that is there and does not load is a failure: it does not count as missing. */
function nativeIsBuilt(): boolean {
	const folder = new URL('../../../../packages/loop/npm/', import.meta.url);
	return readdirSync(folder)
		.filter((name) => name.startsWith(`${process.platform}-${process.arch}`))
		.some((name) => readdirSync(new URL(name, folder)).some((file) => file.endsWith('.node')));
}

/** Nothing is written into the user's home, or asked of the network. */
const denoEnvironment = {
	DENO_DIR: fileURLToPath(new URL('../../.cache/deno-home/', import.meta.url)),
	DENO_NO_UPDATE_CHECK: '1',
};

export function targetOf(node: NodeBinary, driver: Driver): Target {
	const name = `${isHost(node.major) ? '' : 'node '}${node.major} ${driver}`;
	const environment = node.major === 'deno' ? denoEnvironment : {};
	const limit = isHost(node.major) ? hostLimit : nodeLimit;
	if (driver === 'host') return { node, name, module: 'node:net', environment, limit };
	return { node, name, module: '@net/node', environment: { ...environment, NET_LOOP_DRIVER: driver }, limit };
}

/**
 * Time limits in ms. Nothing hangs on Node but what is broken, so this one costs nothing: a cluster under load takes a second
 * alone, and many where thirty processes share a processor. On hosts some scenarios do hang, and are recorded so.
 */
const nodeLimit = 120_000;
const hostLimit = 40_000;
