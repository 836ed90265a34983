import { suite } from 'uvu';
const test = suite('Hook');
test.after.each(() => {
	throw new Error('from a hook');
});
test('passes', () => {});
test('passes too', () => {});
test.run();
