// Four peers say something in one turn: prints what their events, ticks and jobs did, in order, and what was thrown.
// argv[2] `without` takes away by what the driver runs ticks itself.
import { connect } from 'node:net';
import { once } from 'node:events';

if (process.argv[2] === 'without') delete process._tickCallback;
const { listen } = await import('@net/loop');

const log = [];
process.on('uncaughtException', (error) => log.push(`caught ${error.message}`));
let accepted = 0;
const listener = await listen(
	{ port: 0, host: '127.0.0.1' },
	{
		open: () => void accepted++,
		data: (handle, chunk) => {
			const what = chunk.toString();
			log.push(what);
			process.nextTick(() => log.push(`tick ${what}`));
			void Promise.resolve().then(() => log.push(`job ${what}`));
			if (what === 'listener') throw new Error(what);
			if (what === 'tick') {
				process.nextTick(() => {
					throw new Error(what);
				});
			}
			if (what === 'last') {
				setImmediate(() => setImmediate(() => {
				console.log(JSON.stringify(log));
				process.exit();
			})); // prettier-ignore
			}
		},
	},
);
const peers = [];
for (const _ of [1, 2, 3, 4]) {
	const peer = connect(listener.address().port, '127.0.0.1');
	await once(peer, 'connect');
	peers.push(peer);
}
while (accepted < 4) await new Promise(setImmediate);
for (const [i, what] of ['first', 'listener', 'tick', 'last'].entries()) peers[i].write(what);
