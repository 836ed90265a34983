#!/usr/bin/env node
/** net-test: runs uvu test files, one process a file, and does not take uvu's exit code for an answer. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readArguments, readList, refuse } from './arguments.mjs';
import { formatCounts, sumCounts, writeCounts } from './counts.mjs';
import { runFile } from './file-run.mjs';
import { currentMajor, findNode, majors, nativeIsBuilt, nodeIsMissing } from './nodes.mjs';

const help = `net-test [options] [file or folder …]     default: test

Runs each *.test.ts in a process of its own. Red: a failing test, a file without tests, a suite without .run(),
a hook that throws, a process that does not end by itself, more than 60 s (a line "// net-test: limit 120 s" in
the file asks for more, 600 s at most), nothing to run.

  --node <which>     current, a major version (22, 24, 26) or a path; may be repeated; default: current
  --driver <which>   native or portable, for NET_LOOP_DRIVER; may be repeated; default: as the environment has it
  --verbose          prints what the files print, even where they pass
  --help             this text

Exit code 1 when it is red, 2 when the arguments are wrong.
`;

const { values, positionals } = readArguments('net-test', {
	allowPositionals: true,
	options: {
		node: { type: 'string', multiple: true, default: ['current'] },
		driver: { type: 'string', multiple: true },
		verbose: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});
if (values.help) {
	process.stdout.write(help);
	process.exit(0);
}

const folder = process.cwd();
for (const name of positionals) if (!existsSync(resolve(folder, name))) refuse('net-test', `there is no ${name}`);
for (const driver of values.driver ?? []) readList('net-test', 'driver', driver, ['native', 'portable']);
const files = findFiles(positionals.length > 0 ? positionals : ['test']);
const counts = [];
/** @type {string[]} */
const failures = [];
for (const node of nodes(values.node)) {
	for (const driver of values.driver ?? [process.env['NET_LOOP_DRIVER'] || undefined]) {
		counts.push(await runAll(node, driver));
	}
}
const sum = sumCounts(counts);
if (files.length === 0) {
	console.log(`✘ no test file in ${(positionals.length > 0 ? positionals : ['test']).join(', ')}`);
	sum.failed++;
}
writeCounts(packageName(), sum, failures);
console.log(formatCounts(sum));
process.exitCode = sum.failed === 0 ? 0 : 1;

/**
 * @param {{ name: string, path: string | undefined }} node
 * @param {string | undefined} driver
 */
async function runAll(node, driver) {
	const label = [node.name, driver].filter(Boolean).join(', ');
	const lacking = lack(node, driver);
	if (lacking !== undefined) {
		console.log(`- ${label}: ${files.length} files skipped: ${lacking}`);
		return { passed: 0, failed: 0, skipped: files.length };
	}
	const verdicts = [];
	for (const file of files) {
		const verdict = await runFile(file, { node: String(node.path), driver });
		verdicts.push(verdict);
		print(relative(folder, file), label, verdict);
	}
	return sumCounts(verdicts);
}

/**
 * Why nothing can run there, if so.
 * @param {{ path: string | undefined }} node
 * @param {string | undefined} driver
 */
function lack(node, driver) {
	if (node.path === undefined) return nodeIsMissing;
	if (driver === 'native' && !nativeIsBuilt()) return 'the native driver is not built (cargo builds it)';
	return undefined;
}

/**
 * @param {string} file
 * @param {string} label
 * @param {import('./file-run.mjs').Verdict} verdict
 */
function print(file, label, verdict) {
	const bad = verdict.failed > 0;
	const parts = [`${verdict.passed} passed`];
	if (bad) parts.push(`${verdict.failed} failed`);
	if (verdict.skipped > 0) parts.push(`${verdict.skipped} skipped`);
	const lines = [`${bad ? '✘' : '✔'} ${file} (${label}): ${parts.join(', ')}, ${verdict.seconds.toFixed(1)} s`];
	for (const reason of verdict.skips) lines.push(`    skipped: ${reason}`);
	if (bad || values.verbose) lines.push(indent(verdict.output));
	for (const problem of verdict.problems) lines.push(indent(problem));
	const text = lines.join('\n');
	console.log(text);
	if (bad) failures.push(`✘ ${packageName()}, ${text.slice(2)}`);
}

/** @param {string[]} names - files, or folders to search. */
function findFiles(names) {
	const found = new Set();
	for (const name of names) {
		const path = resolve(folder, name);
		if (!existsSync(path)) continue;
		if (statSync(path).isFile()) found.add(path);
		else for (const file of readdirSync(path, { recursive: true })) found.add(join(path, String(file)));
	}
	return [...found]
		.filter((file) => names.some((name) => resolve(folder, name) === file) || file.endsWith('.test.ts'))
		.sort();
}

/** @param {string[]} names */
function nodes(names) {
	const found = new Map();
	for (const each of names) {
		const name = each === 'current' ? currentMajor : each;
		if (/^\w*$/.test(name)) {
			readList('net-test', 'node', name, ['current', currentMajor, ...majors]);
			found.set(name, { name: `Node ${name}`, path: findNode(name) });
		} else found.set(name, { name, path: existsSync(name) ? name : undefined });
	}
	return [...found.values()];
}

function packageName() {
	try {
		return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
	} catch {
		return folder;
	}
}

/** @param {string} text */
function indent(text) {
	return text.trimEnd().replace(/^/gm, '    ');
}
