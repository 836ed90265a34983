/** The server that speaks Redis' protocol: Redis' own programs, requests cut anywhere, and bytes that are none. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Random, startCommand, startProgram } from '@tooling/test';
import type { Program } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const HOST = '127.0.0.1';
const example = fileURLToPath(new URL('../examples/redis.mjs', import.meta.url));
const test = suite("The server that speaks Redis' protocol");

async function start(): Promise<{ program: Program; port: number }> {
	const program = startProgram(example, ['--port', 0]);
	const [, port] = await program.says(/listening: redis-cli -p (\d+)/);
	return { program, port: Number(port) };
}

/** A request as Redis' clients write it. */
function encode(...words: string[]): string {
	return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

function connected(port: number): { socket: Socket; text(): string; closed: Promise<unknown> } {
	const socket = connect(port, HOST).setNoDelay(true);
	let text = '';
	socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
	socket.on('error', () => {});
	return { socket, text: () => text, closed: new Promise((resolve) => socket.once('close', resolve)) };
}

/** Sends pieces, each for itself, ends, and resolves with all that came back. */
async function exchange(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
	const { socket, text, closed } = connected(port);
	await once(socket, 'connect');
	for (const piece of pieces) {
		socket.write(piece);
		await new Promise((resolve) => setImmediate(resolve));
	}
	socket.end();
	await closed;
	return text();
}

test('redis-cli asks, and is answered', async () => {
	const { program, port } = await start();
	await using _ = program;
	const ask = async (...words: string[]): Promise<string> => {
		await using asked = startCommand(['redis-cli', '-p', port, ...words]);
		assert.is(await asked.ended, 0, asked.output());
		return asked.output().trim();
	};
	assert.is(await ask('ping'), 'PONG');
	assert.is(await ask('set', 'greeting', 'hällo\r\n'), 'OK');
	assert.is(await ask('get', 'greeting'), 'hällo');
	assert.is(await ask('incr', 'counter'), '1');
	assert.is(await ask('decr', 'greeting'), 'ERR value is not an integer or out of range');
	assert.is(await ask('mset', 'a', '1', 'b', '2'), 'OK');
	assert.is(await ask('mget', 'a', 'nothing', 'b'), '1\n\n2');
	assert.is(await ask('exists', 'a', 'b', 'c'), '2');
	assert.is(await ask('set', 'a', '3', 'nx'), '');
	assert.is(await ask('set', 'a', '3', 'xx', 'ex', '100'), 'OK');
	assert.is(await ask('set', 'a', '3', 'nx', 'xx'), 'ERR syntax error');
	assert.is(await ask('set', 'a', '3', 'px', '0'), "ERR invalid expire time in 'set' command");
	assert.is(await ask('del', 'a', 'c'), '1');
	assert.is(await ask('get'), "ERR wrong number of arguments for 'get' command");
	assert.is(await ask('brew', 'tea'), "ERR unknown command 'brew'");
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
});

test('redis-benchmark loads it, sixteen requests at a time', async () => {
	const { program, port } = await start();
	await using _ = program;
	const load = ['-t', 'ping,set,get,incr,mset', '-P', 16, '-n', 4_000, '-c', 20, '-r', 1_000, '--csv'];
	await using benchmark = startCommand(['redis-benchmark', '-p', port, ...load]);
	assert.is(await benchmark.ended, 0, benchmark.output());
	for (const name of ['PING_INLINE', 'PING_MBULK', 'SET', 'GET', 'INCR', 'MSET (10 keys)']) {
		const [, rate] = new RegExp(`^"${name.replace(/[()]/g, '\\$&')}","([\\d.]+)"`, 'm').exec(benchmark.output()) ?? [];
		assert.ok(Number(rate) > 0, `${name}: ${benchmark.output()}`);
	}
	assert.not.match(benchmark.output(), /error|warning/i);
});

test('requests cut anywhere are answered as those in one piece', async () => {
	const { program, port } = await start();
	await using _ = program;
	const value = 'v\r\n$3\r\n*1\r\nä'.repeat(40);
	const stream = Buffer.from(
		encode('flushall') +
			encode('SET', 'key', value) +
			'PING  \r\n\r\n' +
			encode('get', 'key') +
			'echo x\n*0\r\n*-1\r\n' +
			encode('mget', 'key', '', 'none') +
			encode('quit') +
			encode('ping'),
	);
	const bytes = Buffer.from(value).toString('latin1');
	const bulk = `$${bytes.length}\r\n${bytes}\r\n`;
	const expected = `+OK\r\n+OK\r\n+PONG\r\n${bulk}$1\r\nx\r\n*3\r\n${bulk}$-1\r\n$-1\r\n+OK\r\n`;
	assert.is(await exchange(port, stream), expected);
	assert.is(
		await exchange(
			port,
			...stream
				.toString('latin1')
				.split('')
				.map((byte) => Buffer.from(byte, 'latin1')),
		),
		expected,
	);
	const random = new Random(20);
	for (let round = 0; round < 30; round++) {
		const pieces: Buffer[] = [];
		for (let at = 0; at < stream.length;) {
			const length = 1 + random.below(200);
			pieces.push(stream.subarray(at, at + length));
			at += length;
		}
		assert.is(await exchange(port, ...pieces), expected);
	}
});

test('a value of megabytes comes back as it went, to a peer that reads late', async () => {
	const { program, port } = await start();
	await using _ = program;
	const value = Buffer.alloc(8 * 1024 * 1024);
	for (let at = 0; at < value.length; at += 4) value.writeUInt32LE((at * 2654435761) % 2 ** 32, at);
	const { socket, closed } = connected(port);
	socket.pause();
	const rest = 'x'.repeat(8);
	socket.write(`*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$${value.length}\r\n`);
	socket.write(value);
	// More answers than a connection takes that nobody reads: the rest is answered when there is room.
	socket.end(`\r\n${encode('get', 'big').repeat(5)}${encode('echo', rest)}`);
	const expected =
		5 * (value.length + `$${value.length}\r\n\r\n`.length) + '+OK\r\n'.length + `$8\r\n${rest}\r\n`.length;
	let got = 0;
	let last = '';
	socket.removeAllListeners('data').on('data', (chunk: string) => {
		got += chunk.length;
		last = (last + chunk).slice(-64);
	});
	socket.resume();
	await closed;
	assert.is(got, expected);
	assert.ok(last.endsWith(`$8\r\n${rest}\r\n`));
});

test('what is no request gets an error and the end, and the others go on', async () => {
	const { program, port } = await start();
	await using _ = program;
	const cases: [string, RegExp][] = [
		['*x\r\n', /^-ERR Protocol error: invalid multibulk length\r\n$/],
		['*99999999999999999999\r\n', /invalid multibulk length/],
		['*1\r\n:1\r\n', /expected '\$', got ':'/],
		['*1\r\n\0', /expected '\$', got '\?'/],
		['*1\r\n$-1\r\n', /invalid bulk length/],
		['*1\r\n$\r\n', /invalid bulk length/],
		['*1\r\n$999999999999\r\n', /invalid bulk length/],
		['*6\r\n' + `$16777216\r\n`, /^$/],
		['x'.repeat(70_000), /too big inline request/],
		[`*1${'1'.repeat(70_000)}`, /too big multibulk count string/],
		[`${encode('ping')}*1\r\n?`, /^\+PONG\r\n-ERR Protocol error/],
		[
			'GET / HTTP/1.1\r\nHost: a\r\n',
			/^-ERR wrong number of arguments for 'get' command\r\n-ERR unknown command 'host:'\r\n$/,
		],
		[`*1\r\n$8\r\na\r\nb\x1b\xff\x00d\r\n`, /^-ERR unknown command '[\x20-\x7e]+'\r\n/],
		['*3\r\n$3\r\nset\r\n$1\r\na', /^$/],
	];
	for (const [text, answer] of cases) {
		assert.match(await exchange(port, Buffer.from(text, 'latin1')), answer, JSON.stringify(text.slice(0, 40)));
	}
	const reset = connected(port);
	reset.socket.write('*3\r\n$3\r\n');
	await once(reset.socket, 'connect');
	reset.socket.resetAndDestroy();
	// One that is told off, does not end and sends on, is closed all the same.
	const stubborn = connected(port);
	stubborn.socket.allowHalfOpen = true;
	stubborn.socket.write('*x\r\n');
	const writing = setInterval(() => stubborn.socket.write('more'), 20);
	await stubborn.closed;
	clearInterval(writing);
	assert.match(stubborn.text(), /Protocol error/);
	assert.is(await exchange(port, encode('ping')), '+PONG\r\n');
	const idle = connected(port);
	await once(idle.socket, 'connect');
	program.kill('SIGTERM');
	await idle.closed;
	assert.is(await program.ended, 0, program.output());
});

test('what it is called with and does not know is told in one line', async () => {
	await using program = startProgram(example, ['--nonsense']);
	assert.is(await program.ended, 2);
	assert.is(program.output(), "Unknown option '--nonsense'; node examples/redis.mjs [--port 6380]\n");
});

test.run();
