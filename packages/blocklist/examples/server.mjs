import { createServer, get } from 'node:http';
import { BlockList } from '@net/blocklist';

const list = new BlockList();
list.add('127.0.0.0/8', { label: 'loopback' });
list.add('127.0.0.1', { exception: true });

const server = createServer((request, response) => response.end('welcome'));
// Before a byte is read, as the option `blockList` of servers does it.
server.on('connection', (socket) => {
	const { remoteAddress = '', remoteFamily } = socket;
	if (!list.check(remoteAddress, remoteFamily)) return;
	console.log('refused by', list.match(remoteAddress, remoteFamily)[0]?.label);
	socket.destroy();
});

server.listen(0, '127.0.0.1', () => {
	const { port } = server.address();
	const ask = (done) =>
		get({ port, host: '127.0.0.1', agent: false }, (response) => response.on('data', (text) => done(String(text)))).on(
			'error',
			(error) => done(error.code),
		);
	ask((answer) => {
		console.log(answer);
		list.remove('127.0.0.1', { exception: true });
		ask((answer) => {
			console.log(answer);
			server.close();
		});
	});
});
