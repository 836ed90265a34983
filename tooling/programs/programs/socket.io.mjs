/** socket.io with its client: polling, the upgrade to a WebSocket, acknowledgements, rooms, binary, 20 clients, leaving. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';

const body = randomBytes(300_000);
const server = http.createServer();
const sockets = new Server(server);
sockets.of('/closed').use((socket, next) => next(new Error('not for you')));
sockets.on('connection', (socket) => {
	socket.on('add', (a, b, answer) => answer(a + b));
	socket.on('mirror', (data, answer) => answer(data));
	socket.on('join', async (room, answer) => {
		await socket.join(room);
		answer([...socket.rooms].length);
	});
	socket.on('say', (room, words) => socket.to(room).emit('said', words));
	socket.on('leave', () => socket.disconnect());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
	const client = io(url, { transports, forceNew: true });
	await once(client, 'connect');
	const { engine } = client.io;
	if (transports.length === 2 && engine.transport.name === 'polling') await once(engine, 'upgrade');
	assert.equal(client.io.engine.transport.name, transports.at(-1));
	const sums = Array.from({ length: 50 }, (_, n) => client.emitWithAck('add', n, 1));
	for (const [n, sum] of (await Promise.all(sums)).entries()) assert.equal(sum, n + 1);
	assert.ok(body.equals(await client.emitWithAck('mirror', body)));
	const left = once(client, 'disconnect');
	client.emit('leave');
	assert.equal((await left)[0], 'io server disconnect');
}

const clients = Array.from({ length: 20 }, () => io(url, { forceNew: true, transports: ['websocket'] }));
await Promise.all(clients.map((client) => once(client, 'connect')));
assert.equal((await sockets.fetchSockets()).length, 20);
for (const client of clients.slice(0, 10)) assert.equal(await client.emitWithAck('join', 'room'), 2);
const heard = clients.slice(1, 10).map((client) => once(client, 'said'));
clients[0].emit('say', 'room', 'hello, room');
for (const [words] of await Promise.all(heard)) assert.equal(words, 'hello, room');

const closed = io(`${url}/closed`, { forceNew: true });
const [error] = await once(closed, 'connect_error');
assert.equal(error.message, 'not for you');
closed.close();

const ends = clients.map((client) => once(client, 'disconnect'));
for (const client of clients) client.close();
for (const [reason] of await Promise.all(ends)) assert.equal(reason, 'io client disconnect');
await sockets.close();
console.log('ok: 3 transports, 20 clients');
