/** The programs in C and Go: compiled on first use, again when a source is newer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(import.meta.dirname, 'native');
const build = join(import.meta.dirname, 'build');
const compiler = process.env['CC'] || 'cc';
const flags = ['-O2', '-Wall', '-Wextra'];

/** @typedef {'epoll-echo' | 'echo-load' | 'connect-load' | 'stream-load'} NativeProgram */

/**
 * @param {NativeProgram} name
 * @returns {string} the program's path.
 * @throws Error when there is no C compiler, or the source does not compile.
 */
export function nativeProgram(name) {
	const source = join(sources, `${name}.c`);
	return compile(name, [source, ...filesIn(sources, '.h')], (output) => {
		const result = spawnSync(compiler, [...flags, '-o', output, source], { encoding: 'utf8' });
		if (result.error !== undefined) {
			throw new Error(
				`the load generator is C and there is no C compiler (${compiler}): install one, or name it in CC`,
			);
		}
		if (result.status !== 0) throw new Error(`${compiler} cannot compile ${name}.c:\n${result.stderr}`);
	});
}

/**
 * @param {string} name - of the program.
 * @param {string} directory - of its module.
 * @returns {string} the program's path.
 * @throws Error that says in one line why it is not to be had: no Go, or it does not compile.
 */
export function goProgram(name, directory) {
	const inputs = ['.go', '.mod', '.sum'].flatMap((ending) => filesIn(directory, ending));
	return compile(name, inputs, (output) => {
		const go = ['go', '/usr/local/go/bin/go'].find((word) => spawnSync(word, ['version']).error === undefined);
		if (go === undefined) throw new Error('Go is not installed');
		const result = spawnSync(go, ['build', '-o', output, '.'], { cwd: directory, encoding: 'utf8' });
		if (result.status !== 0) throw new Error(`it does not compile: ${result.stderr.trim().split('\n').at(-1)}`);
	});
}

/** @returns {string} what `cc --version` says first, with the flags. */
export function compilerVersion() {
	const { stdout } = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
	return `${(stdout ?? '').split('\n')[0]} ${flags[0]}`;
}

/**
 * @param {string} name
 * @param {readonly string[]} inputs
 * @param {(output: string) => void} make
 */
function compile(name, inputs, make) {
	const program = join(build, name);
	if (modified(program) > Math.max(...inputs.map(modified))) return program;
	mkdirSync(build, { recursive: true });
	// Under a name of its own first: another run may use or make the same program now.
	const unfinished = `${program}.${process.pid}`;
	make(unfinished);
	renameSync(unfinished, program);
	return program;
}

/**
 * @param {string} directory
 * @param {string} ending
 */
function filesIn(directory, ending) {
	return readdirSync(directory)
		.filter((name) => name.endsWith(ending))
		.map((name) => join(directory, name));
}

/** @param {string} path */
function modified(path) {
	return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
