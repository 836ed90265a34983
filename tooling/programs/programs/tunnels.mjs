/** Tunnels by CONNECT: proxy-chain between http-proxy-agent, https-proxy-agent and servers, one behind another, TLS inside. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { Server } from 'proxy-chain';

const folder = new URL('certificate/', import.meta.url);
const key = await readFile(new URL('key.pem', folder));
const cert = await readFile(new URL('certificate.pem', folder));
const body = randomBytes(300_000);

const mirror = (request, response) => request.pipe(response);
const targets = [http.createServer(mirror), https.createServer({ key, cert }, mirror)];
const [plain, secure] = await Promise.all(targets.map(listen));

const outer = new Server({ host: '127.0.0.1', port: 0, prepareRequestFunction: ({ username }) => onlyFor(username) });
await outer.listen();
const known = `http://somebody:secret@127.0.0.1:${outer.port}`;
const inner = new Server({
	host: '127.0.0.1',
	port: 0,
	prepareRequestFunction: () => ({ upstreamProxyUrl: known }),
});
await inner.listen();
const closings = [outer, inner].map((proxy) => once(proxy, 'connectionClosed'));

let answers = 0;
for (const proxy of [known, `http://127.0.0.1:${inner.port}`]) {
	await pass(http, plain, new HttpProxyAgent(proxy));
	await pass(http, plain, new HttpsProxyAgent(proxy));
	await pass(https, secure, new HttpsProxyAgent(proxy, { keepAlive: true }));
}
for (const [{ stats }] of await Promise.all(closings)) assert.ok(stats.srcRxBytes > 0 && stats.trgRxBytes > 0);

const stranger = `http://127.0.0.1:${outer.port}`;
assert.equal((await send(http, plain, new HttpProxyAgent(stranger))).statusCode, 407);
await assert.rejects(send(https, secure, new HttpsProxyAgent('http://127.0.0.1:1')), { code: 'ECONNREFUSED' });

await outer.close(true);
await inner.close(true);
for (const target of targets) {
	target.close();
	target.closeAllConnections();
}
console.log(`ok: ${answers} answers, through one proxy and through two`);

function onlyFor(username) {
	return { requestAuthentication: username !== 'somebody' };
}

async function pass(module, port, agent) {
	for (let i = 0; i < 3; i++) {
		const response = await send(module, port, agent, body);
		assert.equal(response.statusCode, 200);
		assert.ok(body.equals(await buffer(response)));
		answers++;
	}
	agent.destroy();
}

function send(module, port, agent, data) {
	return new Promise((resolve, reject) => {
		const where = { host: 'localhost', port, agent, ca: cert, method: 'POST', path: '/' };
		module.request(where, resolve).on('error', reject).end(data);
	});
}

async function listen(server) {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server.address().port;
}
