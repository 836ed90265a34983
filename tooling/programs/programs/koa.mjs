/** A koa server and four well-used clients: axios, got, superagent, and node:http with agentkeepalive. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer, json, text } from 'node:stream/consumers';
import AgentKeepAlive from 'agentkeepalive';
import axios from 'axios';
import got, { RequestError } from 'got';
import Koa from 'koa';
import superagent from 'superagent';

const folder = await mkdtemp(join(tmpdir(), 'koa-'));
const body = randomBytes(1_000_000);
const digest = (data) => createHash('sha256').update(data).digest('hex');
/** How often somebody has asked for /flaky. */
let asked = 0;

const app = new Koa();
app.use(async (context) => {
	const { path, req } = context;
	if (path === '/digest') context.body = { digest: digest(await buffer(req)) };
	else if (path === '/download') context.body = Readable.from([body.subarray(0, 1000), body.subarray(1000)]);
	else if (path === '/json') context.body = { method: context.method, given: await json(req) };
	else if (path === '/moved') context.redirect('/hello');
	else if (path === '/flaky') context.status = ++asked % 2 === 0 ? 200 : 503;
	else if (path === '/silent') context.respond = false;
	else if (path === '/hello') context.body = `hello from ${context.ip}`;
});
// A connection that is kept must not be closed under a client whose processor is busy.
const server = http.createServer({ keepAliveTimeout: 60_000 }, app.callback()).listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

await withAxios();
await withGot();
await withSuperagent();
await withAgentKeepAlive();
server.close();
server.closeAllConnections();
await once(server, 'close');
await rm(folder, { recursive: true });
console.log('ok: axios, got, superagent, agentkeepalive');

async function withAxios() {
	const client = axios.create({ baseURL: base, httpAgent: new http.Agent({ keepAlive: true }) });
	assert.equal((await client.get('/hello')).data, 'hello from 127.0.0.1');
	assert.deepEqual((await client.post('/json', { a: [1] })).data, { method: 'POST', given: { a: [1] } });
	const progress = [];
	const upload = { onUploadProgress: ({ loaded }) => progress.push(loaded) };
	assert.deepEqual((await client.post('/digest', body, upload)).data, { digest: digest(body) });
	assert.equal(progress.at(-1), body.length);
	const downloaded = await client.get('/download', { responseType: 'arraybuffer' });
	assert.ok(downloaded.data.equals(body));
	assert.equal((await client.get('/moved')).request.path, '/hello');
	await assert.rejects(client.get('/none'), { code: 'ERR_BAD_REQUEST' });
	await assert.rejects(client.get('/silent', { timeout: 50 }), { code: 'ECONNABORTED' });
	await assert.rejects(client.get('/silent', { signal: AbortSignal.timeout(50) }), { code: 'ERR_CANCELED' });
	client.defaults.httpAgent.destroy();
}

async function withGot() {
	const client = got.extend({
		prefixUrl: base,
		retry: { limit: 1, calculateDelay: ({ computedValue }) => computedValue && 1 },
	});
	assert.equal(await client('hello').text(), 'hello from 127.0.0.1');
	assert.deepEqual(await client.put('json', { json: { b: 2 } }).json(), { method: 'PUT', given: { b: 2 } });
	const chunks = [];
	await pipeline(client.stream('download'), async (source) => {
		for await (const chunk of source) chunks.push(chunk);
	});
	assert.ok(Buffer.concat(chunks).equals(body));
	const { retryCount, timings } = await client('flaky');
	assert.equal(retryCount, 1);
	assert.ok(timings.connect >= timings.lookup && timings.phases.firstByte >= 0);
	const impatient = client('silent', { timeout: { response: 50 }, retry: { limit: 0 } });
	await assert.rejects(impatient, (error) => error instanceof RequestError && error.code === 'ETIMEDOUT');

	const path = join(folder, 'koa.sock');
	const local = http.createServer(app.callback()).listen(path);
	await once(local, 'listening');
	const answer = await got(`http://unix:${path}:/json`, { method: 'POST', json: 3, enableUnixSockets: true }).json();
	assert.deepEqual(answer, { method: 'POST', given: 3 });
	local.close();
	await once(local, 'close');
}

async function withSuperagent() {
	assert.equal((await superagent.get(`${base}/moved`)).text, 'hello from 127.0.0.1');
	const answer = await superagent.post(`${base}/json`).send({ c: 3 });
	assert.deepEqual(answer.body, { method: 'POST', given: { c: 3 } });
	const form = await superagent.post(`${base}/digest`).attach('file', body, 'body.bin');
	assert.equal(form.body.digest.length, 64);
	await assert.rejects(superagent.get(`${base}/silent`).timeout({ response: 50 }), { code: 'ECONNABORTED' });
}

async function withAgentKeepAlive() {
	const agent = new AgentKeepAlive({ maxSockets: 2, timeout: 60_000, freeSocketTimeout: 30_000 });
	for (let turn = 0; turn < 10; turn++) {
		const answers = Array.from({ length: 10 }, async () => text(await send({ agent, path: '/hello' })));
		for (const answer of await Promise.all(answers)) assert.equal(answer, 'hello from 127.0.0.1');
	}
	const { createSocketCount, closeSocketCount, requestCount } = agent.getCurrentStatus();
	assert.deepEqual([createSocketCount, closeSocketCount, requestCount], [2, 0, 100]);
	agent.destroy();
	const impatient = new AgentKeepAlive({ timeout: 50 });
	await assert.rejects(send({ agent: impatient, path: '/silent' }), { code: 'ERR_SOCKET_TIMEOUT' });
	impatient.destroy();
}

function send(options) {
	return new Promise((resolve, reject) => {
		http.get(`${base}${options.path}`, options, resolve).on('error', reject);
	});
}
