/**
 * The process of one test file: loads it, runs its suites, leaves a report in the file that NET_TEST_REPORT names.
 * It does not end itself: a process that stays alive after its last suite has leaked something, and says what.
 */
import * as module from 'node:module';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from './hooks.mjs';

/** How long a process may take to end after its last suite; one that gets no processor takes seconds. */
const LEAK_MS = 10_000;

/** @type {any} uvu hands its suites over through globals of these names */
const uvuGlobals = globalThis;
uvuGlobals.UVU_DEFER = 1;
uvuGlobals.UVU_QUEUE = [[]];

const file = String(process.argv[2]);
const report = String(process.env['NET_TEST_REPORT']);
const limitMs = Number(process.env['NET_TEST_LIMIT']);
delete process.env['NET_TEST_REPORT'];
delete process.env['NET_TEST_LIMIT'];
process.argv.splice(1, 2, file);

/** @type {Partial<typeof module>} Node 20 lacks the one, later ones will lack the other */
const { registerHooks, register } = module;
if (registerHooks) registerHooks({ resolve });
else register?.('./hooks.mjs', import.meta.url);
const { problems, runningTest, suites } = await import('./uvu.mjs');

let finished = false;
process.on('exit', () => {
	if (!finished) problems.push(`the process ended before its tests did${whileRunning()}`);
	writeReport();
});
setTimeout(() => {
	problems.push(`not done after ${limitMs / 1000} s${whileRunning()}; open: ${openResources()}`);
	leave();
}, limitMs).unref();

await import(pathToFileURL(file).href);
await runSuites(uvuGlobals.UVU_QUEUE[0]);
finished = true;
writeReport();
watchEnd();

/** @param {(() => Promise<[string | true, number, number, number]>)[]} queue */
async function runSuites(queue) {
	let passed = 0;
	for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
		const [errors, count] = await run();
		passed += count;
		if (typeof errors === 'string') process.stdout.write(`\n${errors}\n`);
	}
	for (const { name, pending, runs, only, named } of suites) {
		if (pending > 0 || (named && runs === 0)) problems.push(`suite '${name}' is never run: its .run() is missing`);
		if (only) problems.push(`suite '${name}' runs .only some of its tests`);
	}
	// uvu's own count, as a check of this record: of uvu's passed tests, ours are the passed and those that skipped themselves.
	const states = suites.flatMap(({ entries }) => entries).filter(({ reason }) => !reason?.startsWith('suite.skip'));
	const ours = states.filter(({ state }) => state === 'passed' || state === 'skipped').length;
	if (ours !== passed) problems.push(`uvu counts ${passed} passed tests, the guard ${ours}`);
	if (suites.every(({ entries }) => entries.length === 0)) problems.push('no test in this file');
}

function watchEnd() {
	setTimeout(() => {
		// The loader puts what it compiled into files. That ends by itself, as slowly as the disk is.
		if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) return watchEnd();
		problems.push(`leaked: the process does not end after its last suite; open: ${openResources()}`);
		leave();
	}, LEAK_MS).unref();
}

function writeReport() {
	writeFileSync(report, JSON.stringify({ finished, suites, problems }));
}

function leave() {
	writeReport();
	process.exit(1);
}

function whileRunning() {
	const name = runningTest();
	return name === undefined ? '' : `, while '${name}' ran`;
}

function openResources() {
	return process.getActiveResourcesInfo().join(', ') || 'nothing that Node knows of';
}
