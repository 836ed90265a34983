/**
 * Publishes packed packages, each after what it depends on, so that whoever installs one at any moment finds all of it:
 *
 *     node publish.mjs <folder of tarballs> [--provenance] [--dry-run]
 *
 * A version that is there already is left alone, so that a run that was cut off can be repeated; where it holds other bytes,
 * that is an error, since somebody forgot to raise it. Without the binaries of all platforms nothing is published. In a
 * workflow the packages must name its repository: a provenance for another one would be refused when half of them are out.
 * --dry-run checks and asks all the same and publishes nothing; a binary that is missing is told.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, refuse } from './arguments.mjs';

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {{ url: string }} repository
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 *
 * @typedef {{ file: string, manifest: Manifest }} Tarball
 */

const { values, positionals } = readArguments(import.meta.url, {
	allowPositionals: true,
	options: { provenance: { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false } },
});
const dryRun = values['dry-run'];
const [folder, ...others] = positionals;
if (folder === undefined || others.length > 0) refuse(import.meta.url, 'name one folder, that of the tarballs');

try {
	const tarballs = read(folder);
	checkRepository(tarballs);
	checkComplete(tarballs);
	const missing = inOrder(tarballs).filter(isMissing);
	for (const { file, manifest } of missing) {
		const args = ['publish', file, '--access', 'public', '--ignore-scripts'];
		if (values.provenance) args.push('--provenance');
		if (dryRun) args.push('--dry-run');
		const { status, stdout, stderr } = npm(args);
		if (status !== 0) throw new Error(`${manifest.name} was not published:\n${stdout}${stderr}`);
		console.log(`✔ ${manifest.name}@${manifest.version}${dryRun ? ' would be published' : ''}`);
	}
	if (missing.length === 0) console.log('- all of these versions are published');
} catch (error) {
	console.error(`✘ ${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}

/** @param {string} from @returns {Map<string, Tarball>} by name */
function read(from) {
	const found = new Map();
	if (!existsSync(from)) throw new Error(`there is no folder ${from}`);
	for (const name of readdirSync(from).sort()) {
		if (!name.endsWith('.tgz')) continue;
		const file = join(from, name);
		const { status, stdout, stderr } = spawnSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' });
		if (status !== 0) throw new Error(`${file} is no package: ${stderr}`);
		const manifest = JSON.parse(stdout);
		found.set(manifest.name, { file, manifest });
	}
	if (found.size === 0) throw new Error(`there are no packages in ${from}`);
	return found;
}

/** @param {Map<string, Tarball>} tarballs */
function checkRepository(tarballs) {
	const here = process.env['GITHUB_REPOSITORY'];
	if (here === undefined) return;
	for (const { manifest } of tarballs.values()) {
		if (manifest.repository.url.endsWith(`/${here}.git`)) continue;
		throw new Error(`${manifest.name} says that it comes from ${manifest.repository.url}, this is ${here}`);
	}
}

/** @param {Map<string, Tarball>} tarballs */
function checkComplete(tarballs) {
	for (const { manifest } of tarballs.values()) {
		for (const name of needed(manifest)) {
			if (!name.startsWith('@net/') || tarballs.has(name)) continue;
			const message = `${manifest.name} needs ${name}, which was not packed`;
			if (!dryRun) throw new Error(message);
			console.log(`- ${message}`);
		}
	}
}

/** @param {Map<string, Tarball>} tarballs @returns {Tarball[]} each behind what it depends on */
function inOrder(tarballs) {
	/** @type {Set<Tarball>} */
	const ordered = new Set();
	const add = (/** @type {string} */ name) => {
		const tarball = tarballs.get(name);
		if (tarball === undefined || ordered.has(tarball)) return;
		for (const dependency of needed(tarball.manifest)) add(dependency);
		ordered.add(tarball);
	};
	for (const name of tarballs.keys()) add(name);
	return [...ordered];
}

/** @param {Manifest} manifest */
function needed({ dependencies = {}, optionalDependencies = {} }) {
	return [...Object.keys(optionalDependencies), ...Object.keys(dependencies)];
}

/** Whether the registry has no such version. @param {Tarball} tarball */
function isMissing({ file, manifest }) {
	const version = `${manifest.name}@${manifest.version}`;
	const { status, stdout, stderr } = npm(['view', version, 'dist.integrity', '--json']);
	if (/E404/.test(stdout + stderr) || (status === 0 && stdout.trim() === '')) return true;
	if (status !== 0) throw new Error(`the registry did not say whether it has ${version}:\n${stdout}${stderr}`);
	const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
	if (JSON.parse(stdout) !== integrity) throw new Error(`${version} is published with other bytes: raise the version`);
	console.log(`- ${version} is published`);
	return false;
}

/** @param {string[]} args */
function npm(args) {
	return spawnSync('npm', [...args, '--loglevel=error'], { encoding: 'utf8' });
}
