/** node:https and node:tls: 3 MB both ways over keep-alive, resumption, names, protocols, a client's certificate, STARTTLS. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import tls from 'node:tls';

const folder = new URL('certificate/', import.meta.url);
const key = await readFile(new URL('key.pem', folder));
const cert = await readFile(new URL('certificate.pem', folder));
const body = randomBytes(3_000_000);

await requests();
await connections();
await startTls();
console.log('ok: https, tls, STARTTLS');

async function requests() {
	const server = https.createServer({ key, cert }, (request, response) => {
		if (request.url === '/mirror') request.pipe(response);
		else response.end(JSON.stringify({ from: request.socket.remoteAddress, encrypted: request.socket.encrypted }));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const where = { host: '127.0.0.1', port: server.address().port, ca: cert };
	const agent = new https.Agent({ keepAlive: true, maxSockets: 2 });
	const sockets = new Set();
	const mirrored = Array.from({ length: 6 }, async () => {
		const response = await send({ ...where, agent, method: 'POST', path: '/mirror' }, body);
		sockets.add(response.socket);
		assert.ok(response.socket.authorized);
		assert.ok((await buffer(response)).equals(body));
	});
	await Promise.all(mirrored);
	assert.equal(sockets.size, 2);
	const asked = JSON.parse(await text(await send({ ...where, agent, path: '/' })));
	assert.deepEqual(asked, { from: '127.0.0.1', encrypted: true });
	agent.destroy();

	const rejected = once(server, 'tlsClientError');
	const stranger = send({ ...where, ca: undefined, agent: false });
	await assert.rejects(stranger, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
	await rejected;
	// Who speaks no TLS gets no answer.
	const plain = net.connect(where.port, '127.0.0.1');
	plain.on('error', () => {}).end('GET / HTTP/1.1\r\n\r\n');
	const [error] = await once(server, 'tlsClientError');
	assert.equal(error.code, 'ERR_SSL_HTTP_REQUEST');
	server.close();
	await once(server, 'close');
}

async function connections() {
	const asking = { requestCert: true, rejectUnauthorized: false };
	const server = tls.createServer({ key, cert, ca: cert, ...asking, ALPNProtocols: ['echo', 'other'] });
	server.on('secureConnection', (socket) => {
		const { subject } = socket.getPeerCertificate();
		socket.write(`${socket.servername} ${socket.alpnProtocol} ${subject?.CN} ${socket.isSessionReused()}\n`);
		socket.pipe(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	const options = { port, host: '127.0.0.1', servername: 'localhost', ca: cert, ALPNProtocols: ['echo'] };

	const first = tls.connect(options);
	const session = once(first, 'session');
	await once(first, 'secureConnect');
	assert.deepEqual([first.getProtocol(), first.alpnProtocol], ['TLSv1.3', 'echo']);
	assert.deepEqual([first.remoteAddress, first.remotePort], ['127.0.0.1', port]);
	first.write('to and fro');
	const [ticket] = await session;
	first.end();
	assert.equal(await text(first), 'localhost echo undefined false\nto and fro');

	const resumed = tls.connect({ ...options, session: ticket });
	resumed.end('again');
	assert.equal(await text(resumed), 'localhost echo undefined true\nagain');

	const known = tls.connect({ ...options, key, cert, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
	known.end(body);
	const echoed = await buffer(known);
	assert.ok(echoed.equals(Buffer.concat([Buffer.from('localhost echo localhost false\n'), body])));
	server.close();
	await once(server, 'close');
}

/** TLS over a connection that has been spoken on before, on both sides. */
async function startTls() {
	const server = net.createServer((socket) => {
		socket.once('data', (command) => {
			assert.equal(String(command), 'STARTTLS\n');
			socket.write('go ahead\n');
			const secure = new tls.TLSSocket(socket, { isServer: true, key, cert });
			secure.pipe(secure);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const socket = net.connect(server.address().port, '127.0.0.1');
	socket.write('STARTTLS\n');
	assert.equal(String((await once(socket, 'data'))[0]), 'go ahead\n');
	const secure = tls.connect({ socket, ca: cert, servername: 'localhost' });
	await once(secure, 'secureConnect');
	assert.ok(secure.authorized);
	secure.end(body);
	assert.ok((await buffer(secure)).equals(body));
	server.close();
	await once(server, 'close');
}

function send(options, data) {
	return new Promise((resolve, reject) => {
		https.request(options, resolve).on('error', reject).end(data);
	});
}
