// A server in a worker thread, on a port that it shares with others.
import { parentPort, threadId, workerData } from 'node:worker_threads';

import net from '@net/node';

const server = net.createServer((socket) => {
	socket.on('error', () => {});
	socket.on('data', (chunk) => socket.write(`${threadId}:${chunk}`));
});
server.on('error', (error) => parentPort.postMessage(error.code));
server.listen({ port: workerData, host: '127.0.0.1', reusePort: true }, () =>
	parentPort.postMessage(server.address().port),
);
