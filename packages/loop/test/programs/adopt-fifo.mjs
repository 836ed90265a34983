// Opens the FIFO of argv[2] for reading and writing, sends itself a word and ends.
import { constants, openSync } from 'node:fs';
import { Handle, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const handle = new Handle(driver, {
	...noEvents,
	data(_handle, chunk) {
		console.log('data', String(chunk));
		handle.close();
	},
	close() {
		console.log('closed');
	},
});
console.log('adopt', driver.adopt(handle, openSync(process.argv[2], constants.O_RDWR | constants.O_NONBLOCK)));
handle.resume();
handle.write('round trip');
