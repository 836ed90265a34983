/** What random sequences may do otherwise: what a row says, and from where it says, and nothing else. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isDefective, notAccepted } from '../dist/src/random/allowance.js';
import type { Driver } from '../dist/src/target.js';
import type { Trace } from '../dist/src/trace.js';
import { compare } from '../dist/src/trace.js';

const test = suite('allowance');

/** The lanes that differ and that no row accepts. */
function left(expected: Trace, got: Trace, driver: Driver = 'native'): string[] {
	const differing = compare(expected, got).map(({ lane }) => lane);
	return notAccepted(expected, got, differing, driver);
}

const refused = {
	c0: ['c0.pause() -> <c0>', 'settled', "c0.write('abc') -> false", "'error' Error: write EPIPE", "'close' true"],
};

test('a write that fails may be told later, and what follows is as it is then', () => {
	const got = refused.c0.map((line) => line.replace('false', 'true'));
	assert.equal(left(refused, { c0: got }), []);
	assert.equal(left(refused, { c0: [...got, 'settled', '  writableEnded: true'] }), []);
});

test('what stands before that write must be the same', () => {
	const got = refused.c0.map((line) => line.replace('c0.pause() -> <c0>', 'c0.pause() -> undefined'));
	assert.equal(left(refused, { c0: got }), ['c0']);
});

test('what happens in a phase without a write must be the same', () => {
	const later = ['settled', 'c0.resume() -> <c0>', "'resume'", 'settled', '  readyState: closed'];
	const expected = { c0: [...refused.c0, ...later] };
	assert.equal(left(expected, { c0: [...refused.c0, ...later.filter((line) => line !== "'resume'")] }), ['c0']);
});

test('other objects are not touched by it, but for what the server counts', () => {
	const got = { c0: refused.c0.map((line) => line.replace('false', 'true')) };
	const server = { s0: ['settled', '  _connections: 1', 'settled', '  _connections: 0'] };
	assert.equal(left({ ...refused, ...server }, { ...got, s0: ['settled', '  _connections: 1'] }), []);
	assert.equal(left({ ...refused, ...server }, { ...got, s0: [...server.s0, "'close'"] }), ['s0']);
});

test('where only an error may be another one, the rest of the lane may not', () => {
	const expected = { c0: ["'error' Error: connect ENOENT /nowhere", "'close' true"] };
	assert.equal(left(expected, { c0: ["'error' Error: connect EISCONN /nowhere", "'close' true"] }), []);
	assert.equal(left(expected, { c0: ["'error' Error: connect EISCONN /nowhere", "'close' false"] }), ['c0']);
	assert.equal(left(expected, { c0: ["'error' Error: connect EACCES /nowhere", "'close' true"] }), ['c0']);
});

test('a row of one driver holds for that one', () => {
	const expected = { c0: ["  callback of c0.write('abc', callback) (null)", "'finish'"] };
	const got = { c0: [...expected.c0].reverse() };
	assert.equal(left(expected, got, 'portable'), []);
	assert.equal(left(expected, got, 'native'), ['c0']);
	assert.equal(left(expected, { c0: ["'finish'"] }, 'portable'), ['c0'], 'moved, but still there');
});

test('lines come in any order only where nobody caught an exception', () => {
	const expected = { c0: ["'a' [open]", "'b' [open]"] };
	const got = { c0: ["'b' [closed]", "'a' [open]"] };
	const process = { process: ['uncaught Error: mine'] };
	assert.equal(left({ ...expected, ...process }, { ...got, ...process }), []);
	assert.equal(left(expected, got), ['c0']);
	assert.equal(left({ ...expected, ...process }, { c0: ["'b' [open]"], ...process }), ['c0']);
});

test('a defect of node:net is one wherever it shows', () => {
	assert.ok(isDefective({ s0: [], c0: ["'error' Error: reset EINVAL"] }));
	assert.not(isDefective({ c0: ["'error' Error: write EPIPE"] }));
});

test.run();
