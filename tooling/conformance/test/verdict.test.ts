/** Accepted differences: a row hides what it names and nothing else, and must still be needed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AcceptedDifference } from '../dist/src/differences.js';
import { acceptedDifferences } from '../dist/src/differences.js';
import { describeFailures, table } from '../dist/src/report.js';
import { load, subjects } from '../dist/src/scenario.js';
import type { Scenario } from '../dist/src/scenario.js';
import { targetOf } from '../dist/src/target.js';
import { judgeTrace } from '../dist/src/verdict.js';

const test = suite('verdict');
const scenario: Scenario = { name: 'a/b', subject: 'a', options: {}, body() {} };
const target = targetOf({ major: '20', path: process.execPath }, 'native');
const row: AcceptedDifference = { scenario: 'a/b', reason: 'because', lanes: { main: ['ours'] } };
const reference = { main: ['theirs'], other: ['same'] };

test('the same trace passes', () => {
	assert.is(judgeTrace(scenario, target, reference, reference, undefined).result, 'passed');
});

test('another trace fails', () => {
	const verdict = judgeTrace(scenario, target, reference, { ...reference, main: ['ours'] }, undefined);
	assert.is(verdict.result, 'failed');
	assert.equal(verdict.differences, [{ lane: 'main', lines: ['- theirs', '+ ours'] }]);
});

test('a row accepts what it names', () => {
	assert.is(judgeTrace(scenario, target, reference, { ...reference, main: ['ours'] }, row).result, 'accepted');
});

test('a row accepts nothing else', () => {
	const other = judgeTrace(scenario, target, reference, { main: ['ours'], other: ['not the same'] }, row);
	assert.is(other.result, 'failed');
	assert.equal(other.differences, [{ lane: 'other', lines: ['- same', '+ not the same'] }]);
	assert.is(judgeTrace(scenario, target, reference, { ...reference, main: ['else'] }, row).result, 'failed');
});

test('a row that is not needed any more fails', () => {
	const verdict = judgeTrace(scenario, target, reference, reference, row);
	assert.is(verdict.result, 'failed');
	assert.match(verdict.note, 'not needed any more');
});

test('every row names a scenario and gives a reason', async () => {
	const names = new Set<string>();
	for (const subject of subjects()) for (const { name } of await load(subject)) names.add(name);
	for (const each of acceptedDifferences) {
		assert.ok(names.has(each.scenario), each.scenario);
		assert.ok(each.reason.length > 10, each.scenario);
	}
});

test('alike failures are told once, with all their targets', () => {
	const other = targetOf({ major: '26', path: process.execPath }, 'portable');
	const got = { ...reference, main: ['ours'] };
	const verdicts = [target, other].map((each) => judgeTrace(scenario, each, reference, got, undefined));
	const told = describeFailures(verdicts);
	assert.is(told.length, 1);
	assert.match(told[0] ?? '', 'node 20 native, node 26 portable');
	assert.match(table(verdicts), /node 20 native +0 +0 +1\n/);
});

test.run();
