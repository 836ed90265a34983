/** The tables for Bun and Deno: they name what there is, once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostDifference, hostDifferences } from '../dist/src/hosts.js';
import { load, subjects } from '../dist/src/scenario.js';
import { smokeScenarios } from '../dist/src/smoke.js';
import { hosts } from '../dist/src/target.js';
import { Names } from '../dist/src/value.js';

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
				assert.equal(hostDifference({ name: '', subject }, host), { reason: row.reason, may: true });
			}
			for (const name of [...row.scenarios, ...(row.sometimes ?? [])]) {
				assert.ok(all.has(name), name);
				assert.not.ok(seen.has(`${host} ${name}`), `${host}: ${name} has two rows`);
				seen.add(`${host} ${name}`);
				assert.is(hostDifference({ name, subject: '' }, host)?.reason, row.reason);
			}
		}
	}
});

test('on Node errors show all that they have', () => {
	const error = Object.assign(new Error('on purpose'), { line: 5, name: 'Error' });
	assert.is(new Names().show(error), "Error: on purpose { line: 5, name: 'Error' }");
});

test.run();
