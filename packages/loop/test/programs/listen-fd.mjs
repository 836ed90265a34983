// Listens on descriptor 3, greets one connection and ends.
import { Listener, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const listener = new Listener(driver, {
	listen(_listener, errno) {
		console.log('late', errno);
	},
	accept(_listener, handle) {
		handle.events = { ...noEvents, shutdown: () => handle.close() };
		handle.write(`hello from ${listener.local.port}`);
		handle.shutdown();
		listener.close();
	},
	error() {},
	close() {},
});
console.log('listen', driver.listenFd(listener, 3, 511));
