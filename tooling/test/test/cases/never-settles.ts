import { suite } from 'uvu';
const test = suite('Forever');
test('waits for nothing', () => new Promise(() => {}));
test.run();
