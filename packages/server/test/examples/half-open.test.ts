/** The half-open server and its client. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startCommand } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST, Peer, exchange, startExample } from '../support/peer.ts';

const halfOpen = suite('The half-open server');

halfOpen('sorts what its own client and nc send, behind their end', async () => {
	await using program = startExample('half-open', ['--port', 0]);
	const [, port] = await program.says(/listening: 127\.0\.0\.1:(\d+)/);
	await using client = startExample('half-open', ['--sort', '--port', Number(port)]);
	client.input('pear\napple\nfig');
	assert.is(await client.ended, 0);
	assert.is(client.output(), 'apple\nfig\npear\n');
	await using nc = startCommand(['nc', '-N', HOST, Number(port)]);
	nc.input('2\n1\n');
	assert.is(await nc.ended, 0);
	assert.is(nc.output(), '1\n2\n');

	const large = Array.from({ length: 50_000 }, (_, index) => `line ${99_999 - index}`);
	const sorted = await exchange(Number(port), large.join('\n'));
	assert.ok(sorted === `${large.reverse().join('\n')}\n`, 'not sorted');
	// More than it takes: closed, and the others go on.
	const flood = new Peer(Number(port));
	flood.socket.end('x'.repeat(4 * 1024 * 1024));
	await flood.closed;
	assert.is(flood.text, '');
	const reset = new Peer(Number(port));
	reset.socket.write('half a li');
	await once(reset.socket, 'connect');
	reset.socket.resetAndDestroy();
	assert.is(await exchange(Number(port), 'b\na\n'), 'a\nb\n');
	program.kill('SIGINT');
	assert.is(await program.ended, 0, program.output());
});

halfOpen('its client tells when nobody is there', async () => {
	const nobody = createServer().listen(0, HOST);
	await once(nobody, 'listening');
	const { port } = nobody.address() as AddressInfo; // a TCP server has no other form
	await new Promise((resolve) => nobody.close(resolve));
	await using client = startExample('half-open', ['--sort', '--port', port]);
	assert.is(await client.ended, 1);
	assert.is(client.output(), `connect ECONNREFUSED ${HOST}:${port}\n`);
});

halfOpen.run();
