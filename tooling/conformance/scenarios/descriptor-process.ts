/** Programs that are given descriptors: by a service manager, by a shell, by a parent. What they do, and when they end. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import host from 'node:net';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import { childWith, fileOf } from './programs/children.ts';

/** Binds as a service manager does; gives the descriptor. */
async function bind(recorder: Recorder, at: host.ListenOptions): Promise<{ bound: host.Server; fd: number }> {
	const bound = host.createServer().listen(at);
	await recorder.once(bound, 'listening');
	const handle: unknown = Reflect.get(bound, '_handle');
	return { bound, fd: Number(Reflect.get(Object(handle), 'fd')) };
}

function portOf(server: host.Server): number {
	const address = server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
}

async function record(recorder: Recorder, child: ReturnType<typeof childWith>): Promise<void> {
	const { output, errors, end } = await child;
	recorder.log('output', output.split('\n'));
	recorder.log('errors', errors.split('\n')[0]);
	recorder.log('end', end);
}

/** A pipe with a line in it and both ends open as long as the program runs, as its stdin. */
function kept(recorder: Recorder): (command: string) => string {
	const path = recorder.path('kept');
	return (command) => `mkfifo '${path}' && exec 3<> '${path}' && echo once >&3 && ${command} <&3 3>&-`;
}

/** What a service manager does: binds, and becomes the program, which finds the sockets as 3 and 4. Prints the port first. */
const manager = `
import os, socket, sys
tcp = socket.create_server(('127.0.0.1', 0))
path = socket.socket(socket.AF_UNIX)
path.bind(sys.argv[1])
print(tcp.getsockname()[1], flush=True)
first, second = os.dup(tcp.fileno()), os.dup(path.fileno())
os.dup2(first, 3)
os.dup2(second, 4)
os.set_blocking(3, True)
os.execvp(sys.argv[2], sys.argv[2:])`;

