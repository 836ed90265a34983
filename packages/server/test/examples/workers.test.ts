/** Four threads on one port. */
import { once } from 'node:events';
import { skip } from '@tooling/test';
import { createServer } from '@net/server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Peer, exchange, startExample } from '../support/peer.ts';

const workers = suite('The threads on one port');

/** Whether two servers may listen on one port here. */
async function hasReusePort(): Promise<boolean> {
	const first = createServer().listen({ port: 0, host: '127.0.0.1', reusePort: true });
	await once(first, 'listening');
	const second = createServer().listen({ port: Object(first.address()).port, host: '127.0.0.1', reusePort: true });
	const able = await new Promise<boolean>((resolve) => {
		second.on('listening', () => resolve(true)).on('error', () => resolve(false));
	});
	first.close();
	if (able) second.close();
	return able;
}

workers('all of them serve, and end when they are told to', async () => {
	if (!(await hasReusePort())) skip("the host's node:net has no reusePort");
	await using program = startExample('workers', ['--port', 0, '--threads', 4]);
	const [, text] = await program.says(/listening: 127\.0\.0\.1:(\d+), 4 threads/);
	const port = Number(text);
	// The kernel chooses by the client's port: that 200 leave one of four out happens to nobody.
	const answers = await Promise.all(Array.from({ length: 200 }, () => exchange(port, 'ping')));
	const threads = new Set(answers.map((answer) => /^thread (\d+)\nping$/.exec(answer)?.[1]));
	assert.equal([...threads].sort(), ['1', '2', '3', '4']);

	const idle = new Peer(port);
	await idle.reads(/thread/);
	const reset = new Peer(port);
	await reset.reads(/thread/);
	reset.socket.resetAndDestroy();
	program.kill('SIGTERM');
	await idle.closed;
	assert.is(await program.ended, 0, program.output());
});

workers('a port that is in use is told in one line', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	const { port } = Object(other.address());
	try {
		await using program = startExample('workers', ['--port', port]);
		assert.is(await program.ended, 1);
		assert.is(program.output(), `listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
	} finally {
		other.close();
	}
});

workers.run();
