import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cpuRatio, goalRow, judge } from '../goals.mjs';

const test = suite('goals');

const contender = (name: string, ...cpu: number[]) => ({ name, rounds: cpu.map((value) => ({ cpu: value })) });

test('a ratio is the median of the ratios within the rounds, not the ratio of the medians', () => {
	// The second round was disturbed, for both.
	const figures = { contenders: [contender('streams', 12, 24, 13), contender('c', 10, 20, 10)] };
	assert.is(cpuRatio(figures, 'streams', 'c'), 1.2);
	assert.is(cpuRatio(figures, 'streams', 'bun'), undefined);
	assert.is(cpuRatio({}, 'streams', 'c'), undefined, 'a case that was left out');
});

test('a goal is met at its limit and missed above it; without figures it is not judged', () => {
	const figures = (streams: number) => ({ contenders: [contender('streams', streams), contender('c', 10)] });
	const major = process.versions.node.split('.')[0];
	const [met] = judge('echo', figures(12));
	assert.equal(met, { what: `streams / C, Node ${major}`, value: 1.2, most: 1.2, unit: 'x', met: true });
	assert.is(judge('echo', figures(12.1))[0]?.met, false);
	assert.equal(judge('echo', { contenders: [] }), []);
	assert.equal(judge('file', {}), [], 'a case without goals');
});

test('memory, imports and latency have goals of their own', () => {
	const connections = { contenders: [{ name: 'streams', idle: 1500 }, { name: 'handles', idle: 700 }] }; // prettier-ignore
	assert.equal(
		judge('connections', connections).map(({ value, most, unit, met }) => [value, most, unit, met]),
		[[1.5, 1.6, 'KB', true], [0.7, 0.6, 'KB', false]], // prettier-ignore
	);
	const { node } = process.versions;
	const imports = { imports: [{ module: '@net/node', node, over: { median: 30 } }, { module: '@net/node', node: '0', over: { median: 1 } }] }; // prettier-ignore
	assert.equal(
		judge('import', imports).map(({ value, met }) => [value, met]),
		[[30, false]],
	);
	const load = (streams: number) => ({
		contenders: [
			{ name: 'streams', rounds: [{ p99: streams }, { p99: streams * 3 }] },
			{ name: 'net', rounds: [{ p99: 100 }, { p99: 300 }] },
		],
	});
	assert.equal(
		judge('latency', { loads: [load(500), load(50)] }).map(({ value, met }) => [value, met]),
		[[0.5, true]],
		'the highest load counts',
	);
});

test('a row says what, how much, how much at most, and whether', () => {
	const result = { what: 'it', value: 0.123, most: 0.1, unit: 'x', met: false };
	assert.equal(goalRow(result), ['it', '0.12x', '≤ 0.10x', 'MISSED']);
	assert.equal(goalRow({ ...result, value: 3.21, most: 25, unit: 'ms', met: true }), [
		'it',
		'3.2 ms',
		'≤ 25 ms',
		'met',
	]);
});

test.run();
