/** WebSockets by ws: text, compressed binary, fragments, pings, a broadcast, a refusal, closing, streams, a Unix socket. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer, createWebSocketStream } from 'ws';

const folder = await mkdtemp(join(tmpdir(), 'ws-'));
const large = Buffer.concat([randomBytes(500_000), Buffer.alloc(500_000)]);

for (const listenOn of [{ port: 0, host: '127.0.0.1' }, { path: join(folder, 'ws.sock') }]) await talk(listenOn);
await rm(folder, { recursive: true });
console.log('ok: over TCP and over a Unix socket');

async function talk(listenOn) {
	const server = http.createServer((request, response) => response.writeHead(426).end());
	const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 1024 } });
	server.on('upgrade', (request, socket, head) => {
		if (request.headers.authorization === 'no') return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
		sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
	});
	sockets.on('connection', (webSocket, { url }) => serve(sockets, webSocket, url));
	server.listen(listenOn);
	await once(server, 'listening');
	const { port } = server.address();
	const connect = (path, options = {}) =>
		new WebSocket(port === undefined ? `ws+unix:${listenOn.path}:${path}` : `ws://127.0.0.1:${port}${path}`, options);

	await echoes(connect);
	await broadcasts(sockets, connect);
	await streams(connect);
	await closings(connect);

	assert.equal(sockets.clients.size, 0);
	server.close();
	await once(server, 'close');
}

function serve(sockets, webSocket, url) {
	if (url === '/echo') webSocket.on('message', (data, binary) => webSocket.send(data, { binary }));
	else if (url === '/broadcast') {
		webSocket.on('message', (data) => sockets.clients.forEach((client) => client.send(String(data))));
	} else if (url === '/stream') {
		const stream = createWebSocketStream(webSocket);
		stream.pipe(stream);
	} else if (url === '/terminate') webSocket.terminate();
	else if (url === '/goodbye') {
		webSocket.send('last words');
		webSocket.close(4001, 'enough');
	}
}

async function echoes(connect) {
	const client = connect('/echo');
	await once(client, 'open');
	assert.match(client.extensions, /permessage-deflate/);
	for (const text of ['', 'hello', 'ä'.repeat(70_000)]) {
		client.send(text);
		const [data, binary] = await once(client, 'message');
		assert.equal(String(data), text);
		assert.equal(binary, false);
	}
	client.send(large);
	assert.ok((await once(client, 'message'))[0].equals(large));
	for (const [index, part] of ['one ', 'two ', 'three'].entries()) client.send(part, { fin: index === 2 });
	assert.equal(String((await once(client, 'message'))[0]), 'one two three');
	client.ping('are you there?');
	assert.equal(String((await once(client, 'pong'))[0]), 'are you there?');

	const numbers = [];
	const all = new Promise((resolve) => {
		client.on('message', (data) => numbers.push(Number(data)) === 1000 && resolve());
	});
	for (let number = 0; number < 1000; number++) client.send(String(number));
	await all;
	assert.deepEqual(
		numbers,
		Array.from({ length: 1000 }, (_, number) => number),
	);
	client.close(1000, 'done');
	const [code, reason] = await once(client, 'close');
	assert.equal(code, 1000);
	assert.equal(String(reason), 'done');
	assert.equal(client.bufferedAmount, 0);
}

async function broadcasts(sockets, connect) {
	const clients = Array.from({ length: 20 }, () => connect('/broadcast'));
	await Promise.all(clients.map((client) => once(client, 'open')));
	assert.equal(sockets.clients.size, 20);
	const heard = Promise.all(clients.map((client) => once(client, 'message')));
	clients[7].send('to all');
	for (const [data] of await heard) assert.equal(String(data), 'to all');
	const closed = Promise.all([...clients, ...sockets.clients].map((client) => once(client, 'close')));
	for (const client of clients) client.close();
	await closed;
}

async function streams(connect) {
	const stream = createWebSocketStream(connect('/stream', { perMessageDeflate: false }));
	for (let start = 0; start < large.length; start += 10_000) stream.write(large.subarray(start, start + 10_000));
	// The end of a WebSocket closes both directions: first all must be back.
	const chunks = [];
	let left = large.length;
	stream.on('data', (chunk) => {
		chunks.push(chunk);
		left -= chunk.length;
		if (left <= 0) stream.end();
	});
	await once(stream, 'close');
	assert.ok(Buffer.concat(chunks).equals(large));
}

async function closings(connect) {
	const left = connect('/goodbye');
	const words = once(left, 'message');
	const [code, reason] = await once(left, 'close');
	assert.equal(String((await words)[0]), 'last words');
	assert.deepEqual([code, String(reason)], [4001, 'enough']);

	const [terminated] = await once(connect('/terminate'), 'close');
	assert.equal(terminated, 1006);

	const [refused] = await once(connect('/echo', { headers: { authorization: 'no' } }), 'error');
	assert.equal(refused.message, 'Unexpected server response: 401');
}
