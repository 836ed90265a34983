import { suite } from 'uvu';
const test = suite('Hook');
test.after(() => {
	throw new Error('from a hook');
});
test('passes', () => {});
test('passes too', () => {});
test.run();
