// Opens files until there are no descriptors left, while somebody else connects; then gives them back.
import { spawn } from 'node:child_process';
import { takeDescriptors } from '@tooling/test/descriptors';
import { listen } from '@net/loop';

if (process.argv[2] === 'connect') {
	// In a process of its own, since its end needs a descriptor, too.
	const { createConnection } = await import('node:net');
	const socket = createConnection(Number(process.argv[3]), '127.0.0.1');
	socket.on('error', () => {});
	socket.on('data', () => socket.destroy());
	socket.on('close', () => process.exit());
} else {
	const acceptor = await listen(
		{ port: 0, host: '127.0.0.1' },
		{
			open(connection) {
				console.log('served');
				connection.end('hello');
			},
		},
	);
	const connectFromOutside = () =>
		new Promise((resolve) =>
			spawn(process.execPath, [process.argv[1], 'connect', String(acceptor.port)], { stdio: 'ignore' }).on(
				'exit',
				resolve,
			),
		);
	const first = connectFromOutside();
	const giveBack = takeDescriptors();
	await first;
	console.log('dropped');
	giveBack();
	await connectFromOutside();
	await acceptor.close();
}
