import { suite } from 'uvu';
import * as assert from 'node:assert';
const test = suite('Unprintable');
test('compares what JSON cannot hold', () => assert.deepStrictEqual({ a: 1n }, { a: 2n }));
test('comes behind', () => {});
test.run();
