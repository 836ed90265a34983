// Each load generator meets a right server and servers that are wrong in one way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { nativeProgram } from '../native.mjs';
import { mergeHistograms, percentile, quantile, randomFrom } from '../statistics.mjs';

const test = suite('native programs');
const hasCompiler = spawnSync(process.env['CC'] || 'cc', ['--version']).error === undefined;
const check: typeof test | typeof test.skip = hasCompiler ? test : test.skip;

interface Ending {
	code: number | null;
	stdout: string;
	stderr: string;
}

type Program = 'echo-load' | 'stream-load';

/** Runs the generator against a server that treats each connection so. */
async function run(program: Program, options: string[], serve: (socket: Socket) => void): Promise<Ending> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => socket.destroy());
		serve(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the server has no port');
	try {
		const child = spawn(nativeProgram(program), ['--port', String(address.port), ...options, '--limit', '20']);
		let stdout = '';
		let stderr = '';
		child.stdout.on('data', (text) => (stdout += text));
		child.stderr.on('data', (text) => (stderr += text));
		await once(child, 'close');
		return { code: child.exitCode, stdout, stderr };
	} finally {
		for (const socket of sockets) socket.destroy();
		server.close();
	}
}

async function expectFailure(program: Program, options: string[], serve: (socket: Socket) => void, what: RegExp) {
	const { code, stdout, stderr } = await run(program, options, serve);
	assert.match(stderr, what);
	assert.is(code, 1);
	assert.is(stdout, '', 'no result is printed');
}

const echoOptions = ['--connections', '3', '--messages', '300'];

check('echo-load counts the messages that it was asked for, also pipelined and in pieces', async () => {
	for (const options of [[], ['--depth', '7'], ['--size', '100000', '--depth', '3'], ['--size', '1']]) {
		const { code, stdout, stderr } = await run('echo-load', [...echoOptions, ...options], (socket) =>
			socket.pipe(socket),
		);
		assert.is(stderr, '');
		assert.is(code, 0);
		const result = JSON.parse(stdout);
		assert.is(result.messages, 300);
		const counted = result.histogram.reduce((sum: number, [, count]: [number, number]) => sum + count, 0);
		assert.is(counted, 300);
		assert.ok(result.p50 > 0 && result.p50 <= result.p99 && result.p99 <= result.max);
	}
});

check('echo-load runs for the time that it was given', async () => {
	const { stdout } = await run('echo-load', ['--seconds', '0.2', '--connections', '2'], (socket) =>
		socket.pipe(socket),
	);
	const { seconds, messages } = JSON.parse(stdout);
	assert.ok(seconds >= 0.2 && seconds < 10, `${seconds} s`);
	assert.ok(messages > 0);
});

check('echo-load finds one wrong bit in the middle and says where', async () => {
	const serve = (socket: Socket) => {
		let seen = 0;
		socket.on('data', (chunk: Buffer) => {
			const at = 1000 - seen;
			if (at >= 0 && at < chunk.length) chunk[at] = (chunk[at] ?? 0) ^ 1;
			seen += chunk.length;
			socket.write(chunk);
		});
	};
	await expectFailure(
		'echo-load',
		echoOptions,
		serve,
		/^wrong echo on connection \d at byte 1000: sent 0x.., got 0x..\n$/,
	);
});

check('echo-load finds answers that went to the wrong connection', async () => {
	const all: Socket[] = [];
	const serve = (socket: Socket) => {
		const index = all.push(socket) - 1;
		socket.on('data', (chunk: Buffer) => all[(index + 1) % all.length]?.write(chunk));
	};
	await expectFailure('echo-load', echoOptions, serve, /wrong echo|more than it got/);
});

check('echo-load finds a message that is given twice, and one that is given again', async () => {
	const twice = (socket: Socket) => socket.on('data', (chunk: Buffer) => socket.write(Buffer.concat([chunk, chunk])));
	await expectFailure('echo-load', echoOptions, twice, /more than it got/);
	const again = (socket: Socket) => {
		let first: Buffer | undefined;
		socket.on('data', (chunk: Buffer) => socket.write((first ??= chunk)));
	};
	await expectFailure('echo-load', echoOptions, again, /wrong echo on connection \d at byte 64/);
});

