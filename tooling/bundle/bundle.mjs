#!/usr/bin/env node
/**
 * bundle: makes of the compiler's output in build/ what is published in dist/: a file for each entry of package.json, and
 * those that several of them share. The declarations are the compiler's own.
 *
 * Why not a module a source: a program that loads one pays for each, which for @net/node is more than all else that
 * importing it costs (`npm run bench -- import`).
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rollup } from 'rollup';

const { exports = {}, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const files = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)];
const names = files.map((file) => file.replace(/^\.\/dist\/(.+)\.js$/, '$1'));
const entries = names.map((name) => resolve(`build/${name}.js`));

/** As Rollup writes it. */
const IMPORT_OF_HOST = /^import (?:([\w$]+)(?:, )?)?(\{.*\})? from ('node:.+');$/gm;

const bundle = await rollup({
	input: Object.fromEntries(names.map((name, index) => [name, entries[index]])),
	// Other packages stay imports of their own.
	external: /^(?:node:|@net\/)/,
	// What loading a module does is its own affair; nothing here is written to be left out.
	treeshake: false,
	onwarn(warning) {
		if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
	},
	plugins: [
		{
			name: 'maps of the compiler',
			// So that the maps lead to the sources.
			load: (file) => ({ code: readFileSync(file, 'utf8'), map: JSON.parse(readFileSync(`${file}.map`, 'utf8')) }),
		},
		{
			name: 'modules of the host',
			// Line by line, which leaves the maps as they are.
			renderChunk: (code) => ({ code: code.replace(IMPORT_OF_HOST, asCalls), map: null }),
		},
	],
});
const { output } = await bundle.write({
	dir: 'dist',
	format: 'es',
	chunkFileNames: 'shared-[hash].js',
	manualChunks: (id, { getModuleInfo }) => (isSharedByMain(id, getModuleInfo) ? 'shared' : undefined),
	hoistTransitiveImports: false,
	sourcemap: true,
	sourcemapExcludeSources: true,
});
await bundle.close();

// What an earlier build shared under another name would be packed. Not before: others may be loading what is there.
const written = new Set(output.map(({ fileName }) => fileName));
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
	if (/\.js(?:\.map)?$/.test(file) && !written.has(file)) rmSync(join('dist', file));
}

/**
 * What the package's main entry and others need is one file; else it would be one for each set of entries and of commands
 * that has something in common.
 *
 * @param {string} id
 * @param {import('rollup').GetModuleInfo} getModuleInfo
 */
function isSharedByMain(id, getModuleInfo) {
	const needing = new Set([id]);
	for (const each of needing) {
		const { importers = [], dynamicImporters = [] } = getModuleInfo(each) ?? {};
		// Those that are added here are visited as well.
		for (const importer of [...importers, ...dynamicImporters]) needing.add(importer);
	}
	return needing.has(entries[0] ?? '') && entries.slice(1).some((entry) => needing.has(entry));
}

/**
 * An import asks a module of the host for all that it exports, and some of that loads more: behind node:util's are worker threads,
 * behind node:fs' its promises and streams. So modules of the host are asked for by a call, which loads nothing else.
 *
 * @param {string} _import
 * @param {string | undefined} whole - the name that the module itself gets.
 * @param {string | undefined} parts - in braces.
 * @param {string} module - in quotes.
 */
function asCalls(_import, whole, parts, module) {
	const names = [whole, parts?.replaceAll(' as ', ': ')].filter((name) => name !== undefined);
	return `const ${names.map((name) => `${name} = process.getBuiltinModule(${module})`).join(', ')};`;
}
