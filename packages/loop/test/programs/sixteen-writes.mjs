// Writes sixteen times in one turn and ends when all has arrived. Traced by driver-order.test.ts.
import { Handle, Listener, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
let received = '';
const listener = new Listener(driver, {
	listen() {},
	accept(_listener, handle) {
		handle.events = {
			...noEvents,
			data(peer, chunk) {
				received += chunk;
				if (received.length < 16 * 8) return;
				peer.close();
				client.close();
				listener.close();
			},
		};
	},
	error() {},
	close() {},
});
driver.listenTcp(listener, undefined, 0, 511, 0);
const client = new Handle(driver, {
	...noEvents,
	connect() {
		setTimeout(() => {
			for (let i = 0; i < 16; i++) client.write(`part-${String(i).padStart(2, '0')} `);
		}, 1);
	},
});
driver.connectTcp(client, '127.0.0.1', listener.local.port);
