/** An express application asked by the global fetch: JSON, forms, a file, an upload, redirects, cookies, errors. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import express from 'express';

const folder = await mkdtemp(join(tmpdir(), 'express-'));
const image = randomBytes(1_000_000);
const digest = (data) => createHash('sha256').update(data).digest('hex');
await writeFile(join(folder, 'image.bin'), image);

const app = express();
app.set('trust proxy', 'loopback');
app.use('/files', express.static(folder));
app.use(express.json(), express.urlencoded({ extended: true }));
app.get('/who', (request, response) => response.json({ ip: request.ip, secure: request.secure, path: request.path }));
app.post('/sum', (request, response) => response.json({ sum: request.body.numbers.reduce((a, b) => a + b, 0) }));
app.post('/form', (request, response) => response.cookie('seen', 'yes').send(request.body.person.name));
app.put('/upload', async (request, response) => {
	await pipeline(request, createWriteStream(join(folder, 'upload.bin')));
	response.status(201).end();
});
app.get('/old', (request, response) => response.redirect(301, '/who'));
app.get('/fail', async () => {
	throw new Error('failed on purpose');
});
app.use((error, request, response, next) => {
	if (response.headersSent) next(error);
	else response.status(500).json({ message: error.message });
});

const server = app.listen(0, '127.0.0.1');
// A connection that is kept must not be closed under a client whose processor is busy.
server.keepAliveTimeout = 60_000;
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;
const json = async (path, options) => (await fetch(base + path, options)).json();
const post = (body, type = 'application/json') => ({ method: 'POST', body, headers: { 'content-type': type } });

assert.deepEqual(await json('/who'), { ip: '127.0.0.1', secure: false, path: '/who' });
assert.equal((await json('/who', { headers: { 'x-forwarded-for': '192.0.2.7' } })).ip, '192.0.2.7');
assert.deepEqual(await json('/sum', post('{"numbers":[1,2,3]}')), { sum: 6 });
const sums = await Promise.all(Array.from({ length: 50 }, (_, n) => json('/sum', post(`{"numbers":[${n},${n}]}`))));
for (const [n, { sum }] of sums.entries()) assert.equal(sum, 2 * n);

const form = await fetch(`${base}/form`, post('person%5Bname%5D=Ada+L', 'application/x-www-form-urlencoded'));
assert.equal(await form.text(), 'Ada L');
assert.deepEqual(form.headers.getSetCookie(), ['seen=yes; Path=/']);

const file = await fetch(`${base}/files/image.bin`);
assert.equal(digest((await file.bytes?.()) ?? Buffer.from(await file.arrayBuffer())), digest(image));
const part = await fetch(`${base}/files/image.bin`, { headers: { range: 'bytes=1000-1999' } });
assert.equal(part.status, 206);
assert.deepEqual(Buffer.from(await part.arrayBuffer()), image.subarray(1000, 2000));
const known = { 'if-none-match': file.headers.get('etag'), 'cache-control': 'max-age=0' };
const unchanged = await fetch(`${base}/files/image.bin`, { headers: known });
assert.equal(unchanged.status, 304);

const upload = await fetch(`${base}/upload`, { method: 'PUT', body: image });
assert.equal(upload.status, 201);
assert.equal(digest(await readFile(join(folder, 'upload.bin'))), digest(image));

const moved = await fetch(`${base}/old`);
assert.ok(moved.redirected);
assert.equal((await moved.json()).path, '/who');
assert.deepEqual(await json('/fail'), { message: 'failed on purpose' });
assert.deepEqual(await json('/sum', post('{')), { message: (await json('/sum', post('{'))).message });
assert.equal((await fetch(`${base}/files/none`)).status, 404);

server.close();
await once(server, 'close');
await rm(folder, { recursive: true });
console.log('ok: 63 answers');
