/** The chat, and members who mean no good. */
import { once } from 'node:events';
import type { Program } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Peer, startExample } from '../support/peer.ts';

const chat = suite('The chat');

async function startChat(): Promise<{ program: Program; port: number }> {
	const program = startExample('chat', ['--port', 0]);
	const [, port] = await program.says(/listening: nc 127\.0\.0\.1 (\d+)/);
	return { program, port: Number(port) };
}

async function enter(port: number, name: string): Promise<Peer> {
	const peer = new Peer(port);
	peer.socket.write(`${name}\n`);
	await peer.reads(/welcome/);
	return peer;
}

chat('what one says all others read, cut as it may be', async () => {
	const { program, port } = await startChat();
	await using _ = program;
	const anna = await enter(port, 'anna');
	const bert = await enter(port, 'bert');
	await anna.reads(/\* bert came\n/);
	for (const piece of ['hel', 'lo\nand', ' \x1b[2J', 'again\r\n']) {
		bert.socket.write(piece);
	}
	await anna.reads(/bert: hello\nbert: and \[2Jagain\n/);
	assert.not.match(bert.text, /bert: hello/);
	anna.socket.write('/who\n');
	await anna.reads(/here: anna, bert/);
	const other = new Peer(port);
	other.socket.write('anna\nno name\nclara\n');
	await other.reads(/anna is taken[^]*letters and digits[^]*welcome, clara: 3 here/);
	anna.socket.write('/quit\nnobody hears this\n');
	await anna.closed;
	await bert.reads(/\* anna left\n/);
	assert.not.match(bert.text, /nobody/);
	bert.socket.resetAndDestroy();
	await other.reads(/\* bert left\n/);
	program.kill('SIGTERM');
	await other.reads(/\* the chat closes\n/);
	await other.closed;
	assert.is(await program.ended, 0, program.output());
});

chat('whoever sends no end of a line, or does not read, is let go', async () => {
	const { program, port } = await startChat();
	await using _ = program;
	const talker = await enter(port, 'talker');
	const endless = new Peer(port);
	endless.socket.write('x'.repeat(5_000));
	await endless.reads(/that line is too long/);
	await endless.closed;

	const deaf = await enter(port, 'deaf');
	deaf.socket.pause();
	const line = `${'y'.repeat(900)}\n`;
	// What the kernel holds for a peer is megabytes; the server must give up soon after.
	while (!/deaf left/.test(talker.text)) {
		if (!talker.socket.write(line.repeat(100))) await Promise.race([once(talker.socket, 'drain'), talker.closed]);
		await new Promise((resolve) => setImmediate(resolve));
		assert.not(talker.socket.destroyed, talker.text);
	}
	deaf.socket.destroy();
	talker.socket.destroy();
	program.kill('SIGTERM');
	assert.is(await program.ended, 0, program.output());
});

chat.run();
