/** A test for each program of a group, on each Node; the programs run a few at once meanwhile. */
import { skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { programs } from '../catalogue.mjs';
import type { Program } from '../catalogue.mjs';
import { majors, modes } from '../harness/modes.mjs';
import { start, stopServers } from '../harness/suite.mjs';

/** Where programs run without register as well, to be compared; the Nodes between say nothing new of themselves. */
const compared = ['20', '26'];

/** Tests all programs of a group. */
export function testGroup(group: Program['group']): void {
	const test = suite(`Programs (${group})`);
	const chosen = programs.filter((program) => program.group === group);
	const others = majors.filter((major) => !compared.includes(major));
	const outcomes = [
		...start(chosen, { majors: compared, modes }),
		...start(chosen, { majors: others, modes: ['ours'] }),
	];
	test.after(stopServers);
	for (const { title, verdict } of outcomes) {
		test(title, async () => {
			const result = await verdict;
			if (result.skipped !== undefined) skip(result.skipped);
			assert.equal(result.problems, [], `${result.run.stdout}${result.run.stderr}`);
		});
	}
	test.run();
}
