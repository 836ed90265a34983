/** What descriptors of each kind are to sockets and servers. */
import { createSocket } from 'node:dgram';
import {
	closeSync,
	constants,
	fstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readlinkSync,
	writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import host from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import { childWith, printed } from './programs/children.ts';

/** The descriptor inside one of Node's own sockets and servers. */
function descriptorOf(outer: object): number {
	const handle: unknown = Reflect.get(outer, '_handle');
	return typeof handle === 'object' && handle !== null ? Number(Reflect.get(handle, 'fd')) : -1;
}

function isOpen(fd: number): boolean {
	try {
		fstatSync(fd);
		return true;
	} catch {
		return false;
	}
}

/** A descriptor of the event loop: it can be waited for, and is no stream. */
function pollDescriptor(): number {
	const found = readdirSync('/proc/self/fd').find((fd) => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:[eventpoll]';
		} catch {
			return false;
		}
	});
	return Number(found ?? -1);
}

async function descriptors(recorder: Recorder): Promise<[string, number][]> {
	const file = recorder.path('file');
	writeFileSync(file, 'text');
	const folder = recorder.path('folder');
	mkdirSync(folder);
	const datagrams = createSocket('udp4');
	datagrams.bind(0, '127.0.0.1');
	await recorder.once(datagrams, 'listening');
	// Kept by its listeners, and unreferenced: it ends with the process.
	datagrams.unref();
	const state = Object.getOwnPropertySymbols(datagrams).find(({ description }) => description === 'state symbol');
	const inner: unknown = state === undefined ? undefined : Reflect.get(datagrams, state);
	const handle: unknown = Reflect.get(Object(inner), 'handle');
	return [
		['a file', openSync(file, 'r+')],
		['a folder', openSync(folder, 'r')],
		['/dev/null', openSync('/dev/null', 'r+')],
		['/dev/zero', openSync('/dev/zero', 'r')],
		['datagrams', Number(Reflect.get(Object(handle), 'fd'))],
		['an epoll', pollDescriptor()],
	];
}

scenario('a socket on what is no stream', async (net, recorder) => {
	for (const [what, fd] of await descriptors(recorder)) {
		recorder.attempt(what, () => new net.Socket({ fd }) instanceof net.Socket);
		recorder.log('it is still open', isOpen(fd));
	}
});

scenario('a number is a descriptor, too', (net, recorder) => {
	const fd = openSync('/dev/null', 'r');
	recorder.attempt('new Socket(number)', () => Reflect.construct(net.Socket, [fd]) instanceof net.Socket);
	closeSync(fd);
	for (const value of [-1, 1.5, NaN, 2 ** 31, '3', null, {}, true])
		recorder.attempt(
			`fd: ${String(value)}`,
			() => Reflect.construct(net.Socket, [{ fd: value }]) instanceof net.Socket,
		);
});

scenario('a server on what is no stream', async (net, recorder) => {
	for (const [what, fd] of await descriptors(recorder)) {
		const server = recorder.own(net.createServer());
		recorder.attempt(what, () => server.listen({ fd }) === server);
		const [error] = await Promise.race([recorder.once(server, 'error'), recorder.once(server, 'listening')]);
		recorder.log('error', error);
		recorder.log('after', server.listening, server.address(), isOpen(fd));
	}
});

scenario('a socket on a listening socket', async (_net, recorder) => {
	const bound = host.createServer().listen(0, '127.0.0.1');
	await recorder.once(bound, 'listening');
	const program = `
		const socket = new net.Socket({ fd: 3, manualStart: true });
		console.log(socket.readyState, socket.remoteAddress, socket.localAddress);
		for (const event of ['end', 'error', 'close']) socket.on(event, (value) => console.log(event, value?.message ?? value));
		socket.write('to nobody');`;
	const { output, end } = await childWith(recorder, [descriptorOf(bound)], program);
	recorder.log('child', output.split('\n'), end);
	bound.close();
});

scenario('the write end of a pipe is written, the read end read, by sockets of one way', async (net, recorder) => {
	const [from, to] = openPipe(recorder);
	const reader = recorder.own(new net.Socket({ fd: from, readable: true, writable: false }));
	const writer = recorder.own(new net.Socket({ fd: to, readable: false, writable: true }));
	recorder.log('reader', reader.readyState, reader.readable, reader.writable, reader.address());
	recorder.log('writer', writer.readyState, writer.readable, writer.writable, writer.remoteAddress);
	recorder.lane('reader').events(reader, ['end', 'finish', 'error', 'close']);
	recorder.lane('writer').events(writer, ['end', 'finish', 'error', 'close']);
	const text = recorder.text(reader);
	const closed = [recorder.once(reader, 'close'), recorder.once(writer, 'close')];
	writer.write('through ');
	writer.end('a pipe');
	recorder.log('text', await text);
	await Promise.all(closed);
	recorder.log('closed', isOpen(from), isOpen(to));
});

