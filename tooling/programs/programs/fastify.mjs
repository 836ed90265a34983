/** A fastify server and its clients: JSON, streams of 1 MB both ways, many requests over few connections, an error. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import Fastify from 'fastify';

const body = randomBytes(1_000_000);
const digest = (data) => createHash('sha256').update(data).digest('hex');

const app = Fastify({ bodyLimit: 2_000_000 });
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (request, data, done) => done(null, data));
app.get('/hello/:name', async (request) => ({ hello: request.params.name, from: request.ip, port: request.port }));
app.post('/digest', async (request) => ({ digest: digest(request.body) }));
app.get('/download', (request, reply) => reply.type('application/octet-stream').send(Readable.from(slices(body))));
app.get('/broken', async () => {
	throw Object.assign(new Error('broken on purpose'), { statusCode: 418 });
});
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address();

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const ports = new Set();
const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask('GET', `/hello/${index}`)));
for (const [index, { status, data }] of answers.entries()) {
	assert.equal(status, 200);
	assert.deepEqual(JSON.parse(data), { hello: String(index), from: '127.0.0.1', port });
}
assert.ok(ports.size <= 4, `${ports.size} connections for an agent that may have 4`);

const sent = await ask('POST', '/digest', { 'content-type': 'application/octet-stream' }, body);
assert.deepEqual(JSON.parse(sent.data), { digest: digest(body) });
const received = await ask('GET', '/download');
assert.equal(digest(received.data), digest(body));
const broken = await ask('GET', '/broken');
assert.equal(broken.status, 418);
assert.equal(JSON.parse(broken.data).message, 'broken on purpose');
assert.equal((await ask('GET', '/nowhere')).status, 404);

const injected = await app.inject('/hello/you');
assert.equal(injected.json().hello, 'you');

// The idle connections of the agent must not keep the server from closing.
await app.close();
agent.destroy();
assert.equal(app.server.listening, false);
console.log('ok: 105 answers');

function ask(method, path, headers = {}, data = undefined) {
	return new Promise((resolve, reject) => {
		const request = http.request({ agent, host: '127.0.0.1', port, method, path, headers });
		request.on('error', reject);
		request.on('response', async (response) => {
			ports.add(response.socket.localPort);
			resolve({ status: response.statusCode, data: await buffer(response) });
		});
		request.end(data);
	});
}

function* slices(data, size = 50_000) {
	for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}
