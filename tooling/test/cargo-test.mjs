#!/usr/bin/env node
/** cargo-test <Cargo.toml>: `cargo test` of a Rust workspace, counted as the other tests are. Skipped without cargo. */
import { spawn, spawnSync } from 'node:child_process';
import { formatCounts, writeCounts } from './counts.mjs';

const manifest = process.argv[2] ?? 'Cargo.toml';
const counts = { passed: 0, failed: 0, skipped: 0 };
if (spawnSync('cargo', ['--version']).status !== 0) {
	counts.skipped = 1;
	console.log(`skipped: cargo test of ${manifest}: cargo is missing`);
} else {
	const code = await run(['test', '--locked', '--manifest-path', manifest]);
	// A crate that does not compile, or a test that takes its process down, leaves no count.
	if (code !== 0 && counts.failed === 0) counts.failed = 1;
	if (counts.passed + counts.failed === 0) {
		console.log(`cargo test of ${manifest} ran no test`);
		counts.failed = 1;
	}
}
writeCounts('cargo test', counts);
console.log(formatCounts(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

/** @param {string[]} args */
function run(args) {
	return new Promise((resolve, reject) => {
		const cargo = spawn('cargo', args, { stdio: ['ignore', 'pipe', 'inherit'] });
		let rest = '';
		cargo.stdout.setEncoding('utf8').on('data', (text) => {
			process.stdout.write(text);
			const lines = (rest + text).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) count(line);
		});
		cargo.on('error', reject);
		cargo.on('close', (code) => resolve(code));
	});
}

/** @param {string} line - `test result: ok. 12 passed; 0 failed; 1 ignored; …`, one a test binary. */
function count(line) {
	const result = /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
	if (result === null) return;
	counts.passed += Number(result[1]);
	counts.failed += Number(result[2]);
	counts.skipped += Number(result[3]);
}
