// Sockets and servers that go to a child and come back, in the order in which they were sent.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { closed, listening, say, text } from './trace.mjs';

if (process.send !== undefined) {
	process.on('message', (message, given) => {
		if (message === 'socket') given.end(`from the child, ${given instanceof net.Socket}`);
		if (message === 'back') process.send('returned', given);
		if (message === 'server') given.on('connection', (socket) => socket.end('accepted by the child'));
		if (message === 'closed') process.send(['closed', given === undefined]);
		if (message === 'server') process.on('disconnect', () => given.close());
		process.send([message, given === undefined ? 'nothing' : given.constructor.name]);
	});
} else {
	const child = fork(fileURLToPath(import.meta.url));
	const told = [];
	let wake = () => {};
	child.on('message', (message, given) => {
		told.push(message);
		if (message === 'returned') given.end('from the parent again');
		wake();
	});
	const until = async (message) => {
		while (!told.some((each) => String(each) === String(message))) await new Promise((resolve) => (wake = resolve));
	};

	const waiting = ['socket', 'back'];
	const server = net.createServer({ pauseOnConnect: true }, (socket) => {
		const message = waiting.shift();
		child.send('before');
		child.send(message, socket, (error) => say('sent', error));
		child.send('behind');
	});
	const port = await listening(server);
	say(await text(net.connect(port, '127.0.0.1')));
	say(await text(net.connect(port, '127.0.0.1')));
	await until(['behind', 'nothing']);

	const gone = new net.Socket();
	gone.destroy();
	await closed(gone);
	child.send('closed', gone);
	await until(['closed', true]);
	server.close();

	// Before http has read anything.
	const front = http.createServer();
	front.removeAllListeners('connection');
	front.on('connection', (socket) => child.send('socket', socket, { keepOpen: false }));
	say('http', await text(net.connect(await listening(front), '127.0.0.1')));
	front.close();

	const shared = net.createServer(() => {});
	const sharedPort = await listening(shared);
	child.send('server', shared);
	await until(['server', 'Server']);
	shared.close();
	say(await text(net.connect(sharedPort, '127.0.0.1')));

	say(told);
	const end = once(child, 'exit');
	child.disconnect();
	say('exit', (await end)[0], child.connected);
}
