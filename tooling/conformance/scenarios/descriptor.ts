/** File descriptors: adopted by sockets and servers, handed to child processes. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { scenario } from '../src/scenario.ts';
import { childWith, fileOf } from './programs/children.ts';

scenario('a child listens on a descriptor that it was given', async (_net, recorder) => {
	// Bound by Node itself: what systemd or a parent would do.
	const bound = recorder.own(createServer());
	bound.listen(0, '127.0.0.1');
	await recorder.once(bound, 'listening');
	const address = bound.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	recorder.alias(port, 'port');
	const program = `
		const server = net.createServer((socket) => { socket.end('from the child'); server.close(); });
		server.listen({ fd: 3 }, () => console.log('listening', JSON.stringify(server.address())));`;
	const done = childWith(recorder, [descriptorOf(bound)], program);
	// The child has a descriptor of its own by now: the parent gives way.
	bound.close();
	const client = recorder.own(connect(port, '127.0.0.1'));
	recorder.log('text', await recorder.text(client));
	const { output, end } = await done;
	recorder.log('child', output, end);
});

scenario('a child adopts a connected socket by its descriptor', async (net, recorder) => {
	const server = recorder.own(createServer());
	server.listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	const accepted = recorder.once(server, 'connection');
	const client = recorder.own(net.connect(port, '127.0.0.1'));
	const [peer] = await accepted;
	const program = `
		const socket = new net.Socket({ fd: 3, readable: true, writable: true });
		console.log(socket.readyState, socket.pending, socket.connecting);
		socket.on('data', (chunk) => { socket.end('child got ' + chunk); });
		socket.on('close', (hadError) => console.log('close', hadError));`;
	const done = childWith(recorder, [peer], program);
	if (typeof peer === 'object' && peer !== null && 'destroy' in peer && typeof peer.destroy === 'function')
		peer.destroy();
	const text = recorder.text(client);
	client.write('hello');
	recorder.log('text', await text);
	client.end();
	const { output, end } = await done;
	recorder.log('child', output, end);
});

scenario('a pipe as a readable and as a writable socket', async (_net, recorder) => {
	const program = `
		const socket = new net.Socket({ fd: 3, readable: true, writable: true });
		socket.setEncoding('utf8').on('data', (text) => socket.end('pipe ' + text));
		socket.on('close', () => console.log('close'));`;
	const child = spawn(process.execPath, [fileOf(recorder, program)], {
		stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
	});
	let output = '';
	child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const end = child.stdio[3];
	if (end === null || end === undefined || !('write' in end)) return recorder.log('no pipe');
	let text = '';
	end.on('data', (chunk: Buffer) => (text += chunk.toString()));
	end.write('question');
	const [code] = await recorder.once(child, 'close');
	recorder.log('text', text);
	recorder.log('child', output, code);
});

scenario('a FIFO is read as a socket', async (net, recorder) => {
	const path = recorder.path('fifo');
	spawnSync('mkfifo', [path]);
	const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
	const socket = recorder.own(new net.Socket({ fd, readable: true, writable: false }));
	recorder.events(socket, ['end', 'error', 'close']);
	const text = recorder.text(socket);
	writeSync(writer, 'through a fifo');
	closeSync(writer);
	recorder.log('text', await text);
	await recorder.once(socket, 'close');
});

scenario('a descriptor of a file is refused', (net, recorder) => {
	const fd = openSync('/dev/null', 'r');
	recorder.attempt('new Socket', () => new net.Socket({ fd }) instanceof net.Socket);
	recorder.log('still open', fstatSync(fd).isCharacterDevice());
	closeSync(fd);
});

scenario('a descriptor that is none is refused', (net, recorder) => {
	for (const fd of [9999, 2 ** 31]) recorder.attempt(`fd ${fd}`, () => new net.Socket({ fd }) instanceof net.Socket);
});

/** The descriptor of one of Node's own servers: what a parent of another kind would hand down. */
function descriptorOf(server: Server): unknown {
	const handle: unknown = Reflect.get(server, '_handle');
	return typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
}
