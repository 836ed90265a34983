// What must turn a run red, each shown by a program that does it.
import { skip } from '@tooling/test';
import { currentMajor, nodeIsMissing } from '@tooling/test/nodes';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Program } from '../catalogue.mjs';
import type { Mode } from '../harness/modes.mjs';
import { start } from '../harness/suite.mjs';

/** What speaks against a program of `test/faulty`, in both modes. */
async function problemsOf(name: string, more: Partial<Program> = {}): Promise<Record<Mode, string[]>> {
	const program: Program = {
		file: `../test/faulty/${name}.mjs`,
		group: 'web',
		clients: 1,
		servers: 1,
		bytes: 200,
		limitMs: 20_000,
		...more,
	};
	const problems: Record<Mode, string[]> = { plain: [], ours: [] };
	for (const { mode, verdict } of start([program], { majors: [currentMajor], modes: ['plain', 'ours'] })) {
		const result = await verdict;
		if (result.skipped !== undefined) skip(result.skipped);
		problems[mode] = result.problems;
	}
	return problems;
}

const test = suite('Verdict');

test('nothing speaks against a program that does all right', async () => {
	assert.equal(await problemsOf('sound'), { plain: [], ours: [] });
});

test('a program that ends before its work is done', async () => {
	const problem = 'its last line is not "ok: …"';
	assert.equal(await problemsOf('silent'), { plain: [problem], ours: [problem] });
});

test('a program that fails', async () => {
	assert.equal(await problemsOf('fails'), { plain: ['exit code 1'], ours: ['exit code 1'] });
});

test('a program that does not end', async () => {
	const { plain, ours } = await problemsOf('stays', { limitMs: 3000 });
	assert.is(plain[0], 'it did not end within 3 s');
	assert.is(ours[0], 'it did not end within 3 s');
});

test('a program that leaves a file', async () => {
	const problem = 'it left litter.txt in its temporary folder';
	assert.equal(await problemsOf('litters'), { plain: [problem], ours: [problem] });
});

test('a program whose bytes go over sockets that are not ours', async () => {
	const { plain, ours } = await problemsOf('around');
	assert.equal(plain, []);
	assert.match(ours.join('\n'), /^2 sockets are of another class\nNode's own handles were made: .*TCPWRAP/);
	const tolerated = await problemsOf('around', { nodesOwn: 'as if it were TLS' });
	assert.equal(tolerated, { plain: [], ours: [] });
});

test('a program that has fewer sockets, or sends fewer bytes, than its entry promises', async () => {
	const { ours } = await problemsOf('sound', { clients: 2, servers: 3, bytes: 201 });
	assert.equal(ours, [
		'client sockets of ours: 1, but at least 2 are expected',
		'accepted sockets of ours: 1, but at least 3 are expected',
		'bytes that they read: 200, but at least 201 are expected',
	]);
});

test('a program that prints other words, or is warned of other things, over ours', async () => {
	const { plain, ours } = await problemsOf('differs');
	assert.equal(plain, []);
	assert.equal(ours, [
		'it prints:\nok: true\n\nwithout register:\nok: false\n',
		'it is warned:\nWarning: this is not Node\nwithout register:\n(nothing)',
	]);
});

test('a program on a Node that is not installed is skipped', async () => {
	const program: Program = { file: '../test/faulty/sound.mjs', group: 'web', clients: 1, servers: 1, bytes: 1 };
	const [outcome] = start([program], { majors: ['19'], modes: ['plain'] });
	const verdict = await outcome?.verdict;
	assert.is(verdict?.skipped, nodeIsMissing);
});

test.run();
