#!/usr/bin/env node
/**
 * counted <name> <command> [argument …]: runs a test program that is no uvu file and whose last line is
 * `N passed, N failed, N skipped`, shows what it prints, and counts that line for the root.
 */
import { spawn } from 'node:child_process';
import { formatCounts, writeCounts } from './counts.mjs';

const [name = '', command = '', ...args] = process.argv.slice(2);
const program = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
let last = '';
let rest = '';
program.stdout.setEncoding('utf8').on('data', (text) => {
	process.stdout.write(text);
	const lines = (rest + text).split('\n');
	rest = lines.pop() ?? '';
	last = lines.findLast((line) => line.trim() !== '') ?? last;
});
program.on('close', (code) => {
	const found = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec((rest.trim() || last).trim());
	const [passed, failed, skipped] = (found ?? []).slice(1).map(Number);
	const counts = { passed: passed ?? 0, failed: failed ?? 0, skipped: skipped ?? 0 };
	// A program that died, printed no counts or tested nothing must not look green.
	if (counts.failed === 0 && (code !== 0 || counts.passed + counts.skipped === 0)) {
		counts.failed = 1;
		console.log(formatCounts(counts));
	}
	writeCounts(name, counts);
	process.exitCode = counts.failed === 0 ? 0 : 1;
});
