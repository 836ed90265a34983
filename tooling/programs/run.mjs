#!/usr/bin/env node
/** Runs the programs by hand: `npm run programs -- --help`. */
import { readArguments, readList, refuse } from '@tooling/test/arguments';
import { programs } from './catalogue.mjs';
import { majors, modes } from './harness/modes.mjs';
import { endPrograms } from './harness/program-run.mjs';
import { start, stopServers } from './harness/suite.mjs';

const names = programs.map(({ file }) => file.replace(/\.\w+$/, ''));
const help = `npm run programs [-- [options] [name …]]     default: all

Runs real programs on Node's own sockets (plain), and on ours by node --import @net/node/register, on both drivers.

  --node <majors>    ${majors.join(',')}
  --mode <modes>     ${modes.join(',')}
  --verbose          prints what each program prints, and what the witness saw
  --help             this text

Programs: ${names.join(', ')}

Exit code 1 when a program fails or does something else over our sockets, 2 when the arguments are wrong.
`;

const { values, positionals } = readArguments('programs', {
	allowPositionals: true,
	options: {
		node: { type: 'string', default: majors.join(',') },
		mode: { type: 'string', default: modes.join(',') },
		verbose: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});
const unknown = positionals.filter((name) => !names.includes(name));
if (values.help) process.stdout.write(help);
else if (unknown.length > 0) refuse('programs', `no program ${unknown.join(', ')}`);
else await run();

async function run() {
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
		process.once(signal, () => {
			endPrograms();
			process.exit(1);
		});
	}
	const chosen = programs.filter((_, index) => positionals.length === 0 || positionals.includes(names[index] ?? ''));
	const choice = {
		majors: readList('programs', 'node', values.node, majors),
		modes: readList('programs', 'mode', values.mode, modes),
	};
	const counts = { passed: 0, failed: 0, skipped: 0 };
	for (const { title, verdict } of start(chosen, choice)) {
		const result = await verdict;
		if (result.skipped !== undefined) {
			counts.skipped++;
			console.log(`- ${title}: skipped: ${result.skipped}`);
			continue;
		}
		const { problems, run } = result;
		counts[problems.length > 0 ? 'failed' : 'passed']++;
		console.log(`${problems.length > 0 ? '✘' : '✔'} ${title}: ${run.seconds.toFixed(1)} s`);
		for (const problem of problems) console.log(indent(problem));
		if (values.verbose) console.log(indent(`${run.stdout}${JSON.stringify(run.testimony, undefined, 2)}`));
		if (values.verbose || problems.length > 0) console.log(indent(run.stderr));
	}
	await stopServers();
	console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
	if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
}

/** @param {string} text */
function indent(text) {
	return text.trimEnd().replace(/^/gm, '    ');
}
