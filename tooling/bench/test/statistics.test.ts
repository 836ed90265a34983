import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mergeHistograms, percentile, quantile, randomFrom, shuffle, spread } from '../statistics.mjs';

const test = suite('statistics');

test('the median of an odd number of values is the one in the middle, of an even number halfway between two', () => {
	assert.is(quantile([5, 1, 3], 0.5), 3);
	assert.is(quantile([4, 1, 3, 2], 0.5), 2.5);
	assert.is(quantile([7], 0.5), 7);
});

test('quartiles are interpolated, and numbers are not sorted as text', () => {
	assert.equal(spread([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]), { median: 5, low: 2.5, high: 7.5 });
	assert.equal(spread([100, 20, 3]), { median: 20, low: 11.5, high: 60 });
});

test('the order of the values given is not touched, and no values are an error', () => {
	const values = [3, 1, 2];
	quantile(values, 0.5);
	assert.equal(values, [3, 1, 2]);
	assert.throws(() => quantile([], 0.5), /no values/);
});

test('a percentile is the bucket in which that share of the values is reached', () => {
	const histogram: [number, number][] = [
		[10, 50],
		[20, 49],
		[30, 1],
	];
	assert.is(percentile(histogram, 0.5), 10);
	assert.is(percentile(histogram, 0.51), 20);
	assert.is(percentile(histogram, 0.99), 20);
	assert.is(percentile(histogram, 0.991), 30);
	assert.is(percentile(histogram, 1), 30);
	assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('merged histograms have the percentiles of all their values together', () => {
	const merged = mergeHistograms([[[5, 2]], [[1, 1], [5, 3]], [[9, 4]]]); // prettier-ignore
	assert.equal(merged, [[1, 1], [5, 5], [9, 4]]); // prettier-ignore
	assert.is(percentile(merged, 0.6), 5);
	assert.is(percentile(merged, 0.61), 9);
});

test('a shuffle keeps every element, is the same for a seed and another for another', () => {
	const list = Array.from({ length: 20 }, (_, i) => i);
	const one = shuffle(list, randomFrom(1));
	assert.equal(
		[...one].sort((a, b) => a - b),
		list,
	);
	assert.equal(shuffle(list, randomFrom(1)), one);
	assert.not.equal(shuffle(list, randomFrom(2)), one);
});

test('a shuffle puts each of four elements first about equally often', () => {
	const random = randomFrom(7);
	const first = [0, 0, 0, 0];
	for (let i = 0; i < 4000; i++) {
		const winner = shuffle([0, 1, 2, 3], random)[0] ?? 0;
		first[winner] = (first[winner] ?? 0) + 1;
	}
	for (const count of first) assert.ok(count > 850 && count < 1150, `${first}`);
});

test.run();
