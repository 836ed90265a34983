import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import net from 'node:net';
import { isNormalized, isPath, normalizeArguments } from '@net/address';
import { connectArguments, listenArguments } from './support/cases.ts';

const test = suite('endpoint');

test('arguments are normalized as node:net normalizes them', () => {
	const theirs: unknown = Reflect.get(net, '_normalizeArgs');
	if (typeof theirs !== 'function') throw new TypeError('this Node has no net._normalizeArgs');
	for (let seed = 0; seed < 2000; seed++) {
		for (const args of [connectArguments(seed), listenArguments(seed)]) {
			const expected: unknown[] = Reflect.apply(theirs, undefined, [args]);
			assert.equal([...normalizeArguments(args)], [...expected], `seed ${seed}`);
		}
	}
	assert.ok(isNormalized(Reflect.apply(theirs, undefined, [[1]])));
});

test('only what was normalized counts as such', () => {
	assert.ok(isNormalized(normalizeArguments([1])));
	for (const value of [undefined, null, {}, [], [{}, null], 'x']) assert.not(isNormalized(value));
});

test('a path is a text that is no port', () => {
	for (const text of ['/path', 'x', '-1', '1.2.3.4', '80x', '\\\\.\\pipe\\x']) assert.ok(isPath(text), text);
	for (const text of ['80', '0x50', ' ', '', '1e9', '1.5']) assert.not(isPath(text), text);
	for (const value of [80, null, undefined, {}]) assert.not(isPath(value));
});

test.run();
