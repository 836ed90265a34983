import { suite } from 'uvu';
import * as assert from 'uvu/assert';
const test = suite('Driver');
test('sees the driver and the Node', () => {
	assert.is(`${process.env['NET_LOOP_DRIVER']} ${process.version.split('.')[0]}`, process.env['EXPECTED']);
});
test.run();
