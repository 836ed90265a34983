/** Which driver runs: the table and the switch. */
import { skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from './support/program.ts';

const drivers = suite('drivers');

async function whichDriver(forced: string | undefined): Promise<string> {
	const { code, stdout, stderr } = await runProgram('which-driver', [], [], { NET_LOOP_DRIVER: forced });
	assert.is(code, 0, stderr);
	return stdout.trim();
}

drivers('portable can be forced, and there is one loop', async () => {
	assert.is(await whichDriver('portable'), 'portable true');
});

drivers('native can be forced, and says why where it cannot run', async () => {
	const answer = await whichDriver('native');
	if (answer !== 'native true') assert.match(answer, /^NET_LOOP_DRIVER=native: .+/);
});

drivers('unset or empty: native where it can run, else portable', async () => {
	const native = (await whichDriver('native')) === 'native true';
	const expected = native ? 'native true' : 'portable true';
	assert.is(await whichDriver(undefined), expected);
	assert.is(await whichDriver(''), expected);
});

drivers('an unknown name fails and tells the known ones', async () => {
	const answer = await whichDriver('io_uring');
	assert.is(answer, 'NET_LOOP_DRIVER=io_uring: no such driver; there are native, portable');
	for (const name of ['toString', '__proto__', 'constructor']) {
		assert.match(await whichDriver(name), 'no such driver', name);
	}
});

drivers('this run has the driver that it was asked for', async () => {
	const forced = process.env['NET_LOOP_DRIVER'];
	if (!forced) skip('NET_LOOP_DRIVER is not set');
	assert.is(await whichDriver(forced), `${forced} true`);
});

drivers.run();
