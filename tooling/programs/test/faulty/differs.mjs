import net from 'node:net';
import { talk } from './talk.mjs';

await talk(net);
if (Symbol.for('net.original') in net) process.emitWarning('this is not Node');
console.log(`ok: ${Symbol.for('net.original') in net}`);