check('echo-load finds a connection that is closed or reset, and a server that is not there', async () => {
	await expectFailure(
		'echo-load',
		echoOptions,
		(socket) => socket.on('data', () => socket.end()),
		/the server closed it/,
	);
	const reset = (socket: Socket) => socket.on('data', () => socket.resetAndDestroy());
	await expectFailure('echo-load', echoOptions, reset, /connection \d: (recv|send): /);
	const { status, stderr } = spawnSync(nativeProgram('echo-load'), ['--port', '1'], { encoding: 'utf8' });
	assert.match(stderr, /connect: Connection refused/);
	assert.is(status, 1);
});

check('echo-load ends at its time limit when the server is silent', async () => {
	await expectFailure('echo-load', [...echoOptions, '--limit', '1'], (socket) => socket.resume(), /time limit/);
});

check('stream-load accepts a right echo and its checksums agree', async () => {
	const { code, stdout, stderr } = await run('stream-load', ['--megabytes', '5', '--stall', '20'], (socket) => {
		socket.pipe(socket);
	});
	assert.is(stderr, '');
	assert.is(code, 0);
	const { bytes, sent, received } = JSON.parse(stdout);
	assert.is(bytes, 5_000_000);
	assert.is(received, sent);
});

/** An echo that replaces the first chunk that lies behind 1 MB. */
function spoiled(change: (chunk: Buffer) => Buffer) {
	return (socket: Socket): void => {
		let seen = 0;
		let done = false;
		socket.on('data', (chunk: Buffer) => {
			seen += chunk.length;
			if (done || seen < 1_000_000 || chunk.length < 1000) return socket.write(chunk);
			done = true;
			return socket.write(change(chunk));
		});
		socket.on('end', () => socket.end());
	};
}

check('stream-load finds bytes that are changed, lost, doubled or moved', async () => {
	const options = ['--megabytes', '3', '--stall', '0'];
	const changed = spoiled((chunk) => (chunk.writeUInt8((chunk[100] ?? 0) ^ 128, 100), chunk));
	await expectFailure('stream-load', options, changed, /wrong echo in the 8 bytes at \d+: sent/);
	const lost = spoiled((chunk) => chunk.subarray(8));
	await expectFailure('stream-load', options, lost, /wrong echo/);
	const doubled = spoiled((chunk) => Buffer.concat([chunk.subarray(0, 64), chunk]));
	await expectFailure('stream-load', options, doubled, /wrong echo|more than it got/);
	const moved = spoiled((chunk) => Buffer.concat([chunk.subarray(16), chunk.subarray(0, 16)]));
	await expectFailure('stream-load', options, moved, /wrong echo/);
});

check('stream-load finds a stream that ends early', async () => {
	const serve = (socket: Socket) => socket.once('data', (chunk: Buffer) => socket.end(chunk));
	await expectFailure('stream-load', ['--megabytes', '3'], serve, /the stream ended after \d+ bytes|recv|send/);
});

check('the percentiles of the histogram are at most 1.6 % above those of the sorted values', () => {
	const random = randomFrom(42);
	const values = Array.from({ length: 5000 }, () => Math.floor(10 ** (random() * 9)));
	const { stdout } = spawnSync(nativeProgram('echo-load'), ['--histogram'], {
		input: values.join('\n'),
		encoding: 'utf8',
	});
	const result = JSON.parse(stdout);
	const sorted = [...values].sort((a, b) => a - b);
	assert.is(result.count, 5000);
	assert.is(Math.round(result.max * 1000), sorted.at(-1));
	for (const [share, found] of [
		[0.5, result.p50],
		[0.99, result.p99],
	]) {
		const exact = sorted[Math.ceil(share * 5000) - 1] ?? NaN;
		assert.ok(found * 1000 >= exact && found * 1000 <= exact * 1.016 + 1, `p${share}: ${found * 1000}, exact ${exact}`);
		const ours = percentile(mergeHistograms([result.histogram]), share);
		assert.is(ours, Math.round(found * 1000), 'both ways to compute it agree');
	}
	assert.ok(Math.abs(quantile(values, 0.5) / 1000 / result.p50 - 1) < 0.02);
});

test.run();
