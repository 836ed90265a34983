/**
 * Four threads on one port: each has a server, an event loop and a listening socket of its own, and the kernel deals the
 * connections out (SO_REUSEPORT). Try it:
 *
 *   node examples/workers.mjs --port 8124 --threads 4
 *   for i in 1 2 3 4 5 6; do nc -N 127.0.0.1 8124 </dev/null; done
 *
 * A thread that fails is started again; its own connections are lost, no others. Where the portable driver runs and Node
 * is older than 22.12, the second thread finds the port in use; `node:cluster` shares it there.
 */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
import { createServer } from '@net/server';
import { readOptions, wholeNumber } from './options.mjs';

const HOST = '127.0.0.1';
const MOST_THREADS = 256;
/** A thread that fails sooner is not started again at once. */
const RESTART_MS = 1_000;
/** What connections get to send the rest when the program is told to stop. */
const GRACE_MS = 2_000;

if (isMainThread) await main();
else serve(workerData.port);

async function main() {
	const values = readOptions('node examples/workers.mjs [--port 8124] [--threads 4]', {
		port: { type: 'string', default: '8124' },
		threads: { type: 'string', default: '4' },
	});
	const threads = wholeNumber('threads', values.threads, MOST_THREADS);
	const wanted = wholeNumber('port', values.port);
	/** @type {Set<Worker>} */
	const workers = new Set();
	let stopping = false;

	/** Resolves with the port once the thread listens. @param {number} port */
	async function start(port) {
		const worker = new Worker(new URL(import.meta.url), { workerData: { port } });
		workers.add(worker);
		worker.once('exit', () => workers.delete(worker));
		const [message] = await once(worker, 'message');
		const started = performance.now();
		worker.once('error', (error) => {
			console.error(`thread ${worker.threadId}: ${error.message}`);
			const wait = performance.now() - started < RESTART_MS ? RESTART_MS : 0;
			if (!stopping) setTimeout(() => stopping || start(message.port).catch(fail), wait).unref();
		});
		return message.port;
	}

	/** @param {Error} error */
	function fail(error) {
		console.error(error.message);
		process.exitCode = 1;
		stop();
	}

	function stop() {
		stopping = true;
		for (const worker of workers) worker.postMessage('stop');
		setTimeout(() => workers.forEach((worker) => worker.terminate()), GRACE_MS).unref();
	}

	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
	try {
		// The first one finds a port where 0 was asked for.
		const port = await start(wanted);
		for (let count = 1; count < threads; count++) await start(port);
		console.log(`listening: ${HOST}:${port}, ${workers.size} threads`);
	} catch (error) {
		fail(error);
	}
}

/** @param {number} port */
function serve(port) {
	/** @type {Set<import('@net/socket').Socket>} */
	const open = new Set();
	const server = createServer((socket) => {
		open.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => open.delete(socket));
		socket.write(`thread ${threadId}\n`);
		socket.pipe(socket);
	});
	// Without a listener an error ends the thread, and reaches the main one.
	server.listen({ port, host: HOST, reusePort: true }, () => parentPort.postMessage({ port: server.address().port }));
	parentPort.once('message', () => {
		server.close();
		for (const socket of open) socket.destroySoon();
		parentPort.close();
	});
}
