import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closeSync, openSync } from 'node:fs';
import {
	descriptors,
	memory,
	parseCpuList,
	parseMemory,
	parseSchedstat,
	threadTimes,
	timeBetween,
} from '../procfs.mjs';

const test = suite('procfs');

test('the first field of schedstat is the time on a CPU, and anything else is an error', () => {
	assert.is(parseSchedstat('123456789 42 7\n'), 123_456_789);
	assert.is(parseSchedstat('0 0 0'), 0);
	for (const text of ['', '1 2\n', 'a b c\n', '1 2 3 4\n'])
		assert.throws(() => parseSchedstat(text), /not a schedstat/);
});

test('threads that began are counted whole, threads that ended not at all', () => {
	const before = new Map([['1', 100], ['2', 50]]); // prettier-ignore
	const after = new Map([['1', 130], ['3', 7]]); // prettier-ignore
	assert.is(timeBetween(before, after), 37);
});

test('the CPU time read for this process is the one that Node measures', () => {
	const before = threadTimes(process.pid);
	const usage = process.cpuUsage();
	const end = Date.now() + 200;
	while (Date.now() < end);
	const { user, system } = process.cpuUsage(usage);
	const measured = timeBetween(before, threadTimes(process.pid)) / 1000;
	const expected = user + system;
	assert.ok(expected > 20_000, `${expected} µs`);
	assert.ok(Math.abs(measured - expected) < 0.2 * expected + 10_000, `${measured} µs, Node says ${expected} µs`);
});

test('memory is in bytes, now and at most', () => {
	assert.equal(parseMemory('Name:\tx\nVmHWM:\t    300 kB\nVmRSS:\t    200 kB\n'), { resident: 204_800, peak: 307_200 });
	assert.throws(() => parseMemory('Name:\tx\n'), /VmRSS/);
	const { resident, peak } = memory(process.pid);
	assert.ok(resident > 10e6 && peak >= resident);
});

test('an open file is one descriptor more', () => {
	const before = descriptors(process.pid);
	const fd = openSync('/dev/null', 'r');
	assert.is(descriptors(process.pid), before + 1);
	closeSync(fd);
	assert.is(descriptors(process.pid), before);
});

test('lists of CPUs have single ones and ranges', () => {
	assert.equal(parseCpuList('0\n'), [0]);
	assert.equal(parseCpuList('0-2,5,7-8'), [0, 1, 2, 5, 7, 8]);
	assert.throws(() => parseCpuList('x'), /not a list/);
});

test.run();
