// net-test: limit 300 s
/** All scenarios: that there are enough, that each can fail, and that no line of a trace goes unseen. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { references } from '../dist/src/references.js';
import { run } from '../dist/src/runner.js';
import { load, subjects } from '../dist/src/scenario.js';
import type { Scenario } from '../dist/src/scenario.js';
import { findNode, referenceMajor, targetOf } from '../dist/src/target.js';
import type { NodeBinary, Target } from '../dist/src/target.js';
import { compare } from '../dist/src/trace.js';
import type { Trace } from '../dist/src/trace.js';

const test = suite('scenarios');
const found = findNode(referenceMajor);
if (found === undefined) throw new Error(`Node ${referenceMajor} is missing: install tooling/nodes`);
const node: NodeBinary = found;
const all = new Map<string, Scenario[]>();
const expected = new Map<Scenario, Trace>();

test.before(async () => {
	for (const subject of subjects()) {
		const list = await load(subject);
		all.set(subject, list);
		for (const [scenario, trace] of await references(subject, list, new Set(list), node)) expected.set(scenario, trace);
	}
});

test('there are at least 600', () => {
	assert.ok(expected.size >= 600, String(expected.size));
});

test('no file is longer than 300 lines', () => {
	for (const subject of all.keys()) {
		const lines = readFileSync(new URL(`../scenarios/${subject}.ts`, import.meta.url), 'utf8').split('\n').length;
		assert.ok(lines <= 301, `${subject}: ${lines}`);
	}
});

test('each records something, and none runs into a time limit on node:net', () => {
	for (const [scenario, trace] of expected) {
		const { process: end, ...lanes } = trace;
		assert.ok(Object.values(lanes).flat().length > 0, `${scenario.name} records nothing`);
		const text = JSON.stringify(trace);
		assert.not.match(text, /not over in time|the scenario failed|shared process ended/, scenario.name);
		assert.ok(end === undefined || scenario.options.process === 'own', scenario.name);
	}
});

test('one that follows the host differs between Nodes, or it need not', async () => {
	const oldest = findNode('20');
	if (oldest === undefined) return;
	for (const [subject, list] of all) {
		const following = new Set(list.filter(({ options }) => options.follows === 'host'));
		if (following.size === 0) continue;
		for (const [scenario, trace] of await references(subject, list, following, oldest)) {
			assert.ok(compare(trace, expected.get(scenario) ?? {}).length > 0, scenario.name);
		}
	}
});

test('each fails on a net whose every function throws', async () => {
	const module = new URL('../dist/test/dead-net.js', import.meta.url).href;
	const dead: Target = { ...targetOf(node, 'host'), name: 'dead', module };
	for (const [subject, list] of all) {
		const traces = await run(subject, list, new Set(list), dead);
		for (const scenario of list) {
			const differences = compare(expected.get(scenario) ?? {}, traces.get(scenario) ?? {});
			assert.ok(differences.length > 0, `${scenario.name} does not need a net`);
		}
	}
});

test('a line that is missing, changed, doubled or out of its order is reported, in every trace', () => {
	for (const [scenario, trace] of expected) {
		assert.equal(compare(trace, trace), []);
		for (const [lane, lines] of Object.entries(trace)) {
			for (const [i, line] of lines.entries()) {
				const mutations = [
					lines.toSpliced(i, 1),
					lines.toSpliced(i, 1, `${line}!`),
					lines.toSpliced(i, 0, line),
					...(i > 0 && lines[i - 1] !== line ? [lines.toSpliced(i - 1, 2, line, lines[i - 1] ?? '')] : []),
				];
				for (const mutated of mutations) {
					const differences = compare(trace, { ...trace, [lane]: mutated });
					assert.is(differences.length, 1, `${scenario.name}: ${line}`);
					assert.is(differences[0]?.lane, lane);
				}
			}
			const { [lane]: removed, ...others } = trace;
			assert.is(compare(trace, others).length, removed === undefined || removed.length === 0 ? 0 : 1);
		}
	}
});

test.run();
