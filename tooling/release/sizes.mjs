/**
 * What each package weighs, as a table for the README of the whole:
 *
 *     node sizes.mjs [folder of tarballs]    writes it there; default: dist
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from './arguments.mjs';
import { hostPlatform } from './platforms.mjs';

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const [begin, end] = ['<!-- sizes: begin -->', '<!-- sizes: end -->'];

/**
 * @typedef {object} Size - in bytes.
 * @property {string} name
 * @property {number} packed - the tarball.
 * @property {number} unpacked - its files.
 * @property {number} installed - the files of this package and of all that npm installs with it here.
 */

/** @param {string} folder - of tarballs. @returns {Size[]} by name, without binaries of other platforms */
export function measure(folder) {
	const own = readdirSync(folder)
		.filter((file) => file.endsWith('.tgz'))
		.map((file) => read(join(folder, file)))
		.filter(({ name }) => !name.startsWith('@net/loop-') || name === `@net/loop-${hostPlatform()}`)
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	const byName = new Map(own.map((each) => [each.name, each]));
	return own.map(({ name, packed, unpacked }) => {
		const installed = [...closure(name, byName)].reduce((sum, each) => sum + (byName.get(each)?.unpacked ?? 0), 0);
		return { name, packed, unpacked, installed };
	});
}

/** @param {Size[]} sizes */
export function table(sizes) {
	const rows = sizes.map(({ name, ...bytes }) => [`\`${name}\``, ...Object.values(bytes).map(kilobytes)]);
	const head = ['package', 'download', 'on disk', 'with all it needs'];
	const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
	const line = (/** @type {string[]} */ cells) =>
		`| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
	const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** What the README says: three numbers of bytes by name. @returns {Map<string, number[]>} */
export function published() {
	const text = readFileSync(readme, 'utf8');
	const rows = text
		.slice(text.indexOf(begin), text.indexOf(end))
		.matchAll(/^\| `(.+?)` +\| +(.+) kB \| +(.+) kB \| +(.+) kB \|$/gm);
	return new Map([...rows].map(([, name = '', ...cells]) => [name, cells.map((cell) => Number(cell) * 1000)]));
}

/** @param {number} bytes */
function kilobytes(bytes) {
	return `${Math.round(bytes / 1000)} kB`;
}

/** @param {string} file */
function read(file) {
	const list = tar('-tvzf', file).trim().split('\n');
	/** @type {{ name: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} */
	const manifest = JSON.parse(tar('-xzOf', file, 'package/package.json'));
	const { name, dependencies, optionalDependencies } = manifest;
	const unpacked = list.reduce((sum, line) => sum + Number(/^\S+ +\S+ +(\d+) /.exec(line)?.[1]), 0);
	return {
		name,
		packed: statSync(file).size,
		unpacked,
		needs: Object.keys({ ...dependencies, ...optionalDependencies }),
	};
}

/** @param {string} name @param {Map<string, { needs: string[] }>} all @param {Set<string>} [found] */
function closure(name, all, found = new Set()) {
	if (found.has(name)) return found;
	found.add(name);
	for (const needed of all.get(name)?.needs ?? []) closure(needed, all, found);
	return found;
}

/** @param {string[]} args */
function tar(...args) {
	const { status, stdout, stderr } = spawnSync('tar', args, { encoding: 'utf8', maxBuffer: 1 << 24 });
	if (status !== 0) throw new Error(`tar ${args.join(' ')}: ${stderr}`);
	return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { positionals } = readArguments(import.meta.url, { allowPositionals: true, options: {} });
	const [folder = 'dist', ...others] = positionals;
	if (others.length > 0) refuse(import.meta.url, `one folder, not ${positionals.length}`);
	if (!existsSync(folder)) refuse(import.meta.url, `there is no folder ${folder}`);
	const text = readFileSync(readme, 'utf8');
	const [before, after] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
	const made = table(measure(folder));
	writeFileSync(readme, `${before}\n\n${made}\n\n${after}`);
	console.log(made);
}
