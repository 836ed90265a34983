/** The daemon behind a Unix socket: its file, its answers, its end. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCommand } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Peer, exchange, startExample } from '../support/peer.ts';

const daemon = suite('The daemon');
let folder: string;
daemon.before(() => {
	folder = mkdtempSync(join(tmpdir(), 'net-daemon-'));
});
daemon.after(() => rmSync(folder, { recursive: true, force: true }));

daemon('answers nc, and others than its user find no way in', async () => {
	const path = join(folder, 'asked.sock');
	await using program = startExample('daemon', ['--socket', path]);
	await program.says(/listening: /);
	assert.is(statSync(path).mode & 0o777, 0o600);
	await using asked = startCommand(['nc', '-NU', path]);
	asked.input('status\nping\nnonsense\n');
	assert.is(await asked.ended, 0);
	const [status = '', pong, error] = asked.output().split('\n');
	const told = JSON.parse(status);
	assert.is(told.open, 1);
	assert.type(told.pid, 'number');
	assert.equal([pong, error], ['pong', 'error: status or ping']);
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
	assert.not(existsSync(path), 'its file is left');
});

daemon('replaces a file that a crash left; leaves one that is used, and what is no socket', async () => {
	const path = join(folder, 'stale.sock');
	const crashed = startExample('daemon', ['--socket', path, '--mode', '660']);
	await crashed.says(/listening: /);
	assert.is(statSync(path).mode & 0o777, 0o660);
	crashed.kill('SIGKILL');
	await crashed.ended;
	assert.ok(existsSync(path));

	await using program = startExample('daemon', ['--socket', path]);
	await program.says(/listening: /);
	assert.is(await exchange(path, 'ping\n'), 'pong\n');
	await using second = startExample('daemon', ['--socket', path]);
	assert.is(await second.ended, 1);
	assert.match(second.output(), /a daemon listens on .* already\n/);
	assert.is(await exchange(path, 'ping\n'), 'pong\n');

	const file = join(folder, 'precious');
	writeFileSync(file, 'precious');
	await using third = startExample('daemon', ['--socket', file]);
	assert.is(await third.ended, 1);
	assert.match(third.output(), /is there already, and no socket\n/);
	assert.ok(existsSync(file));
});

daemon('bears peers that ask without end, without reading, or without a line', async () => {
	const path = join(folder, 'bad.sock');
	await using program = startExample('daemon', ['--socket', path]);
	await program.says(/listening: /);
	const endless = new Peer(path);
	endless.socket.write('x'.repeat(5_000));
	await endless.reads(/error: that line is too long\n/);
	endless.socket.end();
	await endless.closed;

	const deaf = new Peer(path);
	deaf.socket.pause();
	// It is asked for no more once its answers do not leave: this side's writes stay where they are.
	while (deaf.socket.write('ping\n'.repeat(1_000))) await new Promise((resolve) => setImmediate(resolve));
	assert.is(await exchange(path, 'ping\n'), 'pong\n');
	deaf.socket.destroy();
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
});

daemon.run();
