/** The HTTP server, by curl, Node's http and raw bytes. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startCommand } from '@tooling/test';
import type { Program } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST, Peer, exchange, startExample } from '../support/peer.ts';

const http = suite('The HTTP server');

async function startHttp(): Promise<{ program: Program; port: number }> {
	const program = startExample('http', ['--port', 0]);
	const [, port] = await program.says(/listening: http:\/\/127\.0\.0\.1:(\d+)\//);
	return { program, port: Number(port) };
}

http('answers curl, and echoes a megabyte', async () => {
	const { program, port } = await startHttp();
	await using _ = program;
	const body = 'x'.repeat(1024 * 1024);
	await using hello = startCommand(['curl', '-si', `http://${HOST}:${port}/`]);
	assert.is(await hello.ended, 0, hello.output());
	assert.match(hello.output(), /^HTTP\/1\.1 200 OK[^]*hello, 127\.0\.0\.1 port \d+\n$/);
	await using echo = startCommand(['curl', '-s', '--data-binary', '@-', `http://${HOST}:${port}/echo`]);
	echo.input(body);
	assert.is(await echo.ended, 0);
	assert.ok(echo.output() === body, 'another body');
	await using missing = startCommand(['curl', '-s', `http://${HOST}:${port}/nothing`]);
	assert.is(await missing.ended, 0);
	assert.is(missing.output(), 'not found\n');
});

http('answers pipelined requests in order, and nonsense with 400', async () => {
	const { program, port } = await startHttp();
	await using _ = program;
	const two = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\nDELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
	assert.match(await exchange(port, two), /404 Not Found[^]*405 Method Not Allowed[^]*Allow: GET, HEAD/);
	for (const nonsense of ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nA: ${'b'.repeat(100_000)}`]) {
		assert.match(await exchange(port, nonsense), /^HTTP\/1\.1 4\d\d /);
	}
	for (const target of ['//', 'http://', '*', '/%', '/?']) {
		const answer = await exchange(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
		assert.match(answer, /^HTTP\/1\.1 (?:200|400|404) /, target);
	}
	const cut = new Peer(port);
	cut.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
	await cut.reads(/half/);
	cut.socket.resetAndDestroy();
	assert.match(await exchange(port, 'GET / HTTP/1.0\r\n\r\n'), /hello/);
});

http('told to stop it answers what it was asked, closes idle connections, and ends', async () => {
	const { program, port } = await startHttp();
	await using _ = program;
	const agent = new Agent({ keepAlive: true });
	const idle = request({ port, host: HOST, agent }).end();
	const [answer] = await once(idle, 'response');
	await once(answer.resume(), 'end');
	const busy = request({ port, host: HOST, path: '/echo', method: 'POST' });
	busy.write('before');
	const [echo] = await once(busy, 'response');
	let text = '';
	echo.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	program.kill('SIGTERM');
	await new Promise((resolve) => idle.socket?.once('close', resolve));
	busy.end(' and after');
	await once(echo, 'end');
	assert.is(text, 'before and after');
	assert.is(await program.ended, 0, program.output());
	assert.match(program.output(), /closed\n$/);
	agent.destroy();
});

http('a port that is in use is told in one line', async () => {
	const other = createServer().listen(0, HOST);
	await once(other, 'listening');
	const { port } = other.address() as AddressInfo; // a TCP server has no other form
	try {
		await using program = startExample('http', ['--port', port]);
		assert.is(await program.ended, 1);
		assert.is(program.output(), `listen EADDRINUSE: address already in use ${HOST}:${port}\n`);
	} finally {
		other.close();
	}
});

http.run();
