/**
 * A TCP proxy with a list at its door: who is on it is turned away when the kernel hands the connection over, before there
 * is a Socket, and before the other side hears of it. Try it:
 *
 *   echo '203.0.113.0/24 # a test network' > block.txt
 *   node examples/proxy.mjs --port 8124 --to 127.0.0.1:8080 --block block.txt
 *   curl http://127.0.0.1:8124/
 *   echo '127.0.0.1' >> block.txt && kill -HUP <its pid>       reads the list again
 *
 * `--block` takes any list that `net-blocklist` reads.
 */
import { BlockList } from '@net/blocklist';
import { formatProblem, readList } from '@net/blocklist/formats';
import net from '@net/node';
import { parseArgs } from 'node:util';

const HOST = '127.0.0.1';
const CONNECT_MS = 10_000;
/** A pair of connections over which nothing goes for so long is closed. */
const IDLE_MS = 10 * 60_000;
/** What connections get to finish when the proxy is told to stop. */
const GRACE_MS = 10_000;

const values = readOptions();
const target = /^(?:\[(?<six>.+)\]|(?<host>[^:]+)):(?<port>\d+)$/.exec(values.to ?? '')?.groups;
if (target === undefined) refuse('--to host:port says where connections go');
if (!isPort(values.port)) refuse(`--port is a number from 0 to 65535, not '${values.port}'`);
if (!isPort(target.port)) refuse(`--to names a port from 0 to 65535, not ${target.port}`);

const blocked = new BlockList();
/** @type {Set<import('@net/node').Socket>} */
const open = new Set();
// Any object with a `check` is a list for a server; this one tells of whom it turns away.
const door = {
	/** @param {string} address @param {'ipv4' | 'ipv6'} family */
	check(address, family) {
		if (!blocked.check(address, family)) return false;
		const [rule] = blocked.match(address, family);
		console.log(`turned away: ${address} by ${rule?.rule}${rule?.label ? `, ${rule.label}` : ''}`);
		return true;
	},
};

// Half-open on both sides: an end of one goes on to the other, and answers still come back.
const server = net.createServer({ blockList: door, allowHalfOpen: true, noDelay: true }, (client) => {
	const upstream = net.connect({
		host: target.six ?? target.host,
		port: Number(target.port),
		allowHalfOpen: true,
		noDelay: true,
		timeout: CONNECT_MS,
	});
	client.setTimeout(IDLE_MS);
	upstream.once('connect', () => upstream.setTimeout(IDLE_MS));
	join(client, upstream);
	join(upstream, client);
});
server.on('error', fail);
server.on('close', () => console.log('closed'));
await readBlocked();
server.listen(Number(values.port), HOST, () => {
	console.log(`listening: ${HOST}:${server.address().port} → ${values.to}, pid ${process.pid}`);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
	process.on('SIGHUP', () => void readBlocked());
});

/**
 * Sends what one says to the other, and closes the other when this one is closed too early.
 * @param {import('@net/node').Socket} from
 * @param {import('@net/node').Socket} to
 */
function join(from, to) {
	open.add(from);
	from.pipe(to);
	from.on('timeout', () => from.destroy());
	from.on('error', (error) => console.log(error.message));
	from.on('close', (hadError) => {
		open.delete(from);
		// Whoever was cut off shows the other one that it was: by a reset, not by an end that looks like the whole.
		if (hadError || !from.readableEnded) to.resetAndDestroy();
	});
}

function readOptions() {
	try {
		return parseArgs({
			options: { port: { type: 'string', default: '8124' }, to: { type: 'string' }, block: { type: 'string' } },
		}).values;
	} catch (error) {
		// Node's sentence goes on about how to escape the option.
		return refuse(error.message.split('. ')[0]);
	}
}

/** @param {string} text */
function isPort(text) {
	return /^\d+$/.test(text) && Number(text) <= 65_535;
}

/** What is wrong with the options, in one line. @param {string} message @returns {never} */
function refuse(message) {
	console.error(`${message}; node examples/proxy.mjs [--port 8124] --to host:port [--block file]`);
	process.exit(2);
}

/** Reads the list and puts it in the place of the last one; a list that cannot be read changes nothing. */
async function readBlocked() {
	if (values.block === undefined) return;
	try {
		const { batch, problems } = await readList(values.block);
		for (const problem of problems) console.error(formatProblem(problem));
		blocked.clear();
		blocked.addBatch(batch);
		console.log(`blocked: ${blocked.size} rules of ${values.block}`);
	} catch (error) {
		if (!server.listening) fail(error);
		console.error(error.message);
	}
}

function stop() {
	server.close();
	setTimeout(() => open.forEach((socket) => socket.destroy()), GRACE_MS).unref();
}

/** @param {Error} error @returns {never} */
function fail(error) {
	console.error(error.message);
	process.exit(1);
}
