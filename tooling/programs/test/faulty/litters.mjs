import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { talk } from './talk.mjs';

await talk(net);
writeFileSync(join(tmpdir(), 'litter.txt'), '');
console.log('ok: but it leaves a file');
