/** undici: a pool, pipelining, streams, upgrade and CONNECT, a Unix socket, time limits, back-pressure, a WebSocket. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Agent, Client, Pool, fetch, request } from 'undici';

const folder = await mkdtemp(join(tmpdir(), 'undici-'));
const body = randomBytes(2_000_000);
/** Sockets that the server has; a Set, since keep-alive is what is looked at. */
const sockets = new Set();

// A connection that is kept must not be closed under a client whose processor is busy.
const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
	if (request.url === '/mirror') request.pipe(response);
	else if (request.url !== '/silent') response.end(request.url);
});
server.on('connection', (socket) => sockets.add(socket));
server.on('upgrade', (request, socket, head) => {
	socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
	if (head.length > 0) socket.unshift(head);
	socket.pipe(socket);
});
server.on('connect', (request, socket) => {
	socket.write('HTTP/1.1 200 Connected\r\n\r\n');
	socket.pipe(socket);
});

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
await pooled();
await pipelined();
await tunnels();
await limits();
await dispatched();
server.close();
await once(server, 'close');

const socketPath = join(folder, 'http.sock');
server.listen(socketPath);
await once(server, 'listening');
const local = new Client('http://localhost', { socketPath });
assert.equal(await (await local.request({ path: '/local', method: 'GET' })).body.text(), '/local');
await local.close();
server.close();
await once(server, 'close');

await rm(folder, { recursive: true });
console.log('ok: pool, pipeline, tunnels, limits, dispatcher, Unix socket');

async function pooled() {
	sockets.clear();
	const pool = new Pool(origin, { connections: 5 });
	const answers = Array.from({ length: 100 }, (_, n) => pool.request({ path: `/${n}`, method: 'GET' }));
	for (const [n, answer] of (await Promise.all(answers)).entries()) assert.equal(await answer.body.text(), `/${n}`);
	assert.equal(sockets.size, 5);
	const mirrored = await pool.request({ path: '/mirror', method: 'POST', body: Readable.from(slices(body)) });
	assert.ok(Buffer.from(await mirrored.body.arrayBuffer()).equals(body));
	await pool.close();
}

async function pipelined() {
	sockets.clear();
	const client = new Client(origin, { pipelining: 10 });
	const answers = Array.from({ length: 50 }, (_, n) => client.request({ path: `/${n}`, method: 'GET' }));
	for (const [n, answer] of (await Promise.all(answers)).entries()) assert.equal(await answer.body.text(), `/${n}`);
	assert.equal(sockets.size, 1);
	// A slow reader: the chunks wait in the kernel and in the socket.
	const chunks = [];
	const slow = new Writable({
		highWaterMark: 1000,
		write: (chunk, encoding, done) => setImmediate(() => done(null, chunks.push(chunk))),
	});
	await client.stream({ path: '/mirror', method: 'PUT', body }, () => slow);
	assert.ok(Buffer.concat(chunks).equals(body));
	await client.close();
}

async function tunnels() {
	const client = new Client(origin);
	const upgraded = await client.upgrade({ path: '/', protocol: 'echo' });
	upgraded.socket.end('through the upgrade');
	assert.equal(await text(upgraded.socket), 'through the upgrade');
	const connected = await client.connect({ path: 'example.org:80' });
	connected.socket.end('through the tunnel');
	assert.equal(await text(connected.socket), 'through the tunnel');
	await client.close();
}

async function limits() {
	const client = new Client(origin, { headersTimeout: 50 });
	await assert.rejects(client.request({ path: '/silent', method: 'GET' }), { code: 'UND_ERR_HEADERS_TIMEOUT' });
	const signal = AbortSignal.abort();
	await assert.rejects(client.request({ path: '/', method: 'GET', signal }), { name: 'AbortError' });
	await client.destroy();
}

async function dispatched() {
	const dispatcher = new Agent({ keepAliveTimeout: 10_000, connect: { timeout: 60_000, localAddress: '127.0.0.1' } });
	assert.equal(await (await fetch(`${origin}/fetched`, { dispatcher })).text(), '/fetched');
	assert.equal(await (await request(`${origin}/requested`, { dispatcher })).body.text(), '/requested');
	await dispatcher.close();
	const nowhere = new Client('http://127.0.0.1:1');
	await assert.rejects(nowhere.request({ path: '/', method: 'GET' }), { code: 'ECONNREFUSED', port: 1 });
	await nowhere.close();
}

function* slices(data, size = 100_000) {
	for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}
