/**
 * An HTTP/1.1 server: connections of @net/server, parsed by Node's own http. Try it:
 *
 *   node examples/http.mjs --port 8080
 *   curl -i http://127.0.0.1:8080/
 *   curl --data-binary @README.md http://127.0.0.1:8080/echo
 *
 * Ctrl-C lets the requests that are under way finish, for ten seconds at most.
 */
import { createServer as createHttpServer } from 'node:http';
import { pipeline } from 'node:stream';
import { createServer } from '@net/server';
import { readOptions, wholeNumber } from './options.mjs';

const HOST = '127.0.0.1';
/** What a connection that says nothing gets before it is closed. */
const IDLE_MS = 30_000;
/** What requests get to finish when the server is told to stop. */
const GRACE_MS = 10_000;

const { port } = readOptions('node examples/http.mjs [--port 8080]', { port: { type: 'string', default: '8080' } });

// It never listens itself: it gets connections, and answers.
const http = createHttpServer({ headersTimeout: 10_000, requestTimeout: 60_000 }, (request, response) => {
	if (!server.listening) response.setHeader('Connection', 'close');
	// Its head may have left before the server was told to stop: then the connection waits for another request.
	response.on('close', () => server.listening || http.closeIdleConnections());
	const [pathname] = (request.url ?? '/').split('?');
	if (pathname === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
		const { remoteAddress, remotePort } = request.socket;
		response.setHeader('Content-Type', 'text/plain').end(`hello, ${remoteAddress} port ${remotePort}\n`);
	} else if (pathname === '/echo' && (request.method === 'POST' || request.method === 'PUT')) {
		response.setHeader('Content-Type', 'application/octet-stream');
		// The peer may go away in between: both ends are closed then, and there is nobody left to tell.
		pipeline(request, response, () => {});
	} else if (pathname === '/' || pathname === '/echo') {
		response.writeHead(405, { Allow: pathname === '/' ? 'GET, HEAD' : 'POST, PUT' }).end('method not allowed\n');
	} else {
		response.writeHead(404).end('not found\n');
	}
});
http.timeout = IDLE_MS;

const server = createServer({ noDelay: true }, (socket) => http.emit('connection', socket));
// Node's server watches the limits of headers and requests from here on.
server.on('listening', () => http.emit('listening'));
server.on('error', (error) => {
	console.error(error.message);
	process.exitCode = 1;
});
server.on('close', () => console.log('closed'));
server.listen(wholeNumber('port', port), HOST, () => {
	console.log(`listening: http://${HOST}:${server.address().port}/`);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
});

function stop() {
	server.close();
	// Closes the connections that wait for a request; the others close behind their answer.
	http.close();
	setTimeout(() => http.closeAllConnections(), GRACE_MS).unref();
}
