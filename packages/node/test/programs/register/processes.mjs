// Children and their pipes, the console: what Node makes of native handles stays Node's and works.
import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { isOurs, listening, say, text } from './trace.mjs';

const consoleProgram = fileURLToPath(new URL('console.cjs', import.meta.url));

const cat = spawn('cat');
cat.stdin.end('through a child');
say('cat', await text(cat.stdout));
say(
	'pipes',
	[cat.stdin, cat.stdout, cat.stderr].map((pipe) => [pipe instanceof net.Socket, isOurs(pipe)]),
);

const child = fork(consoleProgram, ['messages'], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
child.send({ number: 1 });
say('message', (await once(child, 'message'))[0]);
const end = once(child, 'exit');
child.disconnect();
child.stdin.end();
child.stderr.resume();
say('fork', await text(child.stdout), (await end)[0]);

// To its own end far more than a pipe holds, before exit() what one holds.
for (const [how, stdio] of [
	['end', 'pipe'],
	['exit', 'pipe'],
	['end', ['ignore', 'pipe', 'pipe']],
]) {
	const { stdout, stderr, status } = spawnSync(process.execPath, [...process.execArgv, consoleProgram, how], {
		input: 'y'.repeat(1_000_000),
		stdio,
		maxBuffer: 10_000_000,
	});
	say('console', how, stdout.length, String(stderr), status);
}

// A socket as input and output of a child.
const server = net.createServer({ pauseOnConnect: true }, (socket) => {
	spawn('cat', { stdio: [socket, socket, 'inherit'] }).on('exit', () => socket.destroy());
	server.close();
});
const client = net.connect(await listening(server), '127.0.0.1');
client.end('through a socket');
say(await text(client));
