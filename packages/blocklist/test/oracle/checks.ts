/** Prints what Node's BlockList answers to the checks of each of the first `process.argv[2]` seeds. */
import net from 'node:net';
import { liveThrough } from '../support/checks.ts';

const answers: unknown[] = [];
for (let seed = 0; seed < Number(process.argv[2]); seed++) answers.push(liveThrough(net.BlockList, seed));
process.stdout.write(JSON.stringify(answers));
