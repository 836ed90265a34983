/** The TCP proxy: what goes through it, and who is turned away at its door. */
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCommand, startProgram } from '@tooling/test';
import type { Program } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const HOST = '127.0.0.1';
const test = suite('The proxy with a list at its door');

let folder: string;
test.before(() => {
	folder = mkdtempSync(join(tmpdir(), 'net-proxy-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A server behind the proxy. */
async function behind(listener: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		socket.on('error', () => {});
		listener(socket);
	}).listen(0, HOST);
	await once(server, 'listening');
	return { server, port: (server.address() as AddressInfo).port }; // a TCP server has no other form
}

async function startProxy(to: number, ...more: string[]): Promise<{ program: Program; port: number }> {
	const example = fileURLToPath(new URL('../examples/proxy.mjs', import.meta.url));
	const program = startProgram(example, ['--port', 0, '--to', `${HOST}:${to}`, ...more]);
	const [, port] = await program.says(/listening: 127\.0\.0\.1:(\d+) → /);
	return { program, port: Number(port) };
}

/** Sends all from an address, ends, and resolves with what came back, or with the error's code. */
async function exchange(port: number, bytes: Buffer | string, localAddress = HOST): Promise<Buffer | string> {
	const socket = connect({ port, host: HOST, localAddress });
	const chunks: Buffer[] = [];
	let code = '';
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code ?? ''));
	socket.end(bytes);
	await new Promise((resolve) => socket.once('close', resolve));
	return code === '' ? Buffer.concat(chunks) : code;
}

test('megabytes go there and back, behind the end of what was sent', async () => {
	const { server, port: target } = await behind((socket) => {
		const chunks: Buffer[] = [];
		socket
			.on('data', (chunk: Buffer) => chunks.push(chunk))
			.on('end', () => socket.end(Buffer.concat(chunks).reverse()));
	});
	const { program, port } = await startProxy(target);
	await using _ = program;
	const bytes = Buffer.alloc(4 * 1024 * 1024);
	for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((at * 2654435761) % 2 ** 32, at);
	const answers = await Promise.all([exchange(port, bytes), exchange(port, 'abc')]);
	assert.ok(Buffer.from(bytes).reverse().equals(Buffer.from(answers[0])), 'other bytes');
	assert.is(String(answers[1]), 'cba');
	await using nc = startCommand(['nc', '-N', HOST, port]);
	nc.input('live');
	assert.is(await nc.ended, 0);
	assert.is(nc.output(), 'evil');
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
	server.close();
});

test('who is on the list is closed before the other side hears of it; SIGHUP reads the list again', async () => {
	let connections = 0;
	const { server, port: target } = await behind((socket) => {
		connections++;
		socket.end('welcome');
	});
	const list = join(folder, 'block.txt');
	writeFileSync(list, '127.0.0.2 # a bad neighbour\n192.0.2.0/24\nnonsense\n');
	const { program, port } = await startProxy(target, '--block', list);
	await using _ = program;
	await program.says(/block\.txt:3: /);
	await program.says(/blocked: 2 rules/);

	assert.is(String(await exchange(port, '')), 'welcome');
	const refused = await exchange(port, 'let me in', '127.0.0.2');
	assert.ok(refused === 'ECONNRESET' || refused.length === 0, String(refused));
	await program.says(/turned away: 127\.0\.0\.2 by Address: IPv4 127\.0\.0\.2, a bad neighbour\n/);
	assert.is(connections, 1);

	appendFileSync(list, '127.0.0.1\n');
	program.kill('SIGHUP');
	await program.says(/blocked: 3 rules/);
	assert.not.match(String(await exchange(port, '')), /welcome/);
	await program.says(/turned away: 127\.0\.0\.1 /);
	assert.is(connections, 1);
	writeFileSync(list, '');
	program.kill('SIGHUP');
	await program.says(/blocked: 0 rules/);
	assert.is(String(await exchange(port, '', '127.0.0.2')), 'welcome');

	// A list that is gone changes nothing.
	rmSync(list);
	program.kill('SIGHUP');
	await program.says(/ENOENT/);
	assert.is(String(await exchange(port, '')), 'welcome');
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
	server.close();
});

test('a reset goes on to the other side, whichever side it came from', async () => {
	const peers: Socket[] = [];
	const { server, port: target } = await behind((socket) => {
		socket.once('data', (chunk: Buffer) => {
			if (String(chunk) === 'reset me') return socket.resetAndDestroy();
			peers.push(socket);
			socket.write('go on');
		});
	});
	const { program, port } = await startProxy(target);
	await using _ = program;
	assert.is(await exchange(port, 'reset me'), 'ECONNRESET');

	const client = connect(port, HOST);
	client.write('hello');
	await once(client, 'data');
	const [peer] = peers;
	assert.ok(peer);
	const failed = new Promise((resolve) => peer.once('error', resolve));
	client.resetAndDestroy();
	assert.is(Object(await failed).code, 'ECONNRESET');

	await new Promise((resolve) => server.close(resolve));
	// Nobody is behind the proxy any more.
	assert.is(await exchange(port, 'hello'), 'ECONNRESET');
	await program.says(new RegExp(`connect ECONNREFUSED ${HOST}:${target}\n`));
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
});

test('told to stop it lets connections finish', async () => {
	const { server, port: target } = await behind((socket) => socket.pipe(socket));
	const { program, port } = await startProxy(target);
	await using _ = program;
	const client = connect(port, HOST).setEncoding('utf8');
	client.write('before');
	await once(client, 'data');
	program.kill('SIGTERM');
	client.end(' and after');
	const [text] = await once(client, 'data');
	assert.is(text, ' and after');
	assert.is(await program.ended, 0, program.output());
	assert.match(program.output(), /closed\n$/);
	server.close();
});

test('wrong arguments, and a list that is not there, are told in one line', async () => {
	const example = fileURLToPath(new URL('../examples/proxy.mjs', import.meta.url));
	await using noTarget = startProgram(example, []);
	assert.is(await noTarget.ended, 2);
	const usage = 'node examples/proxy.mjs [--port 8124] --to host:port [--block file]';
	assert.is(noTarget.output(), `--to host:port says where connections go; ${usage}\n`);
	await using unknown = startProgram(example, ['--nonsense']);
	assert.is(await unknown.ended, 2);
	assert.is(unknown.output(), `Unknown option '--nonsense'; ${usage}\n`);
	await using noList = startProgram(example, ['--port', 0, '--to', 'localhost:1', '--block', join(folder, 'none')]);
	assert.is(await noList.ended, 1);
	assert.match(noList.output(), /^ENOENT[^\n]*\n$/);
});

test.run();
