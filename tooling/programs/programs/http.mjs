/**
 * node:http by itself: 3 MB both ways over keep-alive agents, time limits of sockets, requests and idle connections,
 * 100-continue, trailers, upgrades, pipelining, a broken request, half-open clients, a Unix socket.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';

const folder = await mkdtemp(join(tmpdir(), 'http-'));
const body = randomBytes(3_000_000);

for (const place of [{ port: 0, host: '127.0.0.1' }, { path: join(folder, 'http.sock') }]) {
	const server = http.createServer({ keepAliveTimeout: 60_000, connectionsCheckingInterval: 100 });
	server.on('request', answer);
	server.on('checkContinue', (request, response) => {
		response.writeContinue();
		answer(request, response);
	});
	server.listen(place);
	await once(server, 'listening');
	const where =
		place.path === undefined ? { host: '127.0.0.1', port: server.address().port } : { socketPath: place.path };
	await bodies(server, where);
	await details(server, where);
	await limits(server, where);
	await raw(server, where.socketPath ?? where.port);
	server.close();
	await once(server, 'close');
}
await rm(folder, { recursive: true });
console.log('ok: over TCP and over a Unix socket');

function answer(request, response) {
	if (request.url === '/mirror') request.pipe(response);
	else if (request.url === '/trailers') {
		response.writeHead(200, { trailer: 'x-sum' });
		response.write('body');
		response.addTrailers({ 'x-sum': '4' });
		response.end();
	} else if (request.url === '/early') {
		response.writeEarlyHints({ link: '</style.css>; rel=preload' });
		response.end('late');
	} else if (request.url === '/half') {
		// An answer to a client that has ended its side meanwhile.
		request.socket.once('end', () => response.end('still here'));
		request.resume();
	} else if (request.url !== '/silent') response.end(request.url);
}

/** 3 MB to the server and back, twelve times over three connections. */
async function bodies(server, where) {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
	const sockets = new Set();
	const mirrored = Array.from({ length: 12 }, async () => {
		const response = await send({ ...where, agent, method: 'POST', path: '/mirror' }, body);
		sockets.add(response.socket);
		assert.ok((await buffer(response)).equals(body));
	});
	await Promise.all(mirrored);
	assert.equal(sockets.size, 3);
	for (let turn = 0; turn < 100; turn++) {
		const response = await send({ ...where, agent, path: `/${turn}` });
		assert.ok(sockets.has(response.socket));
		assert.ok(response.req.reusedSocket);
		assert.equal(await text(response), `/${turn}`);
	}
	assert.equal(await connections(server), 3);
	server.closeIdleConnections();
	await Promise.all([...sockets].map((socket) => socket.destroyed || once(socket, 'close')));
	assert.equal(await connections(server), 0);
	agent.destroy();
}

async function details(server, where) {
	const trailers = await send({ ...where, path: '/trailers' });
	assert.equal(await text(trailers), 'body');
	assert.deepEqual({ ...trailers.trailers }, { 'x-sum': '4' });

	const early = http.request({ ...where, path: '/early' }).end();
	const late = once(early, 'response');
	const [hints] = await once(early, 'information');
	assert.deepEqual([hints.statusCode, hints.headers.link], [103, '</style.css>; rel=preload']);
	assert.equal(await text((await late)[0]), 'late');

	const expecting = http.request({ ...where, method: 'POST', path: '/mirror', headers: { expect: '100-continue' } });
	expecting.flushHeaders();
	await once(expecting, 'continue');
	expecting.end('after the permission');
	assert.equal(await text((await once(expecting, 'response'))[0]), 'after the permission');

	server.once('upgrade', (request, socket, head) => {
		socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n${head}`);
		socket.pipe(socket);
	});
	const upgrading = http.request({ ...where, headers: { connection: 'upgrade', upgrade: 'echo' } }).end();
	const [response, socket] = await once(upgrading, 'upgrade');
	assert.equal(response.statusCode, 101);
	assert.ok(socket instanceof net.Socket);
	socket.end('upgraded');
	assert.equal(await text(socket), 'upgraded');
}

async function limits(server, where) {
	// The client's: it tells, and the socket goes on.
	const patient = http.request({ ...where, path: '/silent', agent: false });
	patient.setTimeout(20).end();
	await once(patient, 'timeout');
	assert.equal(patient.destroyed, false);
	patient.destroy();
	await assert.rejects(once(patient, 'response'), { code: 'ECONNRESET' });

	// The server's: it closes.
	server.setTimeout(20);
	await assert.rejects(send({ ...where, path: '/silent', agent: false }), { code: 'ECONNRESET' });
	server.setTimeout(0);

	// A request that does not come to its end, found by the server's check. The limits hold from when the server has read
	// what there is: a connection that is closed before resets, and its answer is lost.
	const accepted = once(server, 'connection');
	const slow = net.connect(where.socketPath ?? where.port);
	slow.write('GET / HTTP/1.1\r\n');
	const [reading] = await accepted;
	while (reading.bytesRead === 0) await new Promise(setImmediate);
	server.headersTimeout = 50;
	server.requestTimeout = 50;
	assert.match(await text(slow), /^HTTP\/1\.1 408 Request Timeout/);
	server.headersTimeout = 60_000;
	server.requestTimeout = 300_000;

	// A connection that idles for too long.
	server.keepAliveTimeout = 1;
	server.keepAliveTimeoutBuffer = 0;
	const idle = net.connect(where.socketPath ?? where.port);
	idle.write('GET /first HTTP/1.1\r\nHost: here\r\n\r\n');
	assert.match(await text(idle), /\r\n\r\n\/first$/);
	server.keepAliveTimeout = 60_000;
}

async function raw(server, place) {
	const pipelining = net.connect(place);
	const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
	pipelining.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`).join(''));
	pipelining.write('GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
	const answers = [...(await text(pipelining)).matchAll(/^(\/\w+)(?:HTTP|$)/gm)].map(([, path]) => path);
	assert.deepEqual(answers, [...paths, '/last']);

	server.once('clientError', (error, socket) => socket.end(`HTTP/1.1 400 ${error.code}\r\n\r\n`));
	const broken = net.connect(place);
	broken.write('this is no request\r\n\r\n');
	assert.equal(await text(broken), 'HTTP/1.1 400 HPE_INVALID_METHOD\r\n\r\n');

	server.httpAllowHalfOpen = true;
	const half = net.connect({ ...(typeof place === 'string' ? { path: place } : { port: place }), allowHalfOpen: true });
	half.end('GET /half HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
	assert.match(await text(half), /still here/);
}

function send(options, data) {
	return new Promise((resolve, reject) => {
		http.request(options, resolve).on('error', reject).end(data);
	});
}

function connections(server) {
	return new Promise((resolve, reject) => {
		server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
	});
}
