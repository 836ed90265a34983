import net from 'node:net';
import { talk } from './talk.mjs';

await talk(net);
console.log('ok: nothing is wrong');
