/** What the examples do not understand. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startExample } from '../support/peer.ts';

const test = suite('Options of the examples');

const wrong: [name: string, parameters: string[], says: string][] = [
	['chat', ['--nonsense'], "Unknown option '--nonsense'; --help says how it is called\n"],
	['http', ['--port', '65536'], "--port is a number from 0 to 65535, not '65536'; --help says how it is called\n"],
	['half-open', ['--port'], "Option '--port <value>' argument missing; --help says how it is called\n"],
	['workers', ['--threads', 'x'], "--threads is a number from 0 to 256, not 'x'; --help says how it is called\n"],
	['daemon', ['--mode', '9'], "--mode is three octal digits, not '9'; --help says how it is called\n"],
	['echo', ['x'], "a port is a number from 0 to 65535, not 'x'\n"],
];

for (const [name, parameters, says] of wrong) {
	test(`${name} tells in one line what is wrong`, async () => {
		await using program = startExample(name, parameters);
		assert.is(await program.ended, 2);
		assert.is(program.output(), says);
	});
}

test('--help says how one is called', async () => {
	await using program = startExample('workers', ['--help']);
	assert.is(await program.ended, 0);
	assert.is(program.output(), 'node examples/workers.mjs [--port 8124] [--threads 4]\n');
});

test.run();
