/** The global fetch against node:http: parallel, streamed and compressed bodies, forms, redirects, an abort, a refusal. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';

const body = randomBytes(3_000_000);
const aborted = Promise.withResolvers?.() ?? deferred();
// A connection that is kept must not be closed under a client whose processor is busy.
const server = http.createServer({ keepAliveTimeout: 60_000 }, answer);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const base = `http://127.0.0.1:${port}`;

const texts = await Promise.all(
	Array.from({ length: 100 }, (_, n) => fetch(`${base}/echo?${n}`).then((r) => r.text())),
);
for (const [n, text] of texts.entries()) assert.equal(text, `GET /echo?${n}`);

assert.ok((await bytes(await fetch(`${base}/mirror`, { method: 'POST', body }))).equals(body));
const stream = Readable.toWeb(Readable.from(slices(body)));
assert.ok((await bytes(await fetch(`${base}/mirror`, { method: 'POST', body: stream, duplex: 'half' }))).equals(body));
assert.ok((await bytes(await fetch(`${base}/gzip`))).equals(body));

const form = new FormData();
form.set('file', new Blob([body.subarray(0, 200_000)]), 'file.bin');
const parsed = await (await fetch(`${base}/mirror-form`, { method: 'POST', body: form })).formData();
assert.ok(Buffer.from(await parsed.get('file').arrayBuffer()).equals(body.subarray(0, 200_000)));

const moved = await fetch(`${base}/moved`);
assert.equal(moved.url, `${base}/echo`);
assert.equal(await moved.text(), 'GET /echo');
await assert.rejects(fetch(`${base}/moved`, { redirect: 'error' }), TypeError);

const controller = new AbortController();
const endless = await fetch(`${base}/endless`, { signal: controller.signal });
const reader = endless.body.getReader();
assert.ok((await reader.read()).value.length > 0);
controller.abort();
await assert.rejects(reader.read(), { name: 'AbortError' });
await aborted.promise;
await assert.rejects(fetch(`${base}/silent`, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
await assert.rejects(fetch(`${base}/reset`), (error) => /ECONNRESET|UND_ERR_SOCKET/.test(error.cause.code));

server.close();
// fetch may have opened one on which it has nothing to ask.
server.closeAllConnections();
await once(server, 'close');
// Another name of the same port, so that no connection to it is kept.
const gone = fetch(`http://127.0.0.2:${port}`);
await assert.rejects(gone, ({ cause }) => cause.code === 'ECONNREFUSED' && cause.port === port);
console.log('ok: 112 answers');

async function answer(request, response) {
	const { pathname } = new URL(request.url, base);
	if (pathname === '/echo') response.end(`${request.method} ${request.url}`);
	else if (pathname === '/mirror') request.pipe(response);
	else if (pathname === '/gzip') {
		response.setHeader('content-encoding', 'gzip');
		Readable.from(slices(body))
			.pipe(createGzip({ level: 1 }))
			.pipe(response);
	} else if (pathname === '/mirror-form') {
		response.setHeader('content-type', request.headers['content-type']);
		response.end(await buffer(request));
	} else if (pathname === '/moved') response.writeHead(302, { location: '/echo' }).end();
	else if (pathname === '/endless') {
		const more = () => {
			while (!response.destroyed && response.write('x'.repeat(16_384)));
		};
		response.on('drain', more).on('close', aborted.resolve);
		more();
	} else if (pathname === '/reset') request.socket.resetAndDestroy();
	else assert.equal(pathname, '/silent');
}

async function bytes(response) {
	assert.equal(response.status, 200);
	return Buffer.from(await response.arrayBuffer());
}

function* slices(data, size = 100_000) {
	for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

function deferred() {
	const result = {};
	result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
	return result;
}
