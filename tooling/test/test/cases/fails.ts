import { suite } from 'uvu';
import * as assert from 'uvu/assert';
const test = suite('Bad');
test('is right', () => assert.is(1, 1));
test('is wrong', () => assert.is(1, 2));
test.run();
