/** A connection that goes to another thread: where Node's own sockets can be transferred, so can one that ours made. */
import { once } from 'node:events';
import host from 'node:net';
import { Worker } from 'node:worker_threads';

import net from '@net/node';
import { toNodeSocket } from '@net/node/processes';
import { skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { portOf } from './support/sockets.ts';

const test = suite('transfer');

const program = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.once('message', async ({ socket }) => {
	const imported = await import(workerData);
	const ours = new imported.default.Socket({ handle: socket });
	ours.on('data', (chunk) => ours.end('the thread got ' + chunk)).on('close', () => parentPort.postMessage('closed'));
});`;

test('an accepted connection goes to another thread through a socket of Node’s own', async () => {
	// The first that can transfer sockets.
	if (Number(process.versions.node.split('.')[0]) < 26) skip('this Node transfers no sockets');
	const thread = new Worker(program, { eval: true, workerData: import.meta.resolve('@net/node') });
	const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
	try {
		await once(server, 'listening');
		const accepted = once(server, 'connection');
		const client = host.connect(portOf(server), '127.0.0.1').setEncoding('utf8');
		client.write('a question');
		const [socket] = await accepted;
		const sent = await toNodeSocket(socket);
		const closed = once(thread, 'message');
		// Known to Node's types as no transferable yet.
		Reflect.apply(thread.postMessage, thread, [{ socket: sent }, [sent]]);
		const [answer] = await once(client, 'data');
		assert.is(answer, 'the thread got a question');
		assert.equal(await closed, ['closed']);
	} finally {
		server.close();
		await thread.terminate();
	}
});

test.run();
