import net from 'node:net';
import { talk } from './talk.mjs';

/** @type {any} what Node's own were before register */
const exports = net;
await talk(net);
await talk(exports[Symbol.for('net.original')] ?? net);
console.log('ok: but one connection goes around ours');
