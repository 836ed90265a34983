// Tries to listen and to connect under Node's permission model; argv[2] `drop` gives the permission away first.
import { connect, listen } from '@net/loop';

const host = '127.0.0.1';
const options = [{ port: 0 }, { port: 0, host }, { path: '\0net-loop-forbidden' }];
if (process.argv[2] === 'drop') {
	const acceptor = await listen({ port: 0, host }, {});
	await acceptor.close();
	process.permission.drop('net');
}
for (const each of options) await tell('listen', listen(each, {}));
for (const each of [{ port: 9, host }, { port: 9, host, localPort: 1 }, { path: '\0net-loop-forbidden' }]) {
	await tell('connect', connect(each, {}));
}

async function tell(what, attempt) {
	try {
		(await attempt).close();
		console.log(what, 'done');
	} catch (error) {
		console.log(what, error.code);
	}
}
