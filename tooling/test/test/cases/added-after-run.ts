import { suite } from 'uvu';
const test = suite('Late');
test('passes', () => {});
test.run();
test('comes too late', () => {});
