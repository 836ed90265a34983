// Node's http over TCP and a path: what servers, agents and requests do with their sockets.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closed, listening, say, text } from './trace.mjs';

const server = http.createServer({ keepAliveTimeout: 60_000 });
server.on('request', async (request, response) => {
	if (request.url === '/echo') {
		request.pipe(response);
		return;
	}
	if (request.url === '/expect') say('expects', request.headers.expect);
	response.setHeader('connection', request.headers.connection ?? 'keep-alive');
	response.end(`${request.method} ${request.url} ${await text(request)}`);
});
const port = await listening(server);
say('server', server instanceof net.Server, server.listening, server.address().family, server.constructor.name);

async function ask(options, body) {
	const request = http.request({ host: '127.0.0.1', port, ...options });
	request.end(body);
	const [response] = await once(request, 'response');
	const { socket } = response;
	const told = [socket instanceof net.Socket, socket.remoteAddress, request.reusedSocket];
	const answer = await text(response);
	return [response.statusCode, answer.length > 60 ? answer.length : answer, ...told];
}

// ── Agents.

const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
for (let i = 0; i < 3; i++) say('kept', await ask({ agent, path: `/${i}` }));
say('free', Object.values(agent.freeSockets).flat().length, 'used', Object.values(agent.sockets).flat().length);
say('many', await Promise.all([1, 2, 3, 4].map(async (i) => (await ask({ agent, path: `/many${i}` }))[1])));
say('no agent', await ask({ agent: false, path: '/alone' }));
say('own connection', await ask({ createConnection: () => net.connect(port, '127.0.0.1'), path: '/own' }));
say('host name', await ask({ agent, host: 'localhost', family: 4, path: '/name' }));
say('fetch', await (await fetch(`http://127.0.0.1:${port}/fetch`, { method: 'POST', body: 'body' })).text());

// ── Bodies.

const large = 'x'.repeat(3_000_000);
say('3 MB both ways', await ask({ agent, path: '/echo', method: 'POST' }, large));
say('3 MB both ways again', await ask({ agent, path: '/echo', method: 'POST' }, large));
say('expect', await ask({ agent, path: '/expect', method: 'PUT', headers: { expect: '100-continue' } }, 'later'));

// ── Idle connections.

const idle = Object.values(agent.freeSockets).flat();
const goes = Promise.all(idle.map((socket) => once(socket, 'close')));
server.closeIdleConnections();
await goes;
say(
	'idle connections are closed',
	idle.every((socket) => socket.destroyed),
	server.listening,
);
agent.destroy();

// ── Written by hand: pipelining, errors, late replies.

async function raw(bytes, options = {}) {
	const socket = net.connect({ port, host: '127.0.0.1', ...options });
	socket.end(bytes);
	const answer = await text(socket);
	await closed(socket);
	return answer.replaceAll(/\r\n(Date|Keep-Alive): [^\r]*/g, '').replaceAll('\r\n', '|');
}
const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
say('pipelined', await raw(get('/a') + get('/b') + get('/c', 'Connection: close\r\n')));
say('no http', await raw('nothing of the kind\r\n\r\n'));
server.once('clientError', (error, socket) => {
	say('clientError', error.code, socket instanceof net.Socket, socket.writable, error.bytesParsed);
	socket.end('HTTP/1.1 400 As it is\r\n\r\n');
});
say('no http, told', await raw('nothing of the kind\r\n\r\n'));
say('headers too large', (await raw(get('/', `A: ${'x'.repeat(20_000)}\r\n`))).slice(0, 60));

// ── Upgrades.

server.on('upgrade', (request, socket, head) => {
	say('upgrade', request.headers.upgrade, String(head), socket instanceof net.Socket, socket.server === server);
	socket.write('HTTP/1.1 101 Go\r\nUpgrade: own\r\nConnection: Upgrade\r\n\r\n');
	socket.on('data', (chunk) => socket.write(String(chunk).toUpperCase())).on('end', () => socket.end('bye'));
});
server.on('connect', (request, socket, head) => {
	say('CONNECT', request.url, String(head));
	socket.end('HTTP/1.1 200 Connected\r\n\r\nthrough');
});
const upgrading = http.request({ port, host: '127.0.0.1', headers: { connection: 'upgrade', upgrade: 'own' } }).end();
const [response, upgraded, head] = await once(upgrading, 'upgrade');
say('upgraded', response.statusCode, head.length, upgraded instanceof net.Socket);
upgraded.write('shout');
say(String((await once(upgraded, 'data'))[0]));
upgraded.end();
say(await text(upgraded));
await closed(upgraded);
say('with its head', await raw(get('/', 'Connection: upgrade\r\nUpgrade: own\r\n') + 'head'));
const tunnel = http.request({ port, host: '127.0.0.1', method: 'CONNECT', path: 'there:80' }).end();
const [, through, first] = await once(tunnel, 'connect');
say('tunnel', String(first) + (await text(through)));

// ── Limits.

server.maxRequestsPerSocket = 2;
say('two a socket', await raw(get('/a') + get('/b') + get('/c')));
server.maxRequestsPerSocket = 0;
// Zero is no limit on Node 20.
server.maxConnections = 1;
const only = net.connect(port, '127.0.0.1');
await once(server, 'connection');
const dropped = once(server, 'drop');
const refused = net
	.connect(port, '127.0.0.1')
	.on('error', () => {})
	.resume();
say('dropped', Object.keys((await dropped)[0]));
await closed(refused);
only.destroy();
server.maxConnections = undefined;

// ── A request that is given up, and one whose server is gone.

server.removeAllListeners('request');
const waiting = once(server, 'request');
const given = http.get({ port, host: '127.0.0.1' });
const [pending] = await waiting;
const aborted = once(
	pending.on('error', () => {}),
	'error',
);
given.destroy();
say('given up', (await once(given, 'error'))[0].code);
const [abortion] = await aborted;
say('aborted', abortion.code, pending.aborted, pending.destroyed);
const unanswered = http.get({ port, host: '127.0.0.1', agent: false });
const hangUp = once(unanswered, 'error');
await once(server, 'request');
const close = new Promise((resolve) => server.close(resolve));
server.closeAllConnections();
const [error] = await hangUp;
say('hang up', error.code, error.message);
say('closed', await close);
const [refusal] = await once(http.get({ port, host: '127.0.0.1', agent: false }), 'error');
say('refused', refusal.code, refusal.syscall);

// ── A path.

const folder = mkdtempSync(join(tmpdir(), 'register-'));
const socketPath = join(folder, 'socket');
const local = http.createServer((request, answer) => answer.end(`by path ${request.socket.remoteAddress}`));
await listening(local, socketPath);
say('path', local.address() === socketPath);
const [byPath] = await once(http.get({ socketPath }), 'response');
say(await text(byPath));
local.close();
local.closeAllConnections();
rmSync(folder, { recursive: true });
