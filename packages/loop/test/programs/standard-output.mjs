// Takes standard output over, says a word by it and closes; then opens what gets the lowest number that is free, and prints.
import { spawnSync } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';
import { Handle, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const handle = new Handle(driver, {
	...noEvents,
	written: () => handle.close(),
	close() {
		openSync('/dev/null', 'w');
		writeSync(1, 'printed\n');
		spawnSync(process.execPath, ['-e', 'console.log("inherited")'], { stdio: 'inherit' });
	},
});
if (driver.adopt(handle, 1) === 0) handle.write('written\n');
