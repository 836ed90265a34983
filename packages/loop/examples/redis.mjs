/**
 * A server that speaks Redis' protocol over the callbacks of @net/loop: no stream, no emitter between kernel and parser.
 * Try it:
 *
 *   node examples/redis.mjs --port 6380
 *   redis-cli -p 6380 set greeting hello
 *   redis-benchmark -p 6380 -t ping,set,get,incr,mset -P 16 -q
 *
 * It knows PING, ECHO, SET (EX, PX, NX, XX), GET, MSET, MGET, DEL, EXISTS, INCR, DECR, DBSIZE, FLUSHALL and QUIT, keeps
 * all in memory, and forgets it when it ends.
 */
import { parseArgs } from 'node:util';
import { listen } from '@net/loop';
import { ProtocolError, Requests } from './redis/requests.mjs';
import { answer } from './redis/store.mjs';

const HOST = '127.0.0.1';
/** What a peer gets to read a last answer before its connection is closed. */
const LINGER_MS = 1_000;

const { port } = readOptions();
/** What each connection has sent and is not answered yet. @type {Map<import('@net/loop').Connection, Requests>} */
const open = new Map();

const acceptor = await listen(
	{ port, host: HOST, noDelay: true },
	{
		open: (connection) => void open.set(connection, new Requests()),
		data(connection, chunk) {
			open.get(connection)?.push(chunk);
			serve(connection);
		},
		drain(connection) {
			connection.resume();
			serve(connection);
		},
		close: (connection) => void open.delete(connection),
	},
).catch((error) => {
	console.error(error.message);
	process.exit(1);
});
console.log(`listening: redis-cli -p ${acceptor.port}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);

function readOptions() {
	try {
		return parseArgs({ options: { port: { type: 'string', default: '6380' } } }).values;
	} catch (error) {
		// Node's sentence goes on about how to escape the option.
		console.error(`${error.message.split('. ')[0]}; node examples/redis.mjs [--port 6380]`);
		process.exit(2);
	}
}

/**
 * Answers what has come in whole. However many requests a chunk held, and however many connections had one: the answers of
 * a turn leave in one system call a connection.
 * @param {import('@net/loop').Connection} connection
 */
function serve(connection) {
	const requests = open.get(connection);
	if (requests === undefined) return;
	try {
		for (let request = requests.next(); request !== undefined; request = requests.next()) {
			if (request.length === 0) continue;
			const reply = answer(request);
			if (reply === undefined) return leave(connection, '+OK\r\n');
			let more = true;
			if (Array.isArray(reply)) for (const part of reply) more = connection.write(part);
			else more = connection.write(reply);
			// The peer does not read: nothing more is read or answered until it has.
			if (!more) return void connection.pause();
		}
	} catch (error) {
		if (!(error instanceof ProtocolError)) throw error;
		leave(connection, `-ERR Protocol error: ${error.message}\r\n`);
	}
}

/**
 * Ends a connection with a last answer. What the peer still sends is nobody's, and it may not stay for ever.
 * @param {import('@net/loop').Connection} connection
 * @param {string} [last]
 */
function leave(connection, last) {
	open.delete(connection);
	connection.resume();
	connection.end(last);
	setTimeout(() => connection.close(), LINGER_MS).unref();
}

function stop() {
	void acceptor.close().then(() => console.log('closed'));
	for (const connection of open.keys()) leave(connection);
}
