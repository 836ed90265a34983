import net from 'node:net';
import { talk } from './talk.mjs';

await talk(net);
