// What a module sees of `net` by named imports, and what http makes.
import http from 'node:http';
import { once } from 'node:events';
import { Server, Socket, connect, createServer, isIP } from 'node:net';

const server = http.createServer((request, response) => {
	response.end(JSON.stringify([isOurs(request.socket), request.socket.server === server]));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const agent = new http.Agent({ keepAlive: true });
const answers = [];
for (let i = 0; i < 3; i++) {
	const [response] = await once(http.get({ agent, port, host: '127.0.0.1' }), 'response');
	answers.push([isOurs(response.socket), JSON.parse(await text(response))]);
}
const fetched = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/`)).text());
const accepted = once(
	createServer().listen(0, '127.0.0.1', function () {
		connect(this.address().port, '127.0.0.1').end();
		this.once('connection', (socket) => socket.destroy() && this.close());
	}),
	'connection',
);
const [socket] = await accepted;
agent.destroy();
server.close();
server.closeAllConnections();
console.log(
	JSON.stringify({
		ours: [isOurs(new Socket()), isOurs(socket), new Server() instanceof http.Server.prototype.constructor],
		answers,
		fetched,
		isIP: isIP('::1'),
		servers: server instanceof Server,
	}),
);

function isOurs(socket) {
	return 'flush' in socket;
}

async function text(stream) {
	let all = '';
	for await (const chunk of stream) all += chunk;
	return all;
}
