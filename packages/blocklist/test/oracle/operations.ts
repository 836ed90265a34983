/** Prints what Node's BlockList answers to the operations of each of the first `process.argv[2]` seeds. */
import net from 'node:net';
import { operations, run } from '../support/operations.ts';

const answers: unknown[][] = [];
for (let seed = 0; seed < Number(process.argv[2]); seed++) answers.push(run(net, operations(seed)));
process.stdout.write(JSON.stringify(answers));
