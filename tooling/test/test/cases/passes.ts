import { suite } from 'uvu';
import * as assert from 'uvu/assert';
const test = suite('Good');
test('adds', () => assert.is(1 + 1, 2));
test('waits', async () => assert.is(await Promise.resolve(2), 2));
test.run();
