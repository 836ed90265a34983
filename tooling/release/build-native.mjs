#!/usr/bin/env node
/**
 * build-native: builds the native driver of @net/loop for this platform into npm/<platform>/. Where there is no cargo, or
 * no platform package to put it in, it says so in one line and all is well: the portable driver serves.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Rust's name of a platform by Node's; what is missing here runs on the portable driver. */
const platforms = new Map([['linux-x64-gnu', 'x86_64-unknown-linux-gnu']]);

const platform = hostPlatform();
const folder = `npm/${platform}`;
/** What napi writes, types of the binding included, which @net/loop has its own of. */
const staging = 'native/target/napi';
if (!platforms.has(platform) || !existsSync(folder)) {
	console.log(`native driver: not built, there is none for ${platform}; the portable driver serves`);
} else if (spawnSync('cargo', ['--version']).status !== 0) {
	console.log('native driver: not built, cargo is missing; the portable driver serves');
} else {
	process.exitCode = build();
}

function build() {
	const args = ['build', '--no-js', '--manifest-path', 'native/Cargo.toml', '-p', 'net-loop-node'];
	args.push('--platform', '--release', '--output-dir', staging, '--', '--locked');
	const { status } = spawnSync('napi', args, { stdio: 'inherit' });
	if (status !== 0) return status ?? 1;
	putInPlace(`net-loop.${platform}.node`);
	return 0;
}

/** By a rename, and only where it changed, so that a process that loads it meanwhile finds the old one or the new one. */
function putInPlace(/** @type {string} */ name) {
	const built = readFileSync(`${staging}/${name}`);
	const target = `${folder}/${name}`;
	if (existsSync(target) && readFileSync(target).equals(built)) return;
	writeFileSync(`${target}.new`, built, { mode: 0o755 });
	renameSync(`${target}.new`, target);
}

function hostPlatform() {
	if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
	/** @type {any} the report's shape is not in @types/node */
	const report = process.report.getReport();
	return `linux-${process.arch}-${report.header.glibcVersionRuntime ? 'gnu' : 'musl'}`;
}
