import net from 'node:net';
import { talk } from './talk.mjs';

await talk(net);
net.createServer().listen(0, '127.0.0.1');
console.log('ok: but it never ends');
