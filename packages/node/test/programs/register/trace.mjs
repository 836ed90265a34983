// What a program saw, and whose sockets it had: printed as JSON when it ends.
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';

const trace = [];
const sockets = { ours: 0, nodes: 0 };

for (const name of ['net.client.socket', 'net.server.socket']) {
	diagnostics.subscribe(name, ({ socket }) => sockets[isOurs(socket) ? 'ours' : 'nodes']++);
}
process.on('exit', () => console.log(JSON.stringify({ trace, sockets })));
process.on('warning', (warning) => trace.push(`warning: ${warning.message}`));

export function say(...words) {
	trace.push(words.map((word) => (typeof word === 'string' ? word : (JSON.stringify(word) ?? String(word)))).join(' '));
}

export function isOurs(socket) {
	return 'flush' in socket;
}

/** Resolves with the port. */
export async function listening(server, ...where) {
	server.listen(...(where.length > 0 ? where : [0, '127.0.0.1']));
	await once(server, 'listening');
	return server.address().port;
}

export async function text(stream) {
	let all = '';
	stream.setEncoding('utf8');
	for await (const chunk of stream) all += chunk;
	return all;
}

/** Both have closed. */
export async function closed(...all) {
	await Promise.all(all.map((each) => each.closed || once(each, 'close')));
}
