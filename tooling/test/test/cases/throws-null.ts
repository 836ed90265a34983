import { suite } from 'uvu';
const test = suite('Null');
test('throws null', () => {
	throw null;
});
test('comes behind', () => {});
test.run();
