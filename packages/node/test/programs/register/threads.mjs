// Worker threads: each has a `net` of its own, which is registered as the main thread's.
import { once } from 'node:events';
import http from 'node:http';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { isOurs, listening, say, text } from './trace.mjs';

if (isMainThread) {
	const workers = [1, 2, 3].map(() => new Worker(new URL(import.meta.url)));
	let ours = true;
	const ports = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
	for (const port of ports) {
		const [response] = await once(http.get({ port, host: '127.0.0.1', agent: false }), 'response');
		const told = JSON.parse(await text(response));
		say('worker', told.text);
		ours &&= told.ours;
	}
	for (const worker of workers) worker.postMessage('close');
	await Promise.all(workers.map((worker) => once(worker, 'exit')));
	say('gone');
	console.error(ours);
} else {
	const server = http.createServer((request, response) => {
		response.end(JSON.stringify({ ours: isOurs(request.socket), text: 'from a worker' }));
	});
	parentPort.postMessage(await listening(server));
	parentPort.once('message', () => {
		server.close();
		server.closeAllConnections();
	});
}
