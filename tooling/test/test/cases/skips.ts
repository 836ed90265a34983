import { skip } from '@tooling/test';
import { suite } from 'uvu';
const test = suite('Skip');
test('runs', () => {});
test('cannot run', () => skip('no such thing here'));
test.skip('is put aside', () => {});
test.run();