scenario('more than a pipe holds', async (net, recorder) => {
	const [from, to] = openPipe(recorder);
	const reader = recorder.own(new net.Socket({ fd: from, readable: true, writable: false }));
	const writer = recorder.own(new net.Socket({ fd: to, readable: false, writable: true }));
	reader.pause();
	const lane = recorder.lane('writer');
	lane.log('write', writer.write(Buffer.alloc(300_000, 'x')));
	writer.end(() => lane.log('finished', writer.bytesWritten));
	await recorder.rounds(3);
	lane.log('waits', writer.writableFinished);
	recorder.log('length', (await recorder.text(reader.resume())).length);
});

scenario('a pipe without a reader', async (net, recorder) => {
	const [from, to] = openPipe(recorder);
	closeSync(from);
	const writer = recorder.own(new net.Socket({ fd: to, readable: false, writable: true }));
	recorder.events(writer, ['finish', 'error', 'close']);
	const closed = recorder.once(writer, 'close');
	writer.write('to nobody');
	await closed;
});

scenario('a pipe is read on the end that writes, and written on the end that reads', async (net, recorder) => {
	const [from, to] = openPipe(recorder);
	const reader = recorder.own(new net.Socket({ fd: to, readable: true, writable: false }));
	recorder.lane('reader').events(reader, ['end', 'error', 'close']);
	reader.resume();
	const writer = recorder.own(new net.Socket({ fd: from, readable: false, writable: true }));
	recorder.lane('writer').events(writer, ['finish', 'error', 'close']);
	writer.write('backwards');
	await Promise.all([recorder.once(reader, 'close'), recorder.once(writer, 'close')]);
});

scenario('one descriptor under two sockets', async (net, recorder) => {
	const path = recorder.path('fifo');
	spawnSync('mkfifo', [path]);
	const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
	const first = recorder.own(new net.Socket({ fd, readable: true, writable: true }));
	recorder.attempt('second', () => new net.Socket({ fd }) instanceof net.Socket);
	const data = recorder.once(first, 'data');
	first.write('the first goes on');
	recorder.log('data', String((await data)[0]));
	first.destroy();
	await recorder.once(first, 'close');
	recorder.log('closed', isOpen(fd));
});

scenario('a terminal', async (net, recorder) => {
	// `script` runs a program in a terminal of its own.
	const output = await printed(
		recorder,
		`for (const fd of [0, 1, 2]) {
			try { new net.Socket({ fd }); console.log(fd, 'taken'); } catch (error) { console.log(fd, error.code, error.message); }
		}
		try { net.createServer().on('error', (error) => console.log(error.message)).listen({ fd: 0 }); } catch (error) { console.log(error.message); }`,
		(program) => ['script', ['-qec', program, '/dev/null']],
	);
	recorder.log('output', output.replaceAll('\r', '').trim().split('\n'));
	recorder.log('here', net.isIP('::1'));
});

scenario('standard streams of each kind', async (_net, recorder) => {
	const program = `
		for (const fd of [0, 1]) {
			try {
				const socket = new net.Socket({ fd, readable: fd === 0, writable: fd === 1 });
				console.error(fd, socket.readyState, socket.constructor === net.Socket);
				socket.on('error', (error) => console.error(fd, error.code)).unref();
			} catch (error) { console.error(fd, error.code, error.message); }
		}`;
	for (const [what, command] of [
		['files', 'node < /dev/null > /dev/null'],
		['pipes', 'echo text | node | cat'],
		['closed', 'node <&- >&-'],
	] as const) {
		const { errors, end } = await childWith(recorder, [], program, (node) => command.replace('node', node));
		recorder.log(what, errors.trim().split('\n'), end);
	}
});

/** A named pipe: its end to read from, and its end to write to. */
function openPipe(recorder: Recorder): [from: number, to: number] {
	const path = recorder.path('fifo');
	spawnSync('mkfifo', [path]);
	const from = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	return [from, openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)];
}
