// Each load generator meets a right server and servers that are wrong in one way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { nativeProgram } from '../native.mjs';
import type { NativeProgram } from '../native.mjs';
import { sourceChunk } from '../servers/bytes.mjs';
import { mergeHistograms, percentile, quantile, randomFrom } from '../statistics.mjs';

const test = suite('native programs');
const hasCompiler = spawnSync(process.env['CC'] || 'cc', ['--version']).error === undefined;
const check: typeof test | typeof test.skip = hasCompiler ? test : test.skip;

interface Ending {
	code: number | null;
	stdout: string;
	stderr: string;
}

type Program = Exclude<NativeProgram, 'epoll-echo'>;

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

check('echo-load takes each message back so many times, and finds one that is not the same', async () => {
	const options = [...echoOptions, '--size', '32', '--copies', '4'];
	const { code, stdout, stderr } = await run('echo-load', options, (socket) => {
		socket.on('data', (chunk: Buffer) => [1, 2, 3, 4].forEach(() => socket.write(chunk)));
	});
	assert.is(stderr, '');
	assert.is(code, 0);
	assert.is(JSON.parse(stdout).messages, 300);
	const spoilt = (socket: Socket) => {
		socket.on('data', (chunk: Buffer) => {
			const other = Buffer.from(chunk);
			other.writeUInt8((other[31] ?? 0) ^ 1, 31);
			socket.write(Buffer.concat([chunk, chunk, other, chunk]));
		});
	};
	await expectFailure('echo-load', options, spoilt, /wrong echo on connection \d at byte 95/);
	const five = (socket: Socket) => {
		socket.on('data', (chunk: Buffer) => socket.write(Buffer.concat([chunk, chunk, chunk, chunk, chunk])));
	};
	await expectFailure('echo-load', options, five, /more than it got/);
});

check('echo-load keeps to a rate, and what a slow server leaves undone counts as late', async () => {
	const options = ['--connections', '4', '--seconds', '0.2', '--rate', '500'];
	const steady = await run('echo-load', options, (socket) => socket.pipe(socket));
	assert.is(steady.stderr, '');
	const { messages, histogram } = JSON.parse(steady.stdout);
	assert.ok(messages > 0 && messages <= 100, `${messages} of 100 messages`);
	const total = histogram.reduce((sum: number, [, count]: [number, number]) => sum + count, 0);
	assert.is(total, 100, 'each message that was due is in the histogram');

	// Answers a connection's second message only when the time is over: those behind it never start.
	const late = await run('echo-load', options, (socket) => {
		let seen = 0;
		socket.on('data', (chunk: Buffer) => {
			if (++seen === 1) socket.write(chunk);
			else setTimeout(() => socket.write(chunk), 250);
		});
	});
	assert.is(late.stderr, '');
	const result = JSON.parse(late.stdout);
	assert.ok(result.messages <= 12, `${result.messages} messages`);
	assert.ok(result.max >= 150_000, `the latest one ${result.max} µs`);
});

check('connect-load opens as many connections as it was asked for, with an echo and without', async () => {
	for (const options of [[], ['--size', '0'], ['--size', '5000']]) {
		let accepted = 0;
		const { code, stdout, stderr } = await run('connect-load', ['--messages', '50', ...options], (socket) => {
			accepted++;
			socket.pipe(socket);
		});
		assert.is(stderr, '');
		assert.is(code, 0);
		const { messages, p50, p99 } = JSON.parse(stdout);
		assert.equal([messages, accepted], [50, 50]);
		assert.ok(p50 > 0 && p50 <= p99);
	}
});

check('connect-load finds a wrong echo, one that is missing, and a server that is not there', async () => {
	const options = ['--messages', '20'];
	const wrong = (socket: Socket) => socket.on('data', (chunk: Buffer) => socket.write(Buffer.alloc(chunk.length)));
	await expectFailure('connect-load', options, wrong, /wrong echo/);
	const twice = (socket: Socket) => socket.on('data', (chunk: Buffer) => socket.write(Buffer.concat([chunk, chunk])));
	await expectFailure('connect-load', options, twice, /more than it got/);
	const missing = (socket: Socket) => socket.on('data', () => socket.end());
	await expectFailure('connect-load', options, missing, /closed a connection before its echo/);
	const { status, stderr } = spawnSync(nativeProgram('connect-load'), ['--port', '1'], { encoding: 'utf8' });
	assert.match(stderr, /connect: Connection refused/);
	assert.is(status, 1);
});

check('stream-load fills a sink and believes only the right number', async () => {
	const options = ['--as', 'sink', '--megabytes', '3'];
	const sink = (more: number) => (socket: Socket) => {
		let received = more;
		socket.on('data', (chunk: Buffer) => (received += chunk.length));
		socket.on('end', () => socket.end(String(received)));
	};
	const { code, stdout, stderr } = await run('stream-load', options, sink(0));
	assert.is(stderr, '');
	assert.is(code, 0);
	assert.is(JSON.parse(stdout).bytes, 3_000_000);
	await expectFailure(
		'stream-load',
		options,
		sink(1),
		/wrong answer: 3000000 bytes were sent, the server got "3000001"/,
	);
	const silent = (socket: Socket) => socket.on('end', () => socket.end()).resume();
	await expectFailure('stream-load', options, silent, /wrong answer/);
});

check('stream-load takes from a source what it asked for, and finds what is wrong, missing or too much', async () => {
	const options = ['--as', 'source', '--megabytes', '1', '--chunk', '10000'];
	const chunk = sourceChunk(10_000);
	const source = (bytes: Buffer) => (socket: Socket) => socket.once('data', () => socket.end(bytes));
	const all = Buffer.concat(Array.from({ length: 100 }, () => chunk));
	const { code, stdout, stderr } = await run('stream-load', options, source(all));
	assert.is(stderr, '');
	assert.is(code, 0);
	assert.is(JSON.parse(stdout).bytes, 1_000_000);
	await expectFailure('stream-load', options, source(all.subarray(8)), /wrong bytes|ended after/);
	await expectFailure('stream-load', options, source(all.subarray(0, -1)), /the stream ended after 999999 bytes/);
	await expectFailure('stream-load', options, source(Buffer.concat([all, chunk])), /more than it was asked for/);
});

check('stream-load sends at one connection and reads at another', async () => {
	const options = ['--as', 'forward', '--megabytes', '3'];
	const forward = (change: (chunk: Buffer) => Buffer) => {
		let waiting: Socket | undefined;
		return (socket: Socket) => {
			const other = waiting;
			waiting = other === undefined ? socket : undefined;
			other?.on('data', (chunk: Buffer) => socket.write(change(chunk))).on('end', () => socket.end());
		};
	};
	const { code, stdout, stderr } = await run('stream-load', options, forward((chunk) => chunk)); // prettier-ignore
	assert.is(stderr, '');
	assert.is(code, 0);
	const { bytes, sent, received } = JSON.parse(stdout);
	assert.is(bytes, 3_000_000);
	assert.is(received, sent);
	await expectFailure('stream-load', options, forward((chunk) => chunk.subarray(8)), /wrong echo|ended after/); // prettier-ignore
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
