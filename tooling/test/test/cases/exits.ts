import { suite } from 'uvu';
const test = suite('Exit');
test('leaves early with a good code', () => process.exit(0));
test('comes behind', () => {});
test.run();
