// Connects to argv[2], says something and leaves at once in the way of argv[3].
import { Handle, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const LAST_WORDS = 'goodbye '.repeat(1000);

const ways = {
	exit(handle) {
		handle.write(LAST_WORDS);
		process.exit(3);
	},
	'exit from a timer'(handle) {
		setTimeout(() => ways.exit(handle), 1);
	},
	'exit with a half-close'(handle) {
		handle.write(LAST_WORDS);
		handle.shutdown();
		process.exit(3);
	},
	'write in the exit hook'(handle) {
		process.on('exit', () => {
			handle.write(LAST_WORDS.slice(0, 4000));
			handle.write(LAST_WORDS.slice(4000));
		});
		process.exit(3);
	},
	'exit without the listeners of exit'(handle) {
		process.removeAllListeners('exit');
		ways.exit(handle);
	},
	'an uncaught exception'(handle) {
		handle.write(LAST_WORDS);
		throw new Error('on purpose');
	},
	'a blocked thread'(handle) {
		handle.write(LAST_WORDS);
		handle.flush();
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
		process.kill(process.pid, 'SIGKILL');
	},
};
const handle = new Handle(driver, { ...noEvents, connect: () => ways[process.argv[3]](handle) });
driver.connectTcp(handle, '127.0.0.1', Number(process.argv[2]));
