// Takes over descriptor 3 and echoes what comes, in capitals; says how it went.
import { Handle, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const handle = new Handle(driver, {
	...noEvents,
	data(_handle, chunk) {
		handle.write(chunk.toString().toUpperCase());
	},
	end() {
		handle.shutdown();
	},
	shutdown() {
		handle.close();
	},
	close() {
		console.log('closed', handle.bytesRead);
	},
});
console.log('adopt', driver.adopt(handle, 3), 'reading', handle.reading);
// Reading has to be asked for: until then nothing is taken.
setImmediate(() => handle.resume());
