// Time limits of http's servers, requests, responses and agents: who is told, and what closes.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { closed, listening, say, text } from './trace.mjs';

const MS = 50;

/** A server that is closed again when `use` is done. */
async function using(options, use) {
	const server = http.createServer(options);
	const port = await listening(server);
	await use(server, port);
	server.closeAllConnections();
	server.close();
	await once(server, 'close');
}

const host = '127.0.0.1';

/** A client that has sent this, which the server has read: what closes before that resets, and nobody gets its last words. */
async function sent(server, port, words) {
	const accepted = once(server, 'connection');
	const client = net.connect(port, host);
	client.write(words);
	const [socket] = await accepted;
	while (socket.bytesRead < words.length) await new Promise(setImmediate);
	return client;
}

await using({}, async (server, port) => {
	server.timeout = MS;
	const request = http.get({ host, port, agent: false });
	const [error] = await once(request, 'error');
	say('server.timeout without listener', error.code);
});

await using({}, async (server, port) => {
	server.setTimeout(MS, (socket) => {
		say('server timeout', socket instanceof net.Socket, socket.server === server, socket.timeout);
		// Once: it would come again while the answer is on its way.
		socket.setTimeout(0);
		socket.end('HTTP/1.1 200 Late\r\nContent-Length: 0\r\n\r\n');
	});
	const [response] = await once(http.get({ host, port, agent: false }), 'response');
	say('answered by the listener', response.statusMessage);
	response.resume();
	await once(response, 'end');
});

await using({}, async (server, port) => {
	const request = http.get({ host, port, agent: false });
	request.setTimeout(MS);
	await once(request, 'timeout');
	say('request timeout', request.destroyed, request.socket.timeout);
	request.destroy();
	say((await once(request, 'error'))[0].code);
});

await using({}, async (server, port) => {
	const request = http.get({ host, port, agent: false, timeout: MS });
	await once(request, 'timeout');
	say('option timeout', request.socket.timeout);
	request.destroy();
	await once(request, 'error');
});

await using({}, async (server, port) => {
	server.on('request', (request, response) => {
		response.write('begun');
		response.setTimeout(MS, (socket) => {
			say('response timeout', socket === response.socket);
			response.end(' ended');
		});
	});
	const [response] = await once(http.get({ host, port, agent: false }), 'response');
	say(await text(response));
});

await using({}, async (server, port) => {
	const agent = new http.Agent({ keepAlive: true, timeout: MS });
	server.on('request', (request, response) => response.end('x'));
	const [response] = await once(http.get({ host, port, agent }), 'response');
	const { socket } = response;
	await text(response);
	await closed(socket);
	say('an idle socket of the agent is closed', socket.timeout, Object.keys(agent.freeSockets));
	const longer = http.get({ host, port, agent, timeout: 60_000 });
	const [again] = await once(longer, 'response');
	say(await text(again), longer.reusedSocket, again.req.timeout);
	agent.destroy();
});

await using({ keepAliveTimeout: MS, keepAliveTimeoutBuffer: 0 }, async (server, port) => {
	server.on('request', (request, response) => response.end('x'));
	const client = net.connect(port, host);
	client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
	const answer = await text(client);
	say('keepAliveTimeout', answer.includes('Keep-Alive: timeout='), answer.endsWith('x'));
});

await using({ connectionsCheckingInterval: 10 }, async (server, port) => {
	const client = await sent(server, port, 'GET / HTTP/1.1\r\n');
	Object.assign(server, { headersTimeout: MS, requestTimeout: MS });
	say('headersTimeout', (await text(client)).split('\r\n')[0]);
});

await using({ connectionsCheckingInterval: 10 }, async (server, port) => {
	server.on('request', (request) => request.on('error', () => {}).resume());
	server.on('clientError', ({ code }, socket) => {
		say('clientError', code);
		socket.end('HTTP/1.1 408 Too slow\r\n\r\n');
	});
	const client = await sent(server, port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
	Object.assign(server, { headersTimeout: MS, requestTimeout: 2 * MS });
	say('requestTimeout', (await text(client)).split('\r\n')[0]);
});
