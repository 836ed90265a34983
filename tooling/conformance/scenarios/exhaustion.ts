/** A process that has no descriptor left: who is told, and that it goes on as soon as it has some again. */
import type { Recorder } from '../src/recorder.ts';
import { scenario } from '../src/scenario.ts';
import { childWith } from './programs/children.ts';

/** `fill(left)` takes all descriptors but so many, `free()` gives them back; a server listens on `port`, and has been used. */
const harness = `
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
const taken = [];
const free = () => { while (taken.length > 0) closeSync(taken.pop()); };
const fill = (left) => {
	try { for (;;) taken.push(openSync('/dev/null')); } catch (error) { if (error.code !== 'EMFILE') throw error; }
	for (let count = 0; count < left; count++) closeSync(taken.pop());
};
let port = 0;
const tell = (...values) => console.log(...values.map((value) => String(value).replaceAll(port, '<port>')));
const fields = (error) => [error.message, error.errno, error.code, error.syscall, error.address, error.port].join(' ');
const server = net.createServer((socket) => { tell('accepted'); socket.resume(); });
server.on('error', (error) => tell('server', fields(error))).on('drop', () => tell('drop'));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
port = server.address().port;
const use = async () => {
	const client = net.connect(port, '127.0.0.1');
	const accepted = once(server, 'connection');
	await once(client, 'connect');
	const [peer] = await accepted;
	client.end().resume();
	await Promise.all([once(client, 'close'), once(peer, 'close')]);
};
await use();
const closed = (emitter) => new Promise((resolve) => emitter.once('close', resolve));
const events = (name, emitter) => {
	emitter.on('error', (error) => tell(name, 'error', (error.errors ?? [error]).map(fields).join(' + ')));
	emitter.on('close', (...values) => tell(name, 'close', ...values));
	return emitter;
};
`;

async function run(recorder: Recorder, program: string): Promise<void> {
	const limited = (command: string): string => `ulimit -n 512; exec ${command}`;
	const { output, errors, end } = await childWith(recorder, [], `${harness}\n${program}`, limited);
	recorder.log('output', output.split('\n'));
	recorder.log('errors', errors.split('\n')[0]);
	recorder.log('end', end);
}

scenario('connect to a port: an error event, and later it works', async (_net, recorder) => {
	await run(
		recorder,
		`fill(0);
		const client = events('client', net.connect(port, '127.0.0.1'));
		tell(client.connecting, client.destroyed, client.readyState);
		await closed(client);
		free();
		client.connect(port, '127.0.0.1');
		await once(client, 'connect');
		client.end().resume();
		server.close();`,
	);
});

scenario('connect to a path: an error event', async (_net, recorder) => {
	await run(
		recorder,
		`fill(0);
		const client = events('client', net.connect('/nowhere/at/all'));
		tell(client.connecting, client.destroyed, client.readyState);
		await closed(client);
		free();
		server.close();`,
	);
});

scenario('connect to two addresses: an error of both', async (_net, recorder) => {
	await run(
		recorder,
		`fill(0);
		const addresses = [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }];
		const client = events('client', net.connect({ host: 'two.test', port, lookup: (host, options, callback) => callback(null, addresses) }));
		await closed(client);
		free();
		server.close();`,
	);
});

scenario('connect from an address: bind is what fails', async (_net, recorder) => {
	await run(
		recorder,
		`fill(0);
		const client = events('client', net.connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1' }));
		await closed(client);
		free();
		server.close();`,
	);
});

scenario('listen: an error event, and later it works', async (_net, recorder) => {
	await run(
		recorder,
		`fill(0);
		const second = events('second', net.createServer());
		second.listen(0, '127.0.0.1');
		await once(second, 'error').catch(() => {});
		second.listen(${JSON.stringify(recorder.path('none.sock'))});
		await once(second, 'error').catch(() => {});
		tell(second.listening);
		free();
		second.listen(0, '127.0.0.1');
		await once(second, 'listening');
		tell(second.listening);
		second.close();
		server.close();`,
	);
});

scenario('BoundSocket throws', async (_net, recorder) => {
	await run(
		recorder,
		`fill(0);
		const left = [];
		for (const options of [{ host: '127.0.0.1' }, { path: ${JSON.stringify(recorder.path('none.sock'))} }]) {
			try { new net.BoundSocket(options); } catch (error) { left.push(fields(error)); }
		}
		free();
		tell(left.join(', '));
		server.close();`,
	);
});

scenario('a connection that cannot be accepted is closed, and the server goes on', async (_net, recorder) => {
	await run(
		recorder,
		`fill(1);
		const client = events('client', net.connect(port, '127.0.0.1'));
		client.on('connect', () => tell('client connect')).on('end', () => tell('client end')).resume();
		await closed(client);
		tell(server.listening);
		free();
		await use();
		server.getConnections((error, count) => tell(error, count));
		server.close();`,
	);
});

scenario('thirty connections at once, with descriptors for ten: all others are closed', async (_net, recorder) => {
	await run(
		recorder,
		`const { spawn } = await import('node:child_process');
		// In a process of its own, which has its own limit.
		const program = "const net = require('node:net'); let open = 30, ended = 0; for (let i = 0; i < 30; i++) {" +
			"const c = net.connect(" + port + ", '127.0.0.1').resume().on('error', () => {});" +
			"c.on('connect', () => --open || process.send('connected')).on('close', () => process.send('closed ' + ++ended)); }" +
			"process.on('message', () => process.exit());";
		const clients = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
		let accepted = 0;
		server.removeAllListeners('connection');
		server.on('connection', (socket) => { accepted++; socket.on('error', () => {}).resume(); });
		fill(10);
		await new Promise((resolve) => clients.on('message', (text) => { if (text === 'closed 20') resolve(); }));
		tell('accepted', accepted);
		free();
		clients.send('done');
		await once(clients, 'exit');
		await use();
		tell('accepted', accepted);
		server.close();`,
	);
});
