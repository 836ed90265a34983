/** The release workflow names only what there is, so that it does not fail halfway on the day of a release. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { targets } from '../platforms.mjs';
import { thisTree } from './packed.ts';

interface Step {
	name?: string;
	uses?: string;
	run?: string;
	if?: string;
	with?: Record<string, unknown>;
	'working-directory'?: string;
}

interface Job {
	needs?: string | string[];
	permissions?: Record<string, string>;
	'runs-on': string;
	strategy?: { matrix: Record<string, (string | number)[]> };
	steps: Step[];
}

interface Workflow {
	on: Record<string, { paths?: string[] } | null>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const read = (file: string): string => readFileSync(join(thisTree, file), 'utf8');
// The shape of a workflow as GitHub documents it; what is missing fails below.
const workflow = parse(read('.github/workflows/release.yml')) as Workflow;
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([, { steps: all }]) => all);
const commands = steps.flatMap(({ run = '' }) => run.split('\n')).filter((line) => line.trim() !== '');

const test = suite('The release workflow');

test('runs only scripts and files that exist', () => {
	// JSON of npm's own format
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	const { bin } = JSON.parse(read('tooling/release/package.json')) as { bin: Record<string, string> };
	const named = { scripts: 0, files: 0, programs: 0 };
	for (const line of commands) {
		for (const [, script = ''] of line.matchAll(/\bnpm run ([\w:-]+)/g)) {
			assert.ok(scripts[script], `there is no script '${script}': ${line}`);
			named.scripts++;
		}
		for (const [file] of line.matchAll(/\b(?:tooling|packages)\/[\w./-]+/g)) {
			assert.ok(existsSync(join(thisTree, file)), `there is no ${file}: ${line}`);
			named.files++;
		}
		for (const [, program = ''] of line.matchAll(/\bnpx --no-install ([\w-]+)/g)) {
			assert.ok(bin[program], `there is no program '${program}': ${line}`);
			named.programs++;
		}
	}
	assert.ok(named.scripts >= 1 && named.files >= 5 && named.programs >= 1, JSON.stringify(named));
	for (const { 'working-directory': folder = '' } of steps) {
		const inside = folder.replace(/^\$\{\{ matrix\.folder \}\}\/?/, '');
		assert.ok(existsSync(join(thisTree, inside)), `there is no folder ${folder}`);
	}
});

test('starts when versions were raised, and publishes only then', () => {
	assert.equal(workflow.on['push']?.paths, ['packages/**/CHANGELOG.md']);
	const publishing = steps.filter(({ run = '' }) => /publish\.mjs(?!.*--dry-run)/.test(run));
	assert.is(publishing.length, 1);
	assert.is(publishing[0]?.if, "github.event_name == 'push'");
	assert.match(publishing[0]?.run ?? '', /--provenance/);
});

test('waits for what it needs, and gives the right to sign to publishing alone', () => {
	for (const [name, { needs = [] }] of jobs) {
		for (const needed of [needs].flat()) assert.ok(workflow.jobs[needed], `${name} waits for ${needed}`);
	}
	assert.equal([workflow.jobs['publish']?.needs].flat().sort(), ['same-bytes', 'test']);
	assert.equal(workflow.permissions, { contents: 'read' });
	for (const [name, { permissions }] of jobs)
		assert.is(permissions?.['id-token'], name === 'publish' ? 'write' : undefined);
});

test('builds with the Rust that the sources ask for, for every platform that has a package', () => {
	const version = /rust-version = "([\d.]+)"/.exec(read('packages/loop/native/Cargo.toml'))?.[1];
	assert.ok(commands.some((line) => line.includes(`rustup toolchain install ${version}.0 `)));
	const added = commands.filter((line) => line.includes('rustup target add')).join(' ');
	for (const target of targets.values()) assert.ok(added.includes(target.replace(/\.\d.*$/, '')), target);
});

test('tries every platform on every Node that the packages run on', () => {
	const { matrix } = workflow.jobs['test']?.strategy ?? { matrix: {} };
	assert.equal(matrix, { runner: ['ubuntu-24.04', 'ubuntu-24.04-arm'], node: [20, 22, 24, 26] });
	const runs = (workflow.jobs['test']?.steps ?? [])
		.map(({ run = '' }) => run)
		.filter((run) => run.includes('smoke.mjs'));
	assert.is(runs.length, 2);
	assert.is(runs.filter((run) => run.includes('-alpine')).length, 1);
	for (const run of runs) assert.match(run, /smoke\.mjs tarballs native portable/);
});

test('hands on the packages that it built', () => {
	const used = (name: string) => steps.filter(({ uses }) => uses?.startsWith(`actions/${name}@`));
	assert.is(used('upload-artifact')[0]?.with?.['name'], 'tarballs-${{ strategy.job-index }}');
	for (const { with: given } of used('download-artifact')) {
		if (given !== undefined) assert.equal(given, { name: 'tarballs-0', path: 'tarballs' });
	}
	assert.is(workflow.jobs['build']?.strategy?.matrix['folder']?.length, 2);
});

test.run();
