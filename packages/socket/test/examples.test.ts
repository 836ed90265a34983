/** The client of the manual's echo server, as a program. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startProgram } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('The client of the echo server');
const file = fileURLToPath(new URL('../examples/client.mjs', import.meta.url));

test('prints what comes back, and ends; without a server it says so', async () => {
	const server = createServer((socket) => {
		socket.write('hello\r\n');
		socket.pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = Object(server.address());
	await using client = startProgram(file, [port]);
	assert.is(await client.ended, 0);
	assert.is(client.output(), 'connected to server!\nhello\r\nworld!\r\ndisconnected from server\n');
	await new Promise((resolve) => server.close(resolve));
	await using alone = startProgram(file, [port]);
	assert.is(await alone.ended, 1);
	assert.is(alone.output(), `connect ECONNREFUSED 127.0.0.1:${port}\n`);
});

test.run();
