// A cluster of http servers: four workers on one port, dealt out by the primary and shared; messages with sockets.
import cluster from 'node:cluster';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { closed, isOurs, say, text } from './trace.mjs';

if (cluster.isWorker) {
	const server = http.createServer((request, response) => {
		response.setHeader('connection', 'close');
		response.end(JSON.stringify({ id: cluster.worker.id, ours: isOurs(request.socket) }));
	});
	server.listen(0, '127.0.0.1');
	process.on('message', async (message, given) => {
		if (message === 'take') given.end(`worker ${cluster.worker.id}`);
		if (message === 'close') {
			server.close(() => cluster.worker.disconnect());
			server.closeAllConnections();
		}
	});
} else {
	for (const policy of [cluster.SCHED_RR, cluster.SCHED_NONE]) {
		cluster.schedulingPolicy = policy;
		const workers = [1, 2, 3, 4].map(() => cluster.fork());
		const ports = await Promise.all(workers.map(async (worker) => (await once(worker, 'listening'))[0].port));
		say('one port', new Set(ports).size, 'policy', policy);
		const answers = [];
		for (let i = 0; i < 20; i++) {
			const [response] = await once(http.get({ port: ports[0], host: '127.0.0.1', agent: false }), 'response');
			answers.push(JSON.parse(await text(response)));
		}
		const count = new Set(answers.map(({ id }) => id)).size;
		say('answers', answers.length, policy === cluster.SCHED_RR ? count : count > 0);
		console.error(JSON.stringify(answers.map(({ ours }) => ours)));

		// While there are workers the primary's own servers are Node's, whose sockets can be sent as they are.
		const front = net.createServer({ pauseOnConnect: true }, (socket) => workers[0].send('take', socket));
		front.listen(0, '127.0.0.1');
		await once(front, 'listening');
		const client = net.connect(front.address().port, '127.0.0.1');
		say('sent', (await text(client)).replace(/\d/, 'n'));
		await closed(client);
		front.close();

		const gone = Promise.all(workers.map((worker) => once(worker, 'exit')));
		for (const worker of workers) worker.send('close');
		say(
			'exits',
			(await gone).map(([code]) => code),
		);
	}
}
