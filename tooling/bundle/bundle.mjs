#!/usr/bin/env node
/**
 * bundle: makes of the compiler's output in build/ what is published in dist/: a file for each entry of package.json, and
 * those that several of them share. The declarations are the compiler's own.
 *
 * Why not a module a source: a program that loads one pays for each, which for @net/node is more than all else that
 * importing it costs (`npm run bench -- import`).
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rollup } from 'rollup';

const { exports = {}, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const files = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)];
const names = files.map((file) => file.replace(/^\.\/dist\/(.+)\.js$/, '$1'));

// What an earlier build shared under another name would be packed.
for (const file of existsSync('dist') ? readdirSync('dist', { recursive: true, encoding: 'utf8' }) : []) {
	if (/\.js(?:\.map)?$/.test(file)) rmSync(join('dist', file));
}
const bundle = await rollup({
	input: Object.fromEntries(names.map((name) => [name, `build/${name}.js`])),
	// Other packages stay imports of their own.
	external: /^(?:node:|@net\/)/,
	// What loading a module does is its own affair; nothing here is written to be left out.
	treeshake: false,
	onwarn(warning) {
		if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
	},
	// So that the maps lead to the sources.
	plugins: [
		{
			name: 'maps of the compiler',
			load: (file) => ({ code: readFileSync(file, 'utf8'), map: JSON.parse(readFileSync(`${file}.map`, 'utf8')) }),
		},
	],
});
await bundle.write({
	dir: 'dist',
	format: 'es',
	chunkFileNames: 'shared-[hash].js',
	hoistTransitiveImports: false,
	sourcemap: true,
	sourcemapExcludeSources: true,
});
await bundle.close();
