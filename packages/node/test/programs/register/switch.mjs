// Registers, takes it back and registers again, beside servers that run; and a program that puts its own in the place.
import child_process from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net, { Socket, createConnection } from 'node:net';
import tls from 'node:tls';

const objects = {
	net,
	Socket: net.Socket.prototype,
	Server: net.Server.prototype,
	http: http.Server,
	httpServer: http.Server.prototype,
	agent: http.Agent.prototype,
	tls: tls.TLSSocket.prototype,
	http2,
	child: child_process.ChildProcess.prototype,
	process: { send: process.send },
};

function snapshot() {
	return Object.values(objects).map((object) => [
		Reflect.getPrototypeOf(object),
		...Reflect.ownKeys(object).flatMap((key) => {
			const { value, get, set, ...flags } = Reflect.getOwnPropertyDescriptor(object, key);
			return [key, value, get, set, JSON.stringify(flags)];
		}),
	]);
}

async function ask({ port }) {
	const agent = new http.Agent();
	const [response] = await once(http.get({ agent, port, host: '127.0.0.1' }), 'response');
	response.setEncoding('utf8');
	let text = '';
	for await (const chunk of response) text += chunk;
	return text;
}

async function serve() {
	const server = http.createServer(({ socket }, response) => response.end(String('flush' in socket)));
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return { server, port: server.address().port };
}

async function end({ server }) {
	server.close();
	server.closeAllConnections();
	await once(server, 'close');
	return server.listening;
}

const plain = snapshot();
const { register, unregister } = await import('@net/node/register');
const report = {
	ours: ['flush' in new Socket(), net.Socket !== plain[1][1], createConnection === net.createConnection],
};
const server = await serve();
report.served = await ask(server);
unregister();
report.nodes = ['flush' in new Socket(), createConnection === net.createConnection];
report.same = snapshot().every(
	(each, i) => each.length === plain[i].length && each.every((value, j) => value === plain[i][j]),
);
const other = await serve();
report.beside = [await ask(server), await ask(other), await end(server), await end(other)];
unregister();
register();
register();
const third = await serve();
report.again = ['flush' in new Socket(), await ask(third), await end(third)];

// A test double, as packages' own tests have them.
const calls = [];
const before = net.createConnection;
net.createConnection = (...args) => {
	calls.push('createConnection');
	return before(...args);
};
const { setTimeout } = net.Socket.prototype;
net.Socket.prototype.setTimeout = function (...args) {
	calls.push('setTimeout');
	return Reflect.apply(setTimeout, this, args);
};
const peer = net.createServer((socket) => socket.setTimeout(1000).end()).listen(0, '127.0.0.1');
await once(peer, 'listening');
net.createConnection({ port: peer.address().port, host: '127.0.0.1', timeout: 1000 }).resume();
await once(peer, 'connection');
peer.close();
report.calls = calls.sort();
unregister();
report.kept = [net.createConnection !== before, net.connect === createConnection || net.connect.name];
console.log(JSON.stringify(report));
