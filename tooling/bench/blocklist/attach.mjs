/** How long it takes to open a shared list in a thread, until it has answered once. */
import { parentPort, workerData } from 'node:worker_threads';
import { BlockListReader } from '@net/blocklist';

const started = performance.now();
new BlockListReader(workerData).check('192.0.2.1');
parentPort?.postMessage(performance.now() - started);
