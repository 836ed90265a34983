import { suite } from 'uvu';
const test = suite('Load');
test('never gets here', () => {});
test.run();
throw new Error('while loading');
