/** Worker threads: each has its own loop. */
import { Worker } from 'node:worker_threads';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

/** A worker whose program knows `net` and `parentPort`; its messages, errors and end go to a lane. */
function start(recorder: Recorder, lane: string, program: string): Worker {
	const source = `
		const { parentPort, workerData } = require('node:worker_threads');
		import(${JSON.stringify(recorder.moduleUrl)}).then((imported) => {
			const net = imported.default ?? imported;
			${program}
		});`;
	const worker = new Worker(source, { eval: true });
	worker.on('error', (error) => recorder.lane(lane).log('error', error));
	worker.on('exit', (code) => recorder.lane(lane).log('exit', code));
	return worker;
}

/** The next message; a worker that ends without one is told. */
async function message(recorder: Recorder, worker: Worker): Promise<unknown> {
	const ended = recorder.once(worker, 'exit').then(() => ['the worker ended']);
	const [value] = await Promise.race([recorder.once(worker, 'message'), ended]);
	return value;
}

scenario('a server in a worker, a client in the main thread', async (net, recorder) => {
	const worker = start(
		recorder,
		'worker',
		`const server = net.createServer((socket) => { socket.end('from a worker'); server.close(); });
		server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
	);
	const ended = recorder.once(worker, 'exit');
	const port = await message(recorder, worker);
	const client = recorder.own(net.connect(Number(port), '127.0.0.1'));
	recorder.log('text', await recorder.text(client));
	await ended;
});

scenario('a client in a worker, a server in the main thread', async (net, recorder) => {
	const server = await recorder.serve(net, (socket) => socket.pipe(socket));
	const worker = start(
		recorder,
		'worker',
		`const client = net.connect(${server.port}, '127.0.0.1');
		client.setEncoding('utf8').on('data', (text) => { parentPort.postMessage(text); client.end(); });
		client.write('echo me');`,
	);
	const ended = recorder.once(worker, 'exit');
	recorder.log('text', await message(recorder, worker));
	await ended;
});

scenario('both ends in one worker', async (_net, recorder) => {
	const worker = start(
		recorder,
		'worker',
		`const server = net.createServer((socket) => socket.pipe(socket));
		server.listen(0, '127.0.0.1', () => {
			const client = net.connect(server.address().port, '127.0.0.1');
			client.setEncoding('utf8').on('data', (text) => { parentPort.postMessage(text); client.end(); server.close(); });
			client.write('inside');
		});`,
	);
	const ended = recorder.once(worker, 'exit');
	recorder.log('text', await message(recorder, worker));
	await ended;
});

scenario('terminate with a listening server frees its port', async (net, recorder) => {
	const worker = start(
		recorder,
		'worker',
		`const server = net.createServer();
		server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
	);
	const port = Number(await message(recorder, worker));
	recorder.alias(port, 'port');
	await worker.terminate();
	const server = recorder.own(net.createServer());
	recorder.lane('server').events(server, ['listening', 'error']);
	server.listen(port, '127.0.0.1');
	await Promise.race([recorder.once(server, 'listening'), recorder.once(server, 'error')]);
});

scenario('terminate with an open connection: the other end sees it', async (net, recorder) => {
	const lane = recorder.lane('peer');
	const server = await recorder.serve(net);
	const accepted = recorder.once(server, 'connection');
	const worker = start(
		recorder,
		'worker',
		`const client = net.connect(${server.port}, '127.0.0.1', () => parentPort.postMessage('connected'));`,
	);
	await message(recorder, worker);
	const [peer] = await accepted;
	if (!(peer instanceof net.Socket)) throw new Error('no socket');
	lane.events(peer, ['end', 'error', 'close']);
	peer.resume();
	const closed = recorder.once(peer, 'close');
	await worker.terminate();
	await closed;
});

scenario('process.exit in a worker after a write: the bytes arrive', async (net, recorder) => {
	const server = await recorder.serve(net);
	const accepted = recorder.once(server, 'connection');
	const worker = start(
		recorder,
		'worker',
		`const client = net.connect(${server.port}, '127.0.0.1', () => { client.write('worker says bye'); process.exit(0); });`,
	);
	const ended = recorder.once(worker, 'exit');
	const [peer] = await accepted;
	if (!(peer instanceof net.Socket)) throw new Error('no socket');
	peer.on('error', () => {});
	recorder.log('text', await recorder.text(peer));
	await ended;
});

scenario('an uncaught exception in a worker ends that worker only', async (net, recorder) => {
	const worker = start(
		recorder,
		'worker',
		`const server = net.createServer((socket) => { throw new Error('in a worker'); });
		server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
	);
	const ended = recorder.once(worker, 'exit');
	const port = Number(await message(recorder, worker));
	const client = recorder.own(net.connect(port, '127.0.0.1'));
	client.on('error', () => {});
	client.resume();
	await ended;
	const { client: mine, peer, closed } = await recorder.pair(net);
	recorder.log('main thread works', mine.readyState);
	mine.destroy();
	peer.resume();
	await closed();
});

scenario('four workers at once, each with a server of its own', async (net, recorder) => {
	const program = `const server = net.createServer((socket) => { socket.end('x'); server.close(); });
		server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
	const workers = Array.from({ length: 4 }, (_, i) => start(recorder, `worker ${i}`, program));
	const ended = workers.map((worker) => recorder.once(worker, 'exit'));
	const ports = await Promise.all(workers.map((worker) => message(recorder, worker)));
	const clients = ports.map((port) => recorder.own(net.connect(Number(port), '127.0.0.1')));
	recorder.log('texts', (await Promise.all(clients.map((client) => recorder.text(client)))).join(''));
	await Promise.all(ended);
});