scenario('sockets that a service manager bound: TCP and a path', async (net, recorder) => {
	const path = recorder.path('service.sock');
	const program = fileOf(
		recorder,
		`for (const fd of [3, 4]) {
			const server = net.createServer((socket) => socket.end('from ' + fd + ' ' + (socket.remoteFamily ?? 'path')));
			server.listen({ fd }, () => {
				console.log('listening', fd, server.listening, server.address()?.address ?? typeof server.address());
			});
			let left = 2;
			server.on('connection', () => { if (--left === 0) server.close(() => console.log('closed', fd)); });
		}`,
	);
	const child = spawn('python3', ['-c', manager, path, process.execPath, program], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const ended = recorder.once(child, 'close');
	while ((output.match(/listening/g)?.length ?? 0) < 2) {
		if ((await Promise.race([recorder.once(child.stdout, 'data'), ended])).length > 1) break;
	}
	const port = Number.parseInt(output, 10);
	recorder.alias(port, 'port');
	const ask = (target: host.NetConnectOpts): Promise<string> => recorder.text(recorder.own(net.connect(target)));
	recorder.log('tcp', await ask({ port, host: '127.0.0.1' }), await ask({ port, host: '127.0.0.1' }));
	recorder.log('path', await ask({ path }), await ask({ path }));
	const [code] = await ended;
	recorder.log('child', output.split('\n').slice(1).sort(), code);
	recorder.log("the path is the manager's", existsSync(path));
});

scenario('an inherited listener with a backlog, and one that is closed at once', async (_net, recorder) => {
	const { bound, fd } = await bind(recorder, { port: 0, host: '127.0.0.1' });
	await record(
		recorder,
		childWith(
			recorder,
			[fd],
			`const server = net.createServer();
			server.on('close', () => console.log('close', server.listening));
			server.listen({ fd: 3 }, 1, () => { console.log('listening', server.address().family); server.close(); });`,
		),
	);
	bound.close();
});

scenario('an unreferenced listener on a descriptor lets the process end', async (_net, recorder) => {
	const { bound, fd } = await bind(recorder, { port: 0, host: '127.0.0.1' });
	const program = `net.createServer().listen({ fd: 3 }, function () { console.log('listening'); this.unref(); });`;
	await record(recorder, childWith(recorder, [fd], program));
	bound.close();
});

scenario('one descriptor under two servers', async (_net, recorder) => {
	const { bound, fd } = await bind(recorder, { port: 0, host: '127.0.0.1' });
	const program = `
		const first = net.createServer().listen({ fd: 3 }, () => {
			const second = net.createServer().on('error', (error) => { console.log(error.code, second.listening, first.listening); first.close(); });
			second.listen({ fd: 3 }, () => { console.log('both listen'); first.close(); second.close(); });
		});
		first.on('close', () => console.log('closed'));`;
	await record(recorder, childWith(recorder, [fd], program));
	bound.close();
});

scenario('stdin from a pipe: all of it, the end, and the process ends', (_net, recorder) =>
	record(
		recorder,
		childWith(
			recorder,
			[],
			`const socket = new net.Socket({ fd: 0, writable: false });
			let length = 0;
			socket.on('data', (chunk) => (length += chunk.length));
			socket.on('end', () => console.log('end', length));
			socket.on('close', (hadError) => console.log('close', hadError));
			process.on('exit', (code) => console.log('exit', code));`,
			(command) => `head -c 300000 /dev/zero | ${command}`,
		),
	),
);

scenario('stdin that nobody reads does not keep the process alive', (_net, recorder) =>
	record(
		recorder,
		childWith(
			recorder,
			[],
			`const socket = new net.Socket({ fd: 0, writable: false, manualStart: true });
			process.on('exit', (code) => console.log('exit', code, socket.destroyed));`,
			kept(recorder),
		),
	),
);

scenario('stdin, paused and unreferenced', (_net, recorder) =>
	record(
		recorder,
		childWith(
			recorder,
			[],
			`const socket = new net.Socket({ fd: 0, writable: false });
			socket.once('data', (chunk) => {
				console.log(String(chunk).trim());
				socket.pause();
				process.on('exit', (code) => console.log('exit', code, socket.destroyed));
				socket.unref();
			});`,
			kept(recorder),
		),
	),
);

scenario('stdout into a pipe: more than it holds, and the process ends by itself', (_net, recorder) =>
	record(
		recorder,
		childWith(
			recorder,
			[],
			`const socket = new net.Socket({ fd: 1, readable: false });
			socket.write(Buffer.alloc(500_000, 'x'));
			socket.end('y', () => console.error('finished', socket.bytesWritten));
			socket.on('close', (hadError) => console.error('close', hadError));`,
			(command) => `${command} | wc -c`,
		),
	),
);

scenario('stdout, written before process.exit()', (_net, recorder) =>
	record(
		recorder,
		childWith(
			recorder,
			[],
			`const socket = new net.Socket({ fd: 1, readable: false });
			socket.write('last ');
			socket.write('words');
			process.exit(4);`,
			(command) => `${command} | cat; exit $?`,
		),
	),
);

scenario('from stdin to stdout', (_net, recorder) =>
	record(
		recorder,
		childWith(
			recorder,
			[],
			`const input = new net.Socket({ fd: 0, writable: false });
			const output = new net.Socket({ fd: 1, readable: false });
			input.pipe(output);
			output.on('finish', () => console.error('finish'));`,
			(command) => `seq 1 20000 | ${command} | tail -n 1`,
		),
	),
);

scenario('stdout whose reader goes: an error, and uncaught the end', async (_net, recorder) => {
	const writing = `const socket = new net.Socket({ fd: 1, readable: false });
		const write = (error) => { if (!error) socket.write(Buffer.alloc(100_000), write); };
		write();`;
	const caught = `socket.on('error', ({ code, syscall }) => console.error(code, syscall)); socket.on('close', (hadError) => console.error('close', hadError));`;
	const head = (command: string): string => `${command} | head -c 10 > /dev/null`;
	const { errors } = await childWith(recorder, [], writing + caught, head);
	recorder.log('caught', errors.trim().split('\n'));
	const thrown = await childWith(
		recorder,
		[],
		`process.on('uncaughtException', ({ code }) => { console.error('uncaught', code); });${writing}`,
		head,
	);
	recorder.log('uncaught', thrown.errors.trim().split('\n'));
});

scenario('a socket that a parent left, whose other end goes', async (_net, recorder) => {
	const program = `
		const socket = new net.Socket({ fd: 3 });
		for (const event of ['end', 'finish', 'close']) socket.on(event, (value) => console.log(event, value));
		socket.on('error', ({ code }) => console.log(code));
		socket.resume();
		process.on('exit', (code) => console.log('exit', code));`;
	const server = host.createServer().listen(0, '127.0.0.1');
	await recorder.once(server, 'listening');
	const accepted = recorder.once(server, 'connection');
	const client = recorder.own(host.connect(portOf(server), '127.0.0.1'));
	const [peer] = await accepted;
	const child = childWith(recorder, [peer], program);
	if (peer instanceof host.Socket) peer.destroy();
	client.end();
	client.resume();
	await record(recorder, child);
	server.close();
});
