import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { BlockList, BlockListReader } from '@net/blocklist';

if (isMainThread) {
	const list = new BlockList();
	const worker = new Worker(new URL(import.meta.url), { workerData: list.share() });
	list.addCIDR('203.0.113.0/24');
	worker.postMessage('ask');
	console.log(await once(worker, 'message'));
} else {
	const list = new BlockListReader(workerData);
	parentPort.once('message', () => parentPort.postMessage(list.check('203.0.113.9')));
}
