#!/usr/bin/env node
/**
 * build-native: builds the native driver of @net/loop into npm/<platform>/, run from its folder.
 *
 *     build-native                      for this machine, by its own compiler and linker
 *     build-native --platform <name>    for the platform named, "all" for each that has a package, by cargo-zigbuild
 *
 * The first is for development: where there is no cargo, or no package for this machine, it says so in one line and all is
 * well, since the portable driver serves. The second is what gets published: the same bytes from every machine, and an error
 * where that cannot be.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { readArguments, refuse } from './arguments.mjs';
import { hostPlatform, targets } from './platforms.mjs';

/** What napi writes, types of the binding included, which @net/loop has its own of. */
const staging = 'native/target/napi';

const { values } = readArguments(import.meta.url, { options: { platform: { type: 'string' } } });
process.exitCode = values.platform === undefined ? buildHere(hostPlatform()) : buildFor(values.platform);

/** @param {string} platform */
function buildHere(platform) {
	if (!targets.has(platform)) {
		console.log(`native driver: not built, there is none for ${platform}; the portable driver serves`);
		return 0;
	}
	if (spawnSync('cargo', ['--version']).status !== 0) {
		console.log('native driver: not built, cargo is missing; the portable driver serves');
		return 0;
	}
	return build(platform, []);
}

/** @param {string} named */
function buildFor(named) {
	const platforms = named === 'all' ? [...targets.keys()] : [named];
	for (const platform of platforms) {
		const target = targets.get(platform);
		if (target === undefined) {
			refuse(import.meta.url, `no platform '${platform}'; there are: all, ${[...targets.keys()].join(', ')}`);
		}
		// napi would fetch a cargo-zigbuild of its choice where there is none.
		if (spawnSync('cargo-zigbuild', ['--version']).status !== 0) {
			console.error('✘ cargo-zigbuild is missing: pip install -r tooling/release/requirements.txt');
			return 1;
		}
		const status = build(platform, ['--cross-compile', '--target', target]);
		if (status !== 0) return status;
	}
	return 0;
}

/**
 * @param {string} platform
 * @param {string[]} options
 */
function build(platform, options) {
	const args = ['build', '--no-js', '--manifest-path', 'native/Cargo.toml', '-p', 'net-loop-node', ...options];
	args.push('--platform', '--release', '--output-dir', staging, '--', '--locked');
	const { status } = spawnSync('napi', args, { stdio: 'inherit', env: { ...process.env, RUSTFLAGS: flags() } });
	if (status !== 0) return status ?? 1;
	putInPlace(`net-loop.${platform}.node`, `npm/${platform}`);
	return 0;
}

/** Those of the environment, and names in place of this machine's folders, which panics would tell and bytes depend on. */
function flags() {
	const names = new Map([
		[process.env['CARGO_HOME'] ?? `${homedir()}/.cargo`, '/cargo'],
		[process.cwd(), '/net-loop'],
	]);
	const given = process.env['RUSTFLAGS'] ?? '';
	// Cargo takes a space for the end of a flag.
	const remaps = [...names].filter(([folder]) => !/\s/.test(folder));
	return [given, ...remaps.map(([folder, name]) => `--remap-path-prefix=${folder}=${name}`)].join(' ').trim();
}

/** By a rename, and only where it changed, so that a process that loads it meanwhile finds the old one or the new one. */
function putInPlace(/** @type {string} */ name, /** @type {string} */ folder) {
	const built = readFileSync(`${staging}/${name}`);
	const target = `${folder}/${name}`;
	if (existsSync(target) && readFileSync(target).equals(built)) return;
	writeFileSync(`${target}.new`, built, { mode: 0o755 });
	renameSync(`${target}.new`, target);
}
