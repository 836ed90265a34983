import { createServer } from 'node:net';
import { suite } from 'uvu';
const test = suite('Leak');
test('opens and does not close', () => {
	createServer().listen(0, '127.0.0.1');
});
test.run();
