// Listens with no descriptor left, by every form; argument: the module to try. Prints what each server tells.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDescriptors } from '@tooling/test/descriptors';

const { createServer } = await import(process.argv[2]);
// The host's modules are loaded, and what they hold open for good is open.
for (const target of [{ port: 0 }, { port: 0, host: '127.0.0.1' }]) {
	await new Promise((resolve) =>
		createServer()
			.listen(target, resolve)
			.on('listening', function () {
				this.close();
			}),
	);
}
const path = join(tmpdir(), `net-no-descriptors-${process.pid}.sock`);
const giveBack = takeDescriptors();
const told = [];
for (const target of [{ port: 0 }, { port: 1 }, { port: 0, host: '127.0.0.1' }, { port: 0, host: '::1' }, { path }]) {
	const error = await new Promise((resolve) => {
		try {
			createServer()
				.on('error', resolve)
				.on('listening', () => resolve({ message: 'listening' }))
				.listen(target);
		} catch (thrown) {
			resolve({ message: `thrown: ${thrown}` });
		}
	});
	told.push(`${error.code} ${error.syscall} ${error.address} ${error.port}: ${error.message}`);
}
giveBack();
console.log(told.join('\n').replaceAll(path, 'PATH'));
