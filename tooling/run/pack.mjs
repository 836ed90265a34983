/**
 * Leaves one .tgz for each publishable package, and one for this platform's binary:
 *
 *     node pack.mjs [folder]    default: dist
 *
 * The bytes depend on the sources alone: the same build packs to the same files.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readArguments, refuse } from '../release/arguments.mjs';
import { packages } from '../release/packages.mjs';
import { pnpm, root } from './workspace.mjs';

const { positionals } = readArguments(import.meta.url, { allowPositionals: true, options: {} });
const [folder, ...rest] = positionals;
if (rest.length > 0) refuse(import.meta.url, `one folder, not ${positionals.length}`);
const destination = resolve(folder ?? join(root, 'dist'));
mkdirSync(destination, { recursive: true });
for (const file of readdirSync(destination)) if (file.endsWith('.tgz')) rmSync(join(destination, file));
/** @type {string[]} */
const chosen = [];
for (const { name, folder, private: isPrivate } of packages()) {
	if (isPrivate) continue;
	const path = join(root, folder);
	const { main } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
	if (main !== undefined && !existsSync(join(path, main))) {
		console.log(`- ${name}: not packed, its binary is not built here`);
		continue;
	}
	removeOrphans(path);
	chosen.push(name);
}
pack(chosen);

/** All by one call: each would start pnpm anew. @param {string[]} names */
function pack(names) {
	const filters = names.flatMap((name) => ['--filter', name]);
	const hooks = `--config.pnpmfile=${join(root, 'tooling/run/manifest.mjs')}`;
	const [command, args] = pnpm(hooks, ...filters, 'pack', '--json', '--pack-destination', destination);
	const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
	if (status !== 0) {
		console.error(`✘ packing failed:\n${stdout}${stderr}`);
		process.exit(1);
	}
	for (const { name, filename } of JSON.parse(stdout)) console.log(`✔ ${name}: ${relative(process.cwd(), filename)}`);
}

/** The compiler leaves what it declared of a source that is gone. @param {string} path */
function removeOrphans(path) {
	const dist = join(path, 'dist');
	if (!existsSync(dist)) return;
	for (const entry of readdirSync(dist, { recursive: true })) {
		const [, stem] = /^(.+)\.d\.ts(?:\.map)?$/.exec(String(entry)) ?? [];
		if (stem !== undefined && !existsSync(join(path, 'src', `${stem}.ts`))) rmSync(join(dist, String(entry)));
	}
}
