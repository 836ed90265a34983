/** process.exit(), signals and what still leaves. Each scenario has processes of its own. */
import { spawn } from 'node:child_process';
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import { fileOf } from './programs/children.ts';
import type { Net } from '../src/scenario.ts';

interface Child {
	readonly text: string;
	readonly end: string;
	readonly output: string;
}

/** Runs `program` (a module in which `net` and `port` are known) as a child that connects here; gives what it sent. */
async function child(net: Net, recorder: Recorder, program: string): Promise<Child> {
	let text = '';
	let ended: Promise<void> | undefined;
	const server = await recorder.serve(net, (socket) => {
		recorder.own(socket);
		socket.on('error', () => {});
		socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
		ended = new Promise((resolve) => socket.on('close', () => resolve()));
	});
	const file = fileOf(recorder, `const port = ${server.port};\n${program}`);
	const started = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const [code, signal] = await recorder.once(started, 'close');
	await ended;
	return { text, end: typeof signal === 'string' ? signal : `code ${String(code)}`, output };
}

async function tell(net: Net, recorder: Recorder, program: string): Promise<void> {
	const { text, end, output } = await child(net, recorder, program);
	recorder.log('received', text);
	recorder.log('end', end, output);
}

scenario('write, then process.exit() at once: the bytes arrive', (net, recorder) =>
	tell(net, recorder, "const c = net.connect(port, '127.0.0.1', () => { c.write('last words'); process.exit(3); });"),
);

scenario('several writes, then exit', (net, recorder) =>
	tell(
		net,
		recorder,
		"const c = net.connect(port, '127.0.0.1', () => { for (const t of 'abc') c.write(t); process.exit(0); });",
	),
);

scenario('end, then exit', (net, recorder) =>
	tell(net, recorder, "const c = net.connect(port, '127.0.0.1', () => { c.end('bye'); process.exit(0); });"),
);

scenario('write in an exit listener', (net, recorder) =>
	tell(
		net,
		recorder,
		`const c = net.connect(port, '127.0.0.1', () => { c.write('before '); process.exit(4); });
		process.on('exit', (code) => { c.write('in exit ' + code); });`,
	),
);

scenario('an exception after a write: the bytes arrive', (net, recorder) =>
	tell(
		net,
		recorder,
		"const c = net.connect(port, '127.0.0.1', () => { c.write('then thrown'); throw new Error('x'); });",
	),
);

scenario('write before connect, exit in the connect listener: the bytes arrive', (net, recorder) =>
	tell(
		net,
		recorder,
		`const c = net.connect(port, '127.0.0.1'); c.write('too early');
		c.on('lookup', () => {}); setImmediate(() => {}); c.on('connect', () => process.exit(5));`,
	),
);

scenario('write in a tick, then exit in the next', (net, recorder) =>
	tell(
		net,
		recorder,
		`const c = net.connect(port, '127.0.0.1', () => {
			process.nextTick(() => { c.write('ticked'); process.nextTick(() => process.exit(6)); });
		});`,
	),
);

scenario('write in a promise job, then exit', (net, recorder) =>
	tell(
		net,
		recorder,
		"const c = net.connect(port, '127.0.0.1', async () => { await null; c.write('promised'); process.exit(7); });",
	),
);

scenario('destroy, then exit', (net, recorder) =>
	tell(
		net,
		recorder,
		"const c = net.connect(port, '127.0.0.1', () => { c.write('x'); c.destroy(); process.exit(0); });",
	),
);

scenario('the process ends by itself after end', (net, recorder) =>
	tell(
		net,
		recorder,
		`const c = net.connect(port, '127.0.0.1', () => { c.end('done'); });
		c.on('close', (hadError) => console.log('closed', hadError)); c.resume();`,
	),
);

scenario('killed by a signal: the peer sees the end', (net, recorder) =>
	tell(
		net,
		recorder,
		`const c = net.connect(port, '127.0.0.1', () => {
			c.write('killed', () => process.kill(process.pid, 'SIGKILL'));
		});
		setInterval(() => {}, 1000);`,
	),
);

scenario('SIGTERM ends a process with open sockets', (net, recorder) =>
	tell(
		net,
		recorder,
		"const c = net.connect(port, '127.0.0.1', () => c.write('x', () => process.kill(process.pid, 'SIGTERM')));",
	),
);

scenario('a SIGTERM listener may write before it exits', (net, recorder) =>
	tell(
		net,
		recorder,
		`process.on('SIGTERM', () => { c.write(' and this'); process.exit(8); });
		const c = net.connect(port, '127.0.0.1', () => c.write('x', () => process.kill(process.pid, 'SIGTERM')));`,
	),
);

scenario('a server on a path that the process leaves behind at exit', async (_net, recorder) => {
	const { existsSync } = await import('node:fs');
	const path = recorder.path('left.sock');
	const program = `net.createServer().listen(${JSON.stringify(path)}, () => { console.log('listening'); process.exit(0); });`;
	const started = spawn(process.execPath, [fileOf(recorder, program)], { stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const [code] = await recorder.once(started, 'close');
	recorder.log('child', code, output);
	recorder.log('the path is left', existsSync(path));
});

scenario(
	'exit with open servers and sockets: the code is kept',
	async (net, recorder) => {
		const { client, peer } = await recorder.pair(net);
		client.write('x');
		peer.write('y');
		process.exitCode = 12;
		process.exit();
	},
	{ process: 'own' },
);

scenario(
	'an exit listener sees the sockets as they were',
	async (net, recorder) => {
		const { client, server } = await recorder.pair(net);
		process.on('exit', () => recorder.log('state', client.readyState, client.destroyed, server.listening));
		process.exit(0);
	},
	{ process: 'own' },
);
