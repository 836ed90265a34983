// net-test: limit 180 s
/** The random mode: that a seed is all it takes, that defects are found, and that what is found becomes small. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as calls from '../dist/src/random/calls.js';
import { compareTargets } from '../dist/src/random/compare.js';
import type { Result } from '../dist/src/random/compare.js';
import { generate } from '../dist/src/random/generate.js';
import { run } from '../dist/src/random/runner.js';
import { print } from '../dist/src/random/sequence.js';
import type { Sequence } from '../dist/src/random/sequence.js';
import { shrink } from '../dist/src/random/shrink.js';
import { values } from '../dist/src/random/values.js';
import { findNode, targetOf } from '../dist/src/target.js';
import type { NodeBinary, Target } from '../dist/src/target.js';
import { compare } from '../dist/src/trace.js';
import type { Trace } from '../dist/src/trace.js';

const test = suite('the random mode');
const found = findNode(process.versions.node.split('.')[0] ?? '');
if (found === undefined) throw new Error('this Node is not known');
const node: NodeBinary = found;
const sequences: Sequence[] = Array.from({ length: 600 }, (_, index) => generate(1, index));

/** Defects of `broken-net.ts` that sequences of calls in one process can see. */
const defects = [
	'ready before connect',
	'close without its argument',
	'close twice',
	'no end event',
	'wrong error code',
	'wrong error text',
	'missing error field',
	'write callback not called',
	'write callback inside write',
	'the first byte is wrong',
	'half-open is ignored',
	'setNoDelay returns nothing',
	'timeouts are not checked',
	'a wrong counter',
	'exceptions of listeners are swallowed',
];

function broken(defect: string): Target {
	const module = new URL('../dist/test/broken-net.js', import.meta.url);
	module.searchParams.set('defect', defect);
	return { ...targetOf(node, 'host'), name: defect, module: module.href };
}

function compareBroken(defect: string, list: readonly Sequence[]): Promise<Result> {
	return compareTargets(list, node, node, broken(defect), 1, () => {});
}

/** Few at a time: most defects show soon. */
async function finds(defect: string): Promise<boolean> {
	for (let at = 0; at < sequences.length; at += 60) {
		const some = sequences.slice(at, at + 60);
		const [expected, got] = await Promise.all([expectedOf(at, some), run(some, broken(defect))]);
		if (expected.some((trace, index) => compare(trace, got[index] ?? {}).length > 0)) return true;
	}
	return false;
}

const kept = new Map<number, Promise<Trace[]>>();

function expectedOf(at: number, some: readonly Sequence[]): Promise<Trace[]> {
	const known = kept.get(at) ?? run(some, targetOf(node, 'host'));
	kept.set(at, known);
	return known;
}

test('a seed gives the same sequences each time, and each other ones', () => {
	const texts = sequences.map(print);
	assert.equal(
		Array.from({ length: 600 }, (_, index) => print(generate(1, index))),
		texts,
	);
	assert.is(new Set(texts).size, texts.length);
	assert.is.not(print(generate(2, 0)), texts[0]);
});

test('each argument of a call has a value', () => {
	JSON.stringify(calls, (key, value: unknown) => {
		if ((key !== 'good' && key !== 'bad') || !Array.isArray(value)) return value;
		for (const text of value.flat()) assert.type(values[String(text)], 'function', String(text));
		return value;
	});
});

test('sequences call every method, with every argument', () => {
	const seen = new Set<string>();
	for (let index = 0; index < 10_000; index++) {
		for (const step of generate(1, index).phases.flat()) seen.add(`${step.method} ${step.values.join(', ')}`);
	}
	for (const { method, good, bad = [] } of [...calls.socketCalls, ...calls.serverCalls]) {
		for (const list of [...good, ...bad])
			assert.ok(seen.has(`${method} ${list.join(', ')}`), `${method} ${list.join(', ')}`);
	}
});

for (const defect of defects) {
	test(`found: ${defect}`, async () => {
		assert.ok(await finds(defect));
	});
}

test('a process that dies is the sequence’s fault that ran, and the rest goes on', async () => {
	const [first, second] = sequences.filter((each) => print(each).includes('c0.resetAndDestroy()'));
	const harmless = sequences.find((each) => !print(each).includes('resetAndDestroy'));
	assert.ok(first !== undefined && second !== undefined && harmless !== undefined);
	const { shown, differing } = await compareBroken('it aborts', [first, harmless, second]);
	assert.is(differing, 2);
	assert.match(JSON.stringify(shown), 'the process ended: signal SIGABRT');
});

test('without a defect nothing is found', async () => {
	const result = await compareBroken('none', sequences.slice(0, 120));
	assert.is(result.differing, 0, JSON.stringify(result.shown));
});

test('what is found becomes small, and still shows the defect', async () => {
	const { shown } = await compareBroken('setNoDelay returns nothing', sequences.slice(0, 60));
	const [first] = shown;
	assert.ok(first !== undefined);
	assert.ok(first.sequence.phases.flat().length <= 3, print(first.sequence));
	assert.match(print(first.sequence), 'setNoDelay');
	assert.match(JSON.stringify(first.differences), 'undefined');
});

test('a sequence becomes as small as what it takes to differ', async () => {
	const long = sequences.find((sequence) => print(sequence).includes('.cork()'));
	assert.ok(long !== undefined);
	const small = await shrink(long, async (list) => list.map((each) => print(each).includes('.cork()')));
	assert.is(small.phases.flat().length, 1, print(small));
});

test('the command tells its seed, what differs, and how many', () => {
	const program = fileURLToPath(new URL('../run.mjs', import.meta.url));
	const module = new URL('../dist/test/broken-net.js?defect=setNoDelay%20returns%20nothing', import.meta.url).href;
	const env = { ...process.env };
	// Its counts are no result of this test run.
	delete env['NET_TEST_COUNTS'];
	const options = ['--seed', '7', '--sequences', '60', '--node', '26', '--net', module, '--show', '1'];
	const { status, stdout } = spawnSync(process.execPath, [program, 'random', ...options], { encoding: 'utf8', env });
	assert.is(status, 1, stdout);
	assert.match(stdout, 'seed 7: 60 sequences');
	assert.match(stdout, 'setNoDelay');
	assert.match(stdout, /\n\d+ passed, [1-9]\d* failed, 0 skipped\n$/);
});

test('wrong arguments of the command are told and end with 2', () => {
	const program = fileURLToPath(new URL('../run.mjs', import.meta.url));
	for (const options of [['--seed', 'x'], ['--node', '21'], ['--nonsense']]) {
		assert.is(spawnSync(process.execPath, [program, 'random', ...options]).status, 2, options.join(' '));
	}
});

test.run();
