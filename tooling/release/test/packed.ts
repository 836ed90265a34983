/** The packed packages, and empty folders to install them in, as a user without this repository has them. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { currentMajor, findNode } from '@tooling/test/nodes';
import { root as thisTree } from '../packages.mjs';

export { thisTree };

/** What a package.json holds that matters here. */
export interface Manifest {
	name: string;
	version: string;
	repository?: { url: string };
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	scripts?: Record<string, string>;
}

export interface Tarball {
	file: string;
	manifest: Manifest;
	/** Paths within the package. */
	entries: string[];
}

export interface Packed {
	tarballs: Map<string, Tarball>;
	/** A new empty folder, removed with the rest. */
	folder(): string;
	remove(): void;
}

/**
 * Packs all packages into a folder of its own.
 * @param root - of a tree like this one; default: this one, or no packing at all where NET_RELEASE_TARBALLS names the folder
 * of what was packed elsewhere.
 */
export function pack(root?: string): Packed {
	const home = mkdtempSync(join(tmpdir(), 'net-release-'));
	const dist = join(home, 'dist');
	const given = process.env['NET_RELEASE_TARBALLS'];
	if (root === undefined && given) {
		// Where they lie, `npm run docs` leaves its site.
		const isTarball = (path: string): boolean => path === given || path.endsWith('.tgz');
		cpSync(given, dist, { recursive: true, filter: isTarball });
	} else {
		const script = join(root ?? thisTree, 'tooling/run/pack.mjs');
		const { status, stdout, stderr } = spawnSync(process.execPath, [script, dist], { encoding: 'utf8' });
		if (status !== 0) throw new Error(`pack failed:\n${stdout}${stderr}`);
	}
	const tarballs = new Map<string, Tarball>();
	for (const name of readdirSync(dist)) {
		const file = join(dist, name);
		const entries = tar('-tzf', file).trim().split('\n');
		// npm's format of a manifest
		const manifest = JSON.parse(tar('-xzOf', file, 'package/package.json')) as Manifest;
		tarballs.set(manifest.name, { file, manifest, entries: entries.map((entry) => entry.replace(/^package\//, '')) });
	}
	let folders = 0;
	return {
		tarballs,
		folder() {
			const path = join(home, `user-${folders++}`);
			mkdirSync(path);
			return path;
		},
		remove: () => rmSync(home, { recursive: true, force: true }),
	};
}

/** Runs tar, and throws what it complains of. */
export function tar(...args: string[]): string {
	const { status, stdout, stderr } = spawnSync('tar', args, { encoding: 'utf8' });
	if (status !== 0) throw new Error(`tar ${args.join(' ')}: ${stderr}`);
	return stdout;
}

export interface Run {
	code: number | null;
	stdout: string;
	stderr: string;
}

/**
 * Runs npm under the given Node where there is no compiler, no cache, and no registry but the one given.
 * @param registry - default: none that answers.
 */
export function npm(node: string, folder: string, args: string[], registry = 'http://127.0.0.1:9'): Promise<Run> {
	return run(node, [npmCli(), ...args, '--no-audit', '--no-fund'], folder, {
		npm_config_cache: join(folder, 'cache'),
		npm_config_registry: registry,
		npm_config_userconfig: join(folder, 'none'),
		npm_config_globalconfig: join(folder, 'none-global'),
		npm_config_update_notifier: 'false',
		npm_config_fetch_retries: '0',
	});
}

/** Runs a program; of the environment it sees nothing but PATH, with Node alone, and what is given. */
export function run(
	command: string,
	args: string[],
	cwd: string,
	env: NodeJS.ProcessEnv = {},
	timeout = 60_000,
): Promise<Run> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd,
			env: { PATH: dirname(command), HOME: cwd, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout,
		});
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		child.on('error', reject);
		child.on('close', (code) => resolve({ code, stdout, stderr }));
	});
}

let cli: string | undefined;

/** The program of npm, for a Node that has none of its own. */
export function npmCli(): string {
	cli ??= join(spawnSync('npm', ['root', '-g'], { encoding: 'utf8' }).stdout.trim(), 'npm/bin/npm-cli.js');
	return cli;
}

/** The Nodes to try: this one, and those of tooling/nodes, by major version. */
export function nodes(): Map<string, string | undefined> {
	return new Map(['20', '22', '24', '26', currentMajor].map((major) => [major, findNode(major)]));
}

/** Names of what was installed under `@net`. */
export function installed(folder: string): string[] {
	return readdirSync(join(folder, 'node_modules/@net'))
		.map((name) => `@net/${name}`)
		.sort();
}

/** All files of an installation that are native code. */
export function addons(folder: string): string[] {
	return readdirSync(join(folder, 'node_modules'), { recursive: true })
		.map(String)
		.filter((file) => file.endsWith('.node'));
}
