/** Prints what Node's BlockList answers to each of the calls. */
import net from 'node:net';
import { answers } from '../support/calls.ts';

process.stdout.write(JSON.stringify(answers(net)));
