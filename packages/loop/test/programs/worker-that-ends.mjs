// A worker that serves itself once and ends.
import { Worker, isMainThread } from 'node:worker_threads';
import { once } from 'node:events';
import { connect, listen } from '@net/loop';

if (isMainThread) {
	await once(new Worker(new URL(import.meta.url), { execArgv: [] }), 'exit');
	console.log('ended');
} else {
	const acceptor = await listen(
		{ port: 0, host: '127.0.0.1' },
		{ data: (connection, chunk) => void connection.write(chunk) },
	);
	const connection = await connect(
		{ port: acceptor.port, host: '127.0.0.1' },
		{
			data() {
				connection.close();
				void acceptor.close();
			},
		},
	);
	connection.write('x'.repeat(100_000));
}
