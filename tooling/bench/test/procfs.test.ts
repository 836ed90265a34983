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
	timesBetween,
} from '../procfs.mjs';

const test = suite('procfs');

test('schedstat has the time on a CPU and the time waiting for one, and anything else is an error', () => {
	assert.equal(parseSchedstat('123456789 42 7\n'), { running: 123_456_789, waiting: 42 });
	assert.equal(parseSchedstat('0 0 0'), { running: 0, waiting: 0 });
	for (const text of ['', '1 2\n', 'a b c\n', '1 2 3 4\n'])
		assert.throws(() => parseSchedstat(text), /not a schedstat/);
});

test('threads that began are counted whole, threads that ended not at all', () => {
	const times = (running: number, waiting: number) => ({ running, waiting });
	const before = new Map([['1', times(100, 5)], ['2', times(50, 1)]]); // prettier-ignore
	const after = new Map([['1', times(130, 6)], ['3', times(7, 2)]]); // prettier-ignore
	assert.equal(timesBetween(before, after), { running: 37, waiting: 3 });
});

test('the CPU time read for this process is the one that Node measures', () => {
	const before = threadTimes(process.pid);
	const usage = process.cpuUsage();
	let expected = 0;
	while (expected < 200_000) {
		const { user, system } = process.cpuUsage(usage);
		expected = user + system;
	}
	const measured = timesBetween(before, threadTimes(process.pid)).running / 1000;
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
