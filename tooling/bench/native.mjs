/** The C programs: compiled on first use, again when a source is newer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(import.meta.dirname, 'native');
const build = join(import.meta.dirname, 'build');
const compiler = process.env['CC'] || 'cc';
const flags = ['-O2', '-Wall', '-Wextra'];

/**
 * @param {'epoll-echo' | 'echo-load' | 'stream-load'} name
 * @returns {string} the program's path.
 * @throws Error when there is no C compiler, or the source does not compile.
 */
export function nativeProgram(name) {
	const program = join(build, name);
	if (modified(program) > Math.max(modified(join(sources, `${name}.c`)), ...headers().map(modified))) return program;
	mkdirSync(build, { recursive: true });
	// Under a name of its own first: another run may use or make the same program now.
	const unfinished = `${program}.${process.pid}`;
	const result = spawnSync(compiler, [...flags, '-o', unfinished, join(sources, `${name}.c`)], { encoding: 'utf8' });
	if (result.error !== undefined) {
		throw new Error(`the load generator is C and there is no C compiler (${compiler}): install one, or name it in CC`);
	}
	if (result.status !== 0) throw new Error(`${compiler} cannot compile ${name}.c:\n${result.stderr}`);
	renameSync(unfinished, program);
	return program;
}

/** @returns {string} what `cc --version` says first, with the flags. */
export function compilerVersion() {
	const { stdout } = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
	return `${(stdout ?? '').split('\n')[0]} ${flags[0]}`;
}

function headers() {
	return readdirSync(sources)
		.filter((name) => name.endsWith('.h'))
		.map((name) => join(sources, name));
}

/** @param {string} path */
function modified(path) {
	return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
