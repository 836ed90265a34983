// Run by cluster.test.ts: two workers listen on the port that the primary was given, then the primary connects until both
// have answered.
import cluster from 'node:cluster';
import { once } from 'node:events';
import net from 'node:net';

import { createServer } from '@net/server';

const port = Number(process.argv[2]);
if (cluster.isPrimary) {
	const workers = [cluster.fork(), cluster.fork()];
	await Promise.all(workers.map((worker) => once(worker, 'message')));
	const answered = new Set();
	for (let i = 0; i < 200 && answered.size < 2; i++) {
		const client = net.connect(port, '127.0.0.1');
		const [id] = await once(client, 'data');
		answered.add(String(id));
		client.destroy();
	}
	console.log([...answered].sort().join());
	cluster.disconnect();
} else {
	const server = createServer((socket) => socket.end(String(cluster.worker?.id)));
	server.on('error', (error) => process.send?.(error.message));
	server.listen(port, '127.0.0.1', () => process.send?.('listening'));
	process.once('disconnect', () => process.exit());
}
