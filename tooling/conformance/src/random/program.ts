/**
 * The child process: runs sequences one after another over one `net`; a line of JSON for each goes to descriptor 3 as soon as
 * it is over.
 *
 *     node program.js <module> <file of sequences> <folder>
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Net } from '../scenario.ts';
import { Barrier } from './barrier.ts';
import { Execution } from './execute.ts';
import type { Sequence } from './sequence.ts';

const [, , module = '', file = '', folder = ''] = process.argv;
const imported: { default?: Net } & Net = await import(import.meta.resolve(module));
const net = imported.default ?? imported;
const barrier = await Barrier.make();
// Each begins in the check phase, the first one, too.
await barrier.pass();
const sequences: Sequence[] = JSON.parse(readFileSync(file, 'utf8'));
for (const [index, sequence] of sequences.entries()) {
	const trace = await new Execution(net, barrier, join(folder, String(index))).run(sequence);
	writeSync(3, `${JSON.stringify(trace)}\n`);
}
// What a sequence left open must not keep the process from ending.
process.exit(0);
