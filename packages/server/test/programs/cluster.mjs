// Run by cluster.test.ts: two workers listen on the one port that the primary finds for them, then the primary connects until
// both have answered.
import cluster from 'node:cluster';
import { once } from 'node:events';
import net from 'node:net';

import { createServer } from '@net/server';

if (cluster.isPrimary) {
	const workers = [cluster.fork(), cluster.fork()];
	const ports = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
	const [port] = new Set(ports);
	const answered = new Set();
	for (let i = 0; i < 200 && answered.size < 2; i++) {
		const client = net.connect(port, '127.0.0.1');
		const [id] = await once(client, 'data');
		answered.add(String(id));
		client.destroy();
	}
	console.log(new Set(ports).size, [...answered].sort().join());
	cluster.disconnect();
} else {
	const server = createServer((socket) => socket.end(String(cluster.worker?.id)));
	server.on('error', (error) => process.send?.(error.message));
	server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
	process.once('disconnect', () => process.exit());
}
