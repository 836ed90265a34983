import { BlockList } from '@net/blocklist';
import { exportList, formatProblem, readList } from '@net/blocklist/formats';

const lines = '192.0.2.0/25 ; SBL1\n192.0.2.128/25 ; SBL2\n198.51.100.7\n198.51.100.300\n';
const { batch, problems } = await readList(Buffer.from(lines), { name: 'drop.txt' });
for (const problem of problems) console.log(formatProblem(problem));

const list = new BlockList();
list.addBatch(batch);
console.log(list.check('192.0.2.9'), list.match('192.0.2.9')[0]);

for (const text of exportList(list.toBatch(), 'nft')) process.stdout.write(text);
