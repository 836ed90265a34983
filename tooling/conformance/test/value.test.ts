/** How values are shown in traces. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Names } from '../dist/src/value.js';

const test = suite('Names');

test('plain values', () => {
	const names = new Names();
	const cases: [unknown, string][] = [
		[undefined, 'undefined'],
		[null, 'null'],
		[-0, '-0'],
		[5n, '5n'],
		["it's", "'it\\'s'"],
		['a\nb', "'a\\nb'"],
		[Symbol('x'), 'Symbol(x)'],
		[function named() {}, '[Function named]'],
		[[1, [2]], '[1, [2]]'],
		[{ a: 1, b: { c: true } }, '{ a: 1, b: { c: true } }'],
		[Buffer.from('hi'), "Buffer 'hi'"],
		[Buffer.from([0, 255]), 'Buffer <00ff>'],
		[new Uint8Array(100), 'Uint8Array(100)'],
		[new Map(), '[Map]'],
	];
	for (const [value, shown] of cases) assert.is(names.show(value), shown);
});

test('errors with their text and own fields in their order', () => {
	const error = Object.assign(new RangeError('too far'), { errno: -1, code: 'E' });
	assert.is(new Names().show(error), "RangeError: too far { errno: -1, code: 'E' }");
	const several = new AggregateError([new Error('one')], 'all');
	assert.is(new Names().show(several), 'AggregateError: all { errors: [Error: one {}] }');
});

test('names stand for numbers, texts and objects, also inside texts', () => {
	const names = new Names();
	const object = {};
	names.add(41234, 'port');
	names.add('/tmp/x', 'tmp');
	names.add('/tmp/x/long', 'long');
	names.add(object, 'it');
	assert.is(names.show([41234, 4123, object]), '[<port>, 4123, <it>]');
	assert.is(names.show('connect 127.0.0.1:41234'), "'connect 127.0.0.1:<port>'");
	assert.is(names.show('/tmp/x/long /tmp/x/y'), "'<long> <tmp>/y'");
	assert.is(names.show('412345'), "'412345'");
});

test('an undefined port is shown as such', () => {
	const names = new Names();
	names.add(undefined, 'port');
	assert.is(names.show({ port: undefined }), '{ port: undefined }');
});

test.run();
