import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startProgram } from '@tooling/test';
import type { Program } from '@tooling/test';

const example = fileURLToPath(new URL('../examples/echo-server.mjs', import.meta.url));

function start(env: NodeJS.ProcessEnv): Program {
	return startProgram(example, [], env);
}

async function readUntil(socket: ReturnType<typeof connect>, length: number): Promise<string> {
	let text = '';
	for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
		text += String(chunk);
		if (text.length >= length) break;
	}
	return text;
}

const test = suite('The echo server that npm start runs');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	test(`greets, echoes, counts, and closes cleanly on ${signal}`, async () => {
		const server = start({ PORT: '0' });
		try {
			const [, port] = await server.says(/server bound: 127\.0\.0\.1:(\d+), driver: (?:native|portable)/);
			await server.says(new RegExp(`nc 127\\.0\\.0\\.1 ${port}`));
			const socket = connect(Number(port), '127.0.0.1');
			socket.write('ping');
			assert.is(await readUntil(socket, 11), 'hello\r\nping');
			await server.says(/client connected: 127\.0\.0\.1:\d+, 1 open/);
			await server.says(/1 connections, 1 messages \(\+1\), 0\.0 MB/);
			socket.end();
			await server.says(/client disconnected: 127\.0\.0\.1:\d+, 0 open/);

			const idle = connect(Number(port), '127.0.0.1');
			assert.is(await readUntil(idle, 7), 'hello\r\n');
			idle.resume();
			const idleEnds = once(idle, 'close');
			server.kill(signal);
			assert.is(await server.ended, 0, server.output());
			await idleEnds;
			assert.match(server.output(), /server closed: 2 connections, 1 messages served/);
		} finally {
			server.kill('SIGKILL');
		}
	});
}

test('survives a connection that is reset', async () => {
	const server = start({ PORT: '0' });
	try {
		const [, port] = await server.says(/server bound: 127\.0\.0\.1:(\d+)/);
		const socket = connect(Number(port), '127.0.0.1');
		assert.is(await readUntil(socket, 7), 'hello\r\n');
		socket.resetAndDestroy();
		await server.says(/client disconnected: 127\.0\.0\.1:\d+, 0 open, read ECONNRESET/);
		server.kill('SIGTERM');
		assert.is(await server.ended, 0);
	} finally {
		server.kill('SIGKILL');
	}
});

test('says in one line that the port is in use, and exits with 1', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	const { port } = other.address() as AddressInfo; // a TCP server has no other form
	try {
		const server = start({ PORT: String(port) });
		assert.is(await server.ended, 1);
		assert.is(server.output(), `127.0.0.1:${port} is in use: end what listens there, or set PORT to another port\n`);
	} finally {
		other.close();
	}
});

test('says in one line that PORT is no port, and exits with 1', async () => {
	for (const port of ['http', '65536', '-1', '1e3', '']) {
		const server = start({ PORT: port });
		assert.is(await server.ended, 1);
		assert.is(server.output(), `PORT must be a number from 0 to 65535, not '${port}'\n`);
	}
});

test("the manual's echo server, by require, greets and echoes", async () => {
	await using server = startProgram(fileURLToPath(new URL('../examples/echo.cjs', import.meta.url)), [0]);
	const [, port] = await server.says(/server bound [^]*port: (\d+)/);
	const socket = connect(Number(port), '127.0.0.1');
	socket.write('ping');
	assert.is(await readUntil(socket, 11), 'hello\r\nping');
	socket.resetAndDestroy();
	await server.says(/ECONNRESET/);
	server.kill('SIGTERM');
	assert.is(await server.ended, 0, server.output());
});

test.run();
