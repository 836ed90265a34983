/** Node's own http over our sockets, and upgrades of plain sockets. */
import { Agent, ServerResponse, createServer, get, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';

async function body(recorder: Recorder, response: IncomingMessage): Promise<string> {
	let text = '';
	response.setEncoding('utf8').on('data', (part: string) => (text += part));
	await recorder.once(response, 'end');
	return text;
}

function isResponse(value: unknown): value is IncomingMessage {
	return typeof value === 'object' && value !== null && 'statusCode' in value;
}

scenario("a server of ours feeds http by emit('connection')", async (net, recorder) => {
	const http = createServer((question, answer) => {
		recorder.lane('http').log('request', question.method, question.url, question.socket instanceof net.Socket);
		recorder.lane('http').log('address', question.socket.remoteAddress);
		answer.setHeader('x-test', '1');
		answer.end('hello http');
	});
	const server = await recorder.serve(net, (socket) => http.emit('connection', socket));
	const asked = get({ port: server.port, host: '127.0.0.1', path: '/a?b', agent: false });
	const [response] = await recorder.once(asked, 'response');
	if (!isResponse(response)) return recorder.log('no response');
	recorder.log('answer', response.statusCode, response.headers['x-test'], await body(recorder, response));
	await recorder.once(asked, 'close');
});

scenario('a client of ours carries an http request', async (net, recorder) => {
	const http = createServer((_question, answer) => answer.end('for our client'));
	const server = await recorder.serve(net, (socket) => http.emit('connection', socket));
	const asked = get({
		host: '127.0.0.1',
		createConnection: () => recorder.own(net.connect(server.port, '127.0.0.1')),
	});
	const [response] = await recorder.once(asked, 'response');
	if (isResponse(response)) recorder.log('answer', response.statusCode, await body(recorder, response));
	recorder.log('socket', asked.socket instanceof net.Socket);
});

scenario('keep-alive: three requests over one connection', async (net, recorder) => {
	let connections = 0;
	const http = createServer((question, answer) => answer.end(`answer to ${question.url}`));
	const server = await recorder.serve(net, (socket) => {
		connections++;
		http.emit('connection', socket);
	});
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	for (let i = 0; i < 3; i++) {
		const [response] = await recorder.once(
			get({ port: server.port, host: '127.0.0.1', path: `/${i}`, agent }),
			'response',
		);
		if (isResponse(response)) recorder.log('answer', await body(recorder, response));
	}
	recorder.log('connections', connections);
	agent.destroy();
});

scenario('a large body up and down', async (net, recorder) => {
	const http = createServer((question, answer) => question.pipe(answer));
	const server = await recorder.serve(net, (socket) => http.emit('connection', socket));
	const asked = request({ port: server.port, host: '127.0.0.1', method: 'POST', agent: false });
	const responded = recorder.once(asked, 'response');
	asked.end(Buffer.alloc(500_000, 'x'));
	const [response] = await responded;
	if (isResponse(response)) recorder.log('length', (await body(recorder, response)).length);
});

scenario('an upgrade hands the socket over with what was read', async (net, recorder) => {
	const http = createServer();
	http.on('upgrade', (_question, socket, head: Buffer) => {
		recorder.lane('http').log('upgrade', socket instanceof net.Socket, head);
		socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
		socket.on('data', (chunk: Buffer) => socket.end(`echo ${chunk.toString()}`));
	});
	const server = await recorder.serve(net, (socket) => http.emit('connection', socket));
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
	let received = '';
	client.on('data', (chunk: Buffer) => {
		const before = received.includes('\r\n\r\n');
		received += chunk.toString();
		if (!before && received.includes('\r\n\r\n')) client.write('ping');
	});
	await recorder.once(client, 'close');
	recorder.log('received', received.slice(received.indexOf('\r\n\r\n') + 4));
});

scenario('a bad request is answered with 400', async (net, recorder) => {
	const http = createServer();
	http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
		recorder.lane('http').log('clientError', error.code);
		socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
	});
	const server = await recorder.serve(net, (socket) => http.emit('connection', socket));
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.write('this is no http\r\n\r\n');
	recorder.log('answer', await recorder.text(client));
});

scenario('http over a Unix socket', async (net, recorder) => {
	const http = createServer((_question, answer) => answer.end('over a path'));
	const path = recorder.path('http.sock');
	await recorder.serve(net, (socket) => http.emit('connection', socket), { listen: { path } });
	const [response] = await recorder.once(get({ socketPath: path, agent: false }), 'response');
	if (isResponse(response)) recorder.log('answer', await body(recorder, response));
});

scenario('a client that goes away in the middle of an answer', async (net, recorder) => {
	const http = createServer((_question, answer) => {
		answer.write('first part');
		answer.on('close', () => recorder.lane('http').log('close', answer.writableFinished, answer.destroyed));
	});
	const asked = recorder.once(http, 'request');
	const server = await recorder.serve(net, (socket) => http.emit('connection', socket));
	const client = recorder.own(net.connect(server.port, '127.0.0.1'));
	client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
	client.once('data', () => client.destroy());
	const [, answer] = await asked;
	if (answer instanceof ServerResponse) await recorder.once(answer, 'close');
});
