/** The manual's echo server. */
import { once } from 'node:events';
import { startCommand } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST, Peer, exchange, startExample } from '../support/peer.ts';

const test = suite('The echo server');

test('greets, echoes, bears a reset and ends when it is told to', async () => {
	await using program = startExample('echo', [0]);
	const [, text] = await program.says(/server bound [^]*port: (\d+)/);
	const port = Number(text);
	await using nc = startCommand(['nc', '-N', HOST, port]);
	nc.input('there and back');
	assert.is(await nc.ended, 0);
	assert.is(nc.output(), 'hello\r\nthere and back');
	await program.says(/client disconnected/);
	const reset = new Peer(port);
	await once(reset.socket, 'connect');
	reset.socket.resetAndDestroy();
	await program.says(/ECONNRESET/);
	assert.is(await exchange(port, 'again'), 'hello\r\nagain');
	program.kill('SIGINT');
	assert.is(await program.ended, 0, program.output());
});

test.run();
