/**
 * The child process: runs scenarios of one subject over one `net` and writes what they record, a line of JSON each, to
 * a file, at once, so that nothing is lost when the process ends in the middle.
 *
 *     node program.js <subject> <module> <trace file> <folder> <time limit> <index of scenario>…
 */
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Recorder } from './recorder.ts';
import { load } from './scenario.ts';
import type { Net, Scenario } from './scenario.ts';

/** A line of the trace file. */
export type Entry = { begin: number } | { lane: string; line: string } | { end: number };

const [, , subject = '', module = '', file = '', folder = '', limit = '', ...indices] = process.argv;
/** A scenario of a shared process is given up after this many ms. */
const timeLimit = Number(limit);
const trace = openSync(file, 'a');

function write(entry: Entry): void {
	writeSync(trace, `${JSON.stringify(entry)}\n`);
}

await main();

async function main(): Promise<void> {
	const moduleUrl = import.meta.resolve(module);
	const imported: { default?: Net } & Net = await import(moduleUrl);
	const net = imported.default ?? imported;
	const scenarios = await load(subject);
	for (const index of indices.map(Number)) {
		const found = scenarios[index];
		if (found === undefined) throw new Error(`${subject} has no scenario ${index}`);
		const own = join(folder, String(index));
		if (found.options.process === 'own') return runAlone(found, index, net, own, moduleUrl);
		await runShared(found, index, net, own, moduleUrl);
	}
	// What a scenario left open must not keep the process from ending.
	process.exit(0);
}

/** Nothing of the kit's is left behind here that would keep the process alive or let it end otherwise. */
function runAlone(found: Scenario, index: number, net: Net, own: string, moduleUrl: string): void {
	const recorder = new Recorder((lane, line) => write({ lane, line }), own, moduleUrl);
	write({ begin: index });
	process.on('exit', (code) => {
		recorder.log('exit', code);
		write({ end: index });
	});
	const done: unknown = found.body(net, recorder);
	// Without this a body that fails would be reported with the stack of an unhandled rejection.
	if (done instanceof Promise) done.catch((error: unknown) => recorder.log('the scenario failed', error));
}

async function runShared(found: Scenario, index: number, net: Net, own: string, moduleUrl: string): Promise<void> {
	let over = false;
	const recorder = new Recorder(
		(lane, line) => {
			if (!over) write({ lane, line });
		},
		own,
		moduleUrl,
	);
	write({ begin: index });
	const onUncaught = (error: unknown): void => recorder.log('uncaughtException', error);
	process.on('uncaughtException', onUncaught);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve) => {
		timer = setTimeout(() => {
			recorder.log('not over in time');
			resolve();
		}, timeLimit);
	});
	try {
		await Promise.race([late, found.body(net, recorder)]);
	} catch (error) {
		recorder.log('the scenario failed', error);
	}
	clearTimeout(timer);
	// Events that must not come any more still would, here.
	await recorder.rounds(2);
	write({ end: index });
	over = true;
	await recorder.cleanUp();
	process.off('uncaughtException', onUncaught);
}
