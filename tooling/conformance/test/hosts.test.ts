/** The tables for Bun and Deno: they name what there is, once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordsOf } from '../dist/src/host-records.js';
import { hostDifferences, hostReason, isUnsteady } from '../dist/src/hosts.js';
import { load, subjects } from '../dist/src/scenario.js';
import type { Scenario } from '../dist/src/scenario.js';
import { smokeScenarios } from '../dist/src/smoke.js';
import { hosts, targetOf } from '../dist/src/target.js';
import { Names } from '../dist/src/value.js';
import { judgeOnHost } from '../dist/src/verdict.js';

const test = suite('hosts');

async function names(): Promise<Set<string>> {
	const all = new Set<string>();
	for (const subject of subjects()) for (const { name } of await load(subject)) all.add(name);
	return all;
}

test('the scenarios of the smoke part exist', async () => {
	const all = await names();
	for (const name of smokeScenarios) assert.ok(all.has(name), name);
	assert.ok(smokeScenarios.size > 60);
});

test('each row names scenarios and hosts that exist, and no scenario stands twice for a host', async () => {
	const all = await names();
	const seen = new Set<string>();
	for (const row of hostDifferences) {
		for (const host of row.hosts) {
			assert.ok(hosts.includes(host), host);
			for (const subject of row.subjects ?? []) {
				assert.ok(subjects().includes(subject), subject);
				const recorded = Object.keys(recordsOf(host)).some((name) => name.startsWith(`${subject}/`));
				assert.ok(recorded, `${host}: nothing is recorded of ${subject}`);
			}
			for (const name of [...row.scenarios, ...(row.sometimes ?? [])]) {
				assert.ok(all.has(name), name);
				assert.not.ok(seen.has(`${host} ${name}`), `${host}: ${name} has two rows`);
				seen.add(`${host} ${name}`);
				assert.is(hostReason({ name, subject: '' }, host), row.reason);
				assert.is(name in recordsOf(host), row.scenarios.includes(name), `${host}: ${name}`);
			}
		}
	}
});

test('each record is of a scenario that exists, and a row says why', async () => {
	const all = await names();
	for (const host of hosts) {
		for (const name of Object.keys(recordsOf(host))) {
			assert.ok(all.has(name), name);
			assert.ok(
				hostReason({ name, subject: name.slice(0, name.indexOf('/')) }, host) !== undefined,
				`${host}: ${name}`,
			);
			assert.not(isUnsteady({ name }, host), name);
		}
	}
});

test('a record accepts what it says and nothing else', () => {
	const scenario: Scenario = { name: 'zones/x', subject: 'zones', options: {}, body() {} };
	const target = targetOf({ major: 'bun', path: '' }, 'portable');
	const reference = { main: ['theirs'], other: ['same'] };
	const records = { 'zones/x': { main: ["the host's"] } };
	const result = (got: Record<string, string[]>, known = records, of = scenario): string =>
		judgeOnHost(of, target, reference, got, undefined, known).result;
	assert.is(result({ main: ["the host's"], other: ['same'] }), 'accepted');
	assert.is(result({ main: ['else'], other: ['same'] }), 'failed');
	assert.is(result({ main: ["the host's"], other: ['else'] }), 'failed');
	assert.is(result(reference), 'failed', 'it is not needed any more');
	assert.is(judgeOnHost(scenario, target, reference, reference, undefined, {}).result, 'passed');
	assert.is(judgeOnHost(scenario, target, reference, { main: [] }, undefined, {}).result, 'failed', 'not recorded');
	assert.is(
		result({ main: ["the host's"], other: ['same'] }, records, { ...scenario, subject: 'none' }),
		'failed',
		'no reason',
	);
});

test('on Node errors show all that they have', () => {
	const error = Object.assign(new Error('on purpose'), { line: 5, name: 'Error' });
	assert.is(new Names().show(error), "Error: on purpose { line: 5, name: 'Error' }");
});

test.run();
