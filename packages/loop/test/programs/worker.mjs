// A worker thread with a loop of its own: listens, connects to itself, and tells the port; then it waits to be terminated.
import { parentPort, workerData } from 'node:worker_threads';
import { Handle, Listener, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const { connections, ending } = workerData;
const clients = [];
let open = 0;
const listener = new Listener(driver, {
	listen: started,
	accept(_listener, handle) {
		handle.events = { ...noEvents, data: (peer, chunk) => void peer.write(chunk) };
		ready();
	},
	error() {},
	close() {},
});
const errno = driver.listenTcp(listener, '127.0.0.1', 0, 511, 0);
if (errno === 0) started();

function started() {
	for (let i = 0; i < connections; i++) {
		const client = new Handle(driver, {
			...noEvents,
			connect: (handle) => {
				handle.resume();
				ready();
			},
		});
		clients.push(client);
		driver.connectTcp(client, '127.0.0.1', listener.local.port);
	}
}

function ready() {
	if (++open !== 2 * connections) return;
	parentPort.postMessage(listener.local.port);
	if (ending === 'exit') process.exit(0);
	if (ending === 'busy') setInterval(() => clients.forEach((client) => client.write('x'.repeat(10_000))), 0);
	if (ending === 'exception') {
		clients[0].events = {
			...noEvents,
			data() {
				throw new Error('on purpose');
			},
		};
		clients[0].write('x');
	}
}
