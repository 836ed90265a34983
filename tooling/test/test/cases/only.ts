import { suite } from 'uvu';
const test = suite('Only');
test('is left out', () => {
	throw new Error('left out');
});
test.only('is alone', () => {});
test.run();
