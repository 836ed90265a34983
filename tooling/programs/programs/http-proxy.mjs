/** http-proxy-3, the kept successor of http-proxy: requests, 1 MB both ways, an upgrade, a target that is gone, TLS at the door. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { buffer, text } from 'node:stream/consumers';
import httpProxy from 'http-proxy-3';

const folder = new URL('certificate/', import.meta.url);
const key = await readFile(new URL('key.pem', folder));
const cert = await readFile(new URL('certificate.pem', folder));
const body = randomBytes(1_000_000);

const target = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
	if (request.url === '/mirror') return request.pipe(response);
	response.end(
		JSON.stringify({ url: request.url, for: request.headers['x-forwarded-for'], by: request.headers['x-by'] }),
	);
});
target.on('upgrade', (request, socket) => {
	socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
	socket.pipe(socket);
});
const port = await listen(target);
const agent = new http.Agent({ keepAlive: true });
const proxy = httpProxy.createProxyServer({ target: `http://127.0.0.1:${port}`, xfwd: true, ws: true, agent });
proxy.on('proxyReq', (request) => request.setHeader('x-by', 'the proxy'));
proxy.on('error', (error, request, response) => response.writeHead(502).end(error.code));

const doors = [
	{ server: http.createServer(), module: http },
	{ server: https.createServer({ key, cert }), module: https },
];
for (const { server, module } of doors) {
	server.on('request', (request, response) => {
		if (request.url === '/gone') proxy.web(request, response, { target: 'http://127.0.0.1:1' });
		else proxy.web(request, response);
	});
	server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
	await pass(module, { host: '127.0.0.1', port: await listen(server), ca: cert, agent: false });
	server.close();
	await once(server, 'close');
}
agent.destroy();
proxy.close();
target.close();
await once(target, 'close');
console.log('ok: 2 doors, 14 answers, 2 upgrades');

async function pass(module, where) {
	const seen = JSON.parse(await text(await send(module, { ...where, path: '/path?query' })));
	assert.deepEqual(seen, { url: '/path?query', for: '127.0.0.1', by: 'the proxy' });
	const mirrored = Array.from({ length: 5 }, () => send(module, { ...where, method: 'POST', path: '/mirror' }, body));
	for (const response of await Promise.all(mirrored)) assert.ok((await buffer(response)).equals(body));
	const gone = await send(module, { ...where, path: '/gone' });
	assert.equal(gone.statusCode, 502);
	assert.equal(await text(gone), 'ECONNREFUSED');

	const upgrading = module.request({ ...where, headers: { connection: 'upgrade', upgrade: 'websocket' } }).end();
	const [, socket] = await once(upgrading, 'upgrade');
	for (const word of ['there', 'and', 'back']) {
		socket.write(word);
		assert.equal(String((await once(socket, 'data'))[0]), word);
	}
	socket.end();
	await once(socket, 'close');
}

async function listen(server) {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server.address().port;
}

function send(module, options, data) {
	return new Promise((resolve, reject) => {
		module.request(options, resolve).on('error', reject).end(data);
	});
}
