// What widely used packages do with sockets: ws, undici, ioredis, pg, ssh2, mqtt, http-proxy, yargs.
import { once } from 'node:events';
import http from 'node:http';
import net, { _normalizeArgs } from 'node:net';
import { Duplex } from 'node:stream';
import { closed, listening, say, text } from './trace.mjs';

const host = '127.0.0.1';
let accept = (socket) => socket.pipe(socket);
const server = net.createServer({ allowHalfOpen: true }, (socket) => accept(socket));
const port = await listening(server);

// ── ws: states of the streams, what is left when it has closed, paths that are none.

const web = net.connect({ port, host, path: undefined, localAddress: undefined, lookup: undefined });
say(web._parent, web.connecting, web.pending, web.readyState, typeof web._handle);
await once(web, 'connect');
web.cork();
web.write('one ');
web.write('two');
say(web._writableState.length, web.writableCorked, web.writableLength, web._writableState.corked);
web.uncork();
web.end();
await once(web, 'readable');
say(web._readableState.length > 0, web._readableState.endEmitted, web._readableState.ended);
const left = [];
web.on('close', () => {
	for (let chunk = web.read(3); chunk !== null; chunk = web.read(3)) left.push(String(chunk));
	say('left at close', left, web.read(), web._readableState.endEmitted);
});
web.destroy();
await closed(web);

// A port for two protocols: one byte is looked at, and put back for http.
const site = http.createServer((request, response) => {
	response.setHeader('connection', 'close');
	response.end(`${request.url} ${request.socket.remoteAddress} ${request.socket.server === site}`);
});
accept = (socket) => {
	socket.once('readable', () => {
		const first = socket.read(1);
		socket.unshift(first);
		say('first', String(first));
		site.emit('connection', socket);
	});
};
const [response] = await once(http.get({ port, host, agent: false, path: '/shared' }), 'response');
say(await text(response));

accept = (socket) => socket.on('error', ({ code }) => say('reset', code)).resume();
const peerGone = once(server, 'connection').then(([socket]) => new Promise((resolve) => socket.on('close', resolve)));
const resetting = net.connect(port, host);
await once(resetting, 'connect');
resetting.resetAndDestroy();
await Promise.all([closed(resetting), peerGone]);
say(resetting.destroyed, resetting.resetAndClosing);

// ── undici: settings before there is a connection, paused reading, a reference that is weak.

accept = (socket) => socket.end('x'.repeat(200_000)).resume();
const fetching = net.connect({
	port,
	host,
	highWaterMark: 65536,
	autoSelectFamily: true,
	autoSelectFamilyAttemptTimeout: 250,
});
say(fetching.setKeepAlive(true, 60_000) === fetching, fetching.setNoDelay(true) === fetching);
say(fetching.setTimeout(0) === fetching, fetching.unref() === fetching, fetching.ref() === fetching);
const key = Symbol('undici');
fetching[key] = true;
const weak = new WeakRef(fetching);
let length = 0;
fetching.on('readable', () => {
	for (let chunk = fetching.read(); chunk !== null; chunk = fetching.read()) {
		// Put back once, as its parser does when it pauses.
		if (length === 0 && chunk.length > 10) {
			fetching.unshift(chunk.subarray(10));
			length += 10;
		} else length += chunk.length;
	}
});
await once(fetching, 'end');
say(length, weak.deref()[key], fetching.writableNeedDrain, fetching.bytesRead, fetching.writableHighWaterMark);
await closed(fetching);

// ── pg, ssh2: a socket before it connects, methods overridden, any Duplex for a connection.

accept = (socket) => socket.pipe(socket);
const database = new net.Socket();
say(database._handle, database.connecting, database.destroyed, database.readyState, database.timeout);
database.setNoDelay(true);
const { write } = database;
database.write = function (...args) {
	say('written', String(args[0]));
	return Reflect.apply(write, this, args);
};
database.connect(port, host);
database.once('connect', () => database.end('query'));
say(await text(database), database.bytesWritten, database.bytesRead);
await closed(database);
server.once('connection', (stream) => say('any stream', stream instanceof net.Socket));
server.emit('connection', new Duplex({ read() {}, write() {} }));

// ── mqtt, aedes: what stands behind an underscore.

const client = net.connect(port, host, () => client.end());
client._handle?.readStop?.();
client._handle?.readStart?.();
say(typeof client._unrefTimer, typeof client._getpeername, client._hadError, client._host, client._server);
client.resume();
await closed(client);
process.stdout._handle?.setBlocking?.(true);

// ── Connections that never leave the process, by a handle that is written in JavaScript.

const calls = [];
/** It writes what it is asked to do: as many methods as Node asks for. */
const handle = {
	readStart: () => void calls.push('readStart'),
	readStop: () => void calls.push('readStop'),
	getAsyncId: () => 1,
	writeUtf8String: (_request, string) => calls.push(`write ${string}`) && 0,
	close(done) {
		calls.push('close');
		setImmediate(done);
	},
};
const inner = new net.Socket({ handle, readable: true, writable: true });
say(inner instanceof net.Socket, inner.connecting, inner._handle === handle);
inner.write('hello');
inner.destroy();
await closed(inner);
say(calls);

// ── Node's own names.

const [options, callback] = _normalizeArgs([1, 'host', () => {}]);
say(options, typeof callback, typeof net._createServerHandle, typeof net._setSimultaneousAccepts);
say(net.getDefaultAutoSelectFamily(), new net.SocketAddress({ port: 1 }).port);
const blocked = new net.BlockList();
blocked.addAddress(host);
say(
	blocked.check(host),
	blocked.rules,
	net.BlockList.isBlockList?.(blocked) ?? true,
	blocked.constructor === net.BlockList,
);
const family = net.getDefaultAutoSelectFamily();
net.setDefaultAutoSelectFamily(!family);
say(net.getDefaultAutoSelectFamily() === !family);
net.setDefaultAutoSelectFamily(family);

server.close();
site.close();
say('end');
