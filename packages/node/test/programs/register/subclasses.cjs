// Classes over net's and http's, in every way they are made.
const diagnostics = require('diagnostics_channel');
const { EventEmitter, once } = require('events');
const http = require('http');
const net = require('net');
const stream = require('stream');
const tls = require('tls');
const util = require('util');

function Old(options) {
	net.Socket.call(this, options);
	this.old = true;
}
util.inherits(Old, net.Socket);
class New extends net.Socket {
	constructor(options) {
		super(options);
		this.new = true;
	}
	write(...args) {
		this.writes = (this.writes ?? 0) + 1;
		return super.write(...args);
	}
}
function OldServer(...args) {
	if (!(this instanceof OldServer)) return new OldServer(...args);
	net.Server.apply(this, args);
}
util.inherits(OldServer, net.Server);
class NewServer extends net.Server {}
class Http extends http.Server {
	listen(...args) {
		this.listens = true;
		return super.listen(...args);
	}
}
function OldHttp(listener) {
	http.Server.call(this, listener);
}
util.inherits(OldHttp, http.Server);

const trace = [];
const say = (...words) =>
	trace.push(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '));
const sockets = { ours: 0, nodes: 0 };
for (const name of ['net.client.socket', 'net.server.socket']) {
	diagnostics.subscribe(name, ({ socket }) => sockets['flush' in socket ? 'ours' : 'nodes']++);
}

async function main() {
	say('chains', chain(new Old()), chain(new New()), chain(new OldServer()), chain(new NewServer()), chain(new Http()));
	for (const [one, many] of [
		[new Old(), [Old, net.Socket, net.Stream, stream.Duplex, EventEmitter, New, tls.TLSSocket]],
		[new New(), [New, net.Socket, stream.Readable, stream.Writable, Old]],
		[OldServer(), [OldServer, net.Server, EventEmitter, NewServer]],
		[new Http(), [Http, http.Server, net.Server, tls.Server, OldHttp]],
		[new OldHttp(), [OldHttp, http.Server, net.Server]],
		[new tls.Server(), [tls.Server, net.Server, http.Server]],
		[new tls.TLSSocket(), [tls.TLSSocket, net.Socket, stream.Duplex]],
		[{}, [net.Socket, net.Server]],
	]) {
		say(
			one.constructor.name,
			many.map((each) => one instanceof each),
		);
	}
	say('statics', typeof net.Socket.from, net.Server.once === EventEmitter.once, Object.keys(net.Socket));

	for (const Server of [OldServer, NewServer]) {
		for (const Socket of [Old, New]) {
			const server = new Server({ allowHalfOpen: true }, (socket) => {
				say('server', socket.server === server, socket.server instanceof Server, server.allowHalfOpen);
				socket.on('data', (chunk) => socket.write(`${chunk}!`)).on('end', () => socket.end());
			});
			await once(server.listen(0, '127.0.0.1'), 'listening');
			const socket = new Socket({ highWaterMark: 1000 });

			say(socket.writableHighWaterMark, socket.setNoDelay() === socket, socket._handle === null);
			socket.connect(server.address().port, '127.0.0.1', () => socket.end('text'));
			let text = '';
			for await (const chunk of socket) text += chunk;
			say(text, socket.old, socket.new, socket.writes);
			server.close();
			await once(server, 'close');
		}
	}
	for (const Server of [Http, OldHttp]) {
		const server = new Server((request, response) => response.end(`${request.socket.server === server}`));
		await once(server.listen(0, '127.0.0.1'), 'listening');
		const [response] = await once(
			http.get({ port: server.address().port, host: '127.0.0.1', agent: false }),
			'response',
		);
		response.setEncoding('utf8').on('data', (chunk) => say(Server.name, chunk, server.listens));
		await once(response, 'end');
		server.close();
		await once(server, 'close');
	}
	console.log(JSON.stringify({ trace, sockets }));
}

function chain(object) {
	const names = [];
	for (let each = Object.getPrototypeOf(object); each; each = Object.getPrototypeOf(each))
		names.push(each.constructor.name);
	return names.join(' < ');
}
void main();
