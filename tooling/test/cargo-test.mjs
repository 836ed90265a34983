#!/usr/bin/env node
/**
 * cargo-test <Cargo.toml> [--valgrind] [argument of cargo test …]: `cargo test` of a Rust workspace, counted as the other
 * tests are. With --valgrind each test program runs under it: an invalid access or a leak fails. Skipped where cargo or
 * valgrind is missing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { formatCounts, writeCounts } from './counts.mjs';

/** What the test harness itself still points to at its end is no leak. */
const valgrind = ['valgrind', '-q', '--error-exitcode=97', '--leak-check=full'];
valgrind.push('--errors-for-leak-kinds=definite,indirect', '--show-leak-kinds=definite,indirect');
/** How often a property is tried there, where everything takes some thirty times as long. */
const CASES_UNDER_VALGRIND = '4';

const [manifest = 'Cargo.toml', ...rest] = process.argv.slice(2);
const under = rest.includes('--valgrind');
const name = under ? 'cargo test under valgrind' : 'cargo test';
const lacking = ['cargo', ...(under ? ['valgrind'] : [])].find(
	(program) => spawnSync(program, ['--version']).status !== 0,
);

const counts = { passed: 0, failed: 0, skipped: 0 };
if (lacking === undefined) {
	const code = await run();
	// A crate that does not compile, or a test that takes its process down, leaves no count.
	if (code !== 0 && counts.failed === 0) counts.failed = 1;
	if (counts.passed + counts.failed === 0) {
		console.log(`${name} of ${manifest} ran no test`);
		counts.failed = 1;
	}
} else {
	counts.skipped = 1;
	console.log(`skipped: ${name} of ${manifest}: ${lacking} is missing`);
}
writeCounts(name, counts);
console.log(formatCounts(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

/** @returns {Promise<number>} exit code */
function run() {
	const runner = under ? ['--config', `target."cfg(unix)".runner=${JSON.stringify(valgrind)}`] : [];
	const options = rest.filter((argument) => argument !== '--valgrind');
	const args = ['test', '--locked', '--manifest-path', manifest, ...runner, ...options];
	const env = under ? { PROPTEST_CASES: CASES_UNDER_VALGRIND, ...process.env } : process.env;
	return new Promise((resolve, reject) => {
		const cargo = spawn('cargo', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
		let unfinished = '';
		cargo.stdout.setEncoding('utf8').on('data', (text) => {
			process.stdout.write(text);
			const lines = (unfinished + text).split('\n');
			unfinished = lines.pop() ?? '';
			for (const line of lines) count(line);
		});
		cargo.on('error', reject);
		cargo.on('close', (code) => resolve(code ?? 1));
	});
}

/** @param {string} line - `test result: ok. 12 passed; 0 failed; 1 ignored; …`, one a test program. */
function count(line) {
	const result = /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
	if (result === null) return;
	counts.passed += Number(result[1]);
	counts.failed += Number(result[2]);
	counts.skipped += Number(result[3]);
}
