// TLS, https and http2: servers and clients of their own, and TLS over sockets that the program connected or accepted.
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { cert, key } from './certificate.mjs';
import { closed, listening, say, text } from './trace.mjs';

const host = '127.0.0.1';
const ca = cert;

const server = https.createServer({ key, cert }, (request, response) => {
	response.setHeader('connection', request.headers.connection ?? 'keep-alive');
	const { socket } = request;
	response.end(
		`${socket instanceof net.Socket} ${socket.remoteAddress} ${socket.encrypted} ${socket.server === server}`,
	);
});
const port = await listening(server);
say('https server', server instanceof net.Server, server instanceof tls.Server);

async function ask(options) {
	const request = https.get({ host, port, ca, servername: 'localhost', ...options });
	const [response] = await once(request, 'response');
	const { socket } = response;
	const told = [socket.authorized, socket instanceof tls.TLSSocket, socket.remoteAddress, socket.remotePort === port];
	return [await text(response), request.reusedSocket, ...told];
}

const agent = new https.Agent({ keepAlive: true });
say('agent', await ask({ agent }), await ask({ agent }));
agent.destroy();
say('by name', await ask({ agent: false, host: 'localhost', family: 4 }));
// The first address answers nothing: Node's own sockets try the second, and begin TLS anew for it.
const lookup = (name, options, callback) => {
	callback(null, [
		{ address: '::1', family: 6 },
		{ address: host, family: 4 },
	]);
};
const attempts = await once(
	tls.connect({ host: 'two.test', port, lookup, ca, servername: 'localhost', autoSelectFamily: true }),
	'secureConnect',
	{ close: ['error'] },
).then(
	() => 'secure',
	({ code }) => code,
);
say('two addresses', attempts);

// ── Over a socket of the program's.

async function over(socket) {
	const secure = tls.connect({ socket, ca, servername: 'localhost' });
	const before = secure.connecting;
	await once(secure, 'secureConnect');
	say(before, secure.connecting, secure._parent === socket, secure.remoteAddress, secure.remotePort === port);
	say(secure.localPort === socket.localPort, secure.authorized, secure.address().family);
	say(secure.setNoDelay() === secure, secure.setKeepAlive(true, 1000) === secure, secure.unref().ref() === secure);
	secure.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
	say((await text(secure)).split('\r\n').pop());
	await closed(secure, socket);
	say('closed', secure.destroyed, socket.destroyed);
}
await over(net.connect(port, host));
const connected = net.connect(port, host);
let connects = 0;
connected.on('connect', () => connects++);
await once(connected, 'connect');
await over(connected);
say('connects', connects);

const nobody = net.createServer();
const nobodys = await listening(nobody);
nobody.close();
const refused = tls.connect({ socket: net.connect(nobodys, host), ca });
say('refused', (await once(refused, 'error'))[0].code);
const front = net.createServer((socket) => server.emit('connection', socket));
const frontPort = await listening(front);
say('emitted', (await ask({ port: frontPort, agent: false }))[0]);
const timed = net.connect(frontPort, host);
const hangs = tls.connect({ socket: timed, ca, servername: 'localhost' });
await once(hangs, 'secureConnect');
hangs.setTimeout(30);
await once(hangs, 'timeout');
say('timeout', hangs.timeout);
hangs.destroy();
await closed(hangs, timed);

// ── TLS sockets of a plain server; far more than the buffers hold, both ways.

const echo = net.createServer((socket) => {
	const secure = new tls.TLSSocket(socket, { isServer: true, key, cert });
	secure.on('error', (error) => say('server', error.code)).pipe(secure);
});
const echoPort = await listening(echo);
for (const socket of [undefined, net.connect(echoPort, host)]) {
	const secure = tls.connect({ port: echoPort, host, socket, ca, servername: 'localhost' });
	secure.end(Buffer.alloc(5_000_000, 'x'));
	say('echo', (await text(secure)).length);
	await closed(secure);
}
const early = net.connect(echoPort, host);
early.end('no TLS at all');
await closed(early.resume());

// A plain protocol that turns into TLS on the same connection.
const start = net.createServer((socket) => {
	socket.once('data', (chunk) => {
		say('asked', String(chunk));
		socket.write('go', () => {
			const secure = new tls.TLSSocket(socket, { isServer: true, key, cert });
			secure.once('data', (first) => secure.end(`secret ${first}`));
		});
	});
});
const plain = net.connect(await listening(start), host);
plain.write('starttls');
say(String((await once(plain, 'data'))[0]));
plain.removeAllListeners('data');
const secret = tls.connect({ socket: plain, ca, servername: 'localhost' });
secret.write('hello');
say(await text(secret));
await closed(secret);

// ── http2.

for (const [make, scheme] of [
	[() => http2.createServer(), 'http'],
	[() => http2.createSecureServer({ key, cert }), 'https'],
]) {
	const h2 = make();
	h2.on('stream', (stream, headers) => {
		const { socket } = stream.session;
		stream.respond({ ':status': 200 });
		stream.end(`${headers[':path']} ${socket.remoteAddress} ${h2 instanceof net.Server}`);
	});
	const h2Port = await listening(h2);
	const session = http2.connect(`${scheme}://127.0.0.1:${h2Port}`, { ca });
	say(scheme, await Promise.all([1, 2, 3].map((i) => text(session.request({ ':path': `/${i}` }).end()))));
	session.close();
	await closed(session);
	const promised = await promisify(http2.connect)(`${scheme}://127.0.0.1:${h2Port}`, { ca });
	const own = () =>
		scheme === 'http' ? net.connect(h2Port, host) : tls.connect({ port: h2Port, host, ca, ALPNProtocols: ['h2'] });
	const given = http2.connect(`${scheme}://127.0.0.1:${h2Port}`, { createConnection: own });
	for (const each of [promised, given]) {
		say(await text(each.request({ ':path': '/more' }).end()));
		each.close();
		await closed(each);
	}
	h2.close();
	await once(h2, 'close');
}

for (const each of [server, front, echo, start]) {
	each.close();
	each.closeAllConnections?.();
	await once(each, 'close');
}
say('all closed');
