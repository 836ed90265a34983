/** The command: chooses scenarios and targets, runs them two at a time, reports. */
import { writeFileSync } from 'node:fs';
import { parseArguments, refuse, usage } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { acceptedDifferences } from './differences.ts';
import { random } from './random/command.ts';
import { references, referenceNode } from './references.ts';
import { describeFailures, table } from './report.ts';
import { run } from './runner.ts';
import { load, subjects } from './scenario.ts';
import { smokeScenarios } from './smoke.ts';
import type { Scenario } from './scenario.ts';
import { findNode, hosts, isHost, lack, targetOf } from './target.ts';
import type { NodeBinary, Target } from './target.ts';
import { judge } from './verdict.ts';
import type { Job, Verdict } from './verdict.ts';

const processes = 2;

/** Why a choice may come to nothing, though each of its parts is there. */
const nothing = `nothing to run: ${hosts.join(' and ')} have no native driver, and without --all only some scenarios`;

/** What a run came to. `counts` where something was compared, `what` says of what. */
export interface Outcome {
	readonly code: number;
	readonly what?: 'scenarios' | 'random sequences';
	readonly counts?: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

export async function main(argv: readonly string[]): Promise<Outcome> {
	if (argv[0] === 'random') return random(argv.slice(1));
	let options: Arguments;
	try {
		options = parseArguments(argv);
	} catch (error) {
		return refuse(error);
	}
	if (options.help) return say(usage);
	const scenarios = await loadAll();
	const chosen = choose(scenarios, options.filter);
	if (chosen.size === 0) return refuse(`no scenario's name contains '${options.filter}'`);
	if (options.list) return say([...chosen.values()].flatMap((set) => [...set].map(({ name }) => name)).join('\n'));
	const { jobs, skipped } = plan(scenarios, chosen, options);
	if (jobs.length + skipped === 0) return refuse(nothing);
	if (options.trace) return printTraces(jobs);
	await prepareReferences(jobs);
	const verdicts = await work(jobs.flatMap((job) => Array.from({ length: options.repeat }, () => job)));
	return summarise(verdicts, skipped * options.repeat, options);
}

async function loadAll(): Promise<Map<string, Scenario[]>> {
	const scenarios = new Map<string, Scenario[]>();
	for (const subject of subjects()) scenarios.set(subject, await load(subject));
	return scenarios;
}

function choose(scenarios: ReadonlyMap<string, Scenario[]>, filter: string): Map<string, Set<Scenario>> {
	const chosen = new Map<string, Set<Scenario>>();
	for (const [subject, list] of scenarios) {
		const matching = list.filter(({ name }) => name.includes(filter));
		if (matching.length > 0) chosen.set(subject, new Set(matching));
	}
	return chosen;
}

/** The jobs; what this machine cannot run is told, counted and not among them. */
function plan(
	scenarios: ReadonlyMap<string, Scenario[]>,
	chosen: ReadonlyMap<string, Set<Scenario>>,
	options: Arguments,
): { jobs: Job[]; skipped: number } {
	const jobs: Job[] = [];
	let skipped = 0;
	for (const major of options.majors) {
		for (const driver of options.drivers) {
			// The native driver is Node's alone.
			if (isHost(major) && driver === 'native') continue;
			const here = isHost(major) && !options.all ? onlySmoke(chosen) : chosen;
			const node = findNode(major);
			const lacking = lack(major, driver);
			if (lacking !== undefined || node === undefined) {
				say(`${major} ${driver}: skipped: ${lacking}`);
				skipped += sum([...here.values()].map((set) => set.size));
				continue;
			}
			const target = targetOf(node, driver);
			for (const [subject, set] of here) {
				const list = scenarios.get(subject) ?? [];
				jobs.push({
					subject,
					scenarios: list,
					chosen: set,
					target,
					driver,
					versions: options.versions,
					record: options.record,
				});
			}
		}
	}
	return { jobs, skipped };
}

function onlySmoke(chosen: ReadonlyMap<string, Set<Scenario>>): Map<string, Set<Scenario>> {
	const kept = new Map<string, Set<Scenario>>();
	for (const [subject, set] of chosen) {
		const smoke = new Set([...set].filter(({ name }) => smokeScenarios.has(name)));
		if (smoke.size > 0) kept.set(subject, smoke);
	}
	return kept;
}

async function printTraces(jobs: readonly Job[]): Promise<Outcome> {
	const first = jobs[0]?.target;
	for (const job of jobs.filter(({ target }) => target === first)) {
		for (const [scenario, trace] of await run(job.subject, job.scenarios, job.chosen, job.target)) {
			say(`${scenario.name} (${job.target.name})`);
			for (const [lane, lines] of Object.entries(trace))
				say([`  ${lane}`, ...lines.map((line) => `    ${line}`)].join('\n'));
		}
	}
	return { code: 0 };
}

/** Each reference once, before two jobs want the same one at the same time. */
async function prepareReferences(jobs: readonly Job[]): Promise<void> {
	const wanted = new Map<string, { job: Job; node: NodeBinary; chosen: Set<Scenario> }>();
	for (const job of jobs) {
		for (const scenario of job.chosen) {
			const node = job.driver === 'host' && !job.versions ? job.target.node : referenceNode(scenario, job.target.node);
			const key = `${node.major} ${job.subject}`;
			const entry = wanted.get(key) ?? { job, node, chosen: new Set() };
			entry.chosen.add(scenario);
			wanted.set(key, entry);
		}
	}
	await inParallel([...wanted.values()], async ({ job, node, chosen }) => {
		await references(job.subject, job.scenarios, chosen, node);
	});
}

async function work(jobs: readonly Job[]): Promise<Verdict[]> {
	const verdicts: Verdict[] = [];
	await inParallel(jobs, async (job) => {
		const judged = await judge(job, acceptedDifferences);
		verdicts.push(...judged);
		const failed = judged.filter(({ result }) => result === 'failed').length;
		const outcome = failed === 0 ? 'ok' : `${failed} of ${judged.length} differ`;
		say(`${job.target.name.padEnd(20)}  ${job.subject.padEnd(24)}  ${outcome}`);
	});
	return verdicts;
}

async function inParallel<T>(items: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
	const queue = [...items];
	const take = async (): Promise<void> => {
		for (let item = queue.shift(); item !== undefined; item = queue.shift()) await each(item);
	};
	await Promise.all(Array.from({ length: processes }, take));
}

function summarise(verdicts: readonly Verdict[], skipped: number, options: Arguments): Outcome {
	const failures = describeFailures(verdicts);
	const order = (target: Target): string => target.name;
	const sorted = [...verdicts].sort((a, b) => order(a.target).localeCompare(order(b.target)));
	const failed = verdicts.filter(({ result }) => result === 'failed').length;
	const overview = table(sorted);
	if (options.report !== undefined) writeFileSync(options.report, reportOf(overview, failures));
	say('');
	for (const failure of failures) say(`${failure}\n`);
	say(overview);
	// A difference that a row accepts exactly is a scenario that passed.
	const counts = { passed: verdicts.length - failed, failed, skipped };
	say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
	return { code: failed === 0 ? 0 : 1, what: 'scenarios', counts };
}

function reportOf(overview: string, failures: readonly string[]): string {
	const blocks = failures.map((failure) => `\`\`\`diff\n${failure}\n\`\`\``);
	return `# Conformance: what differs from node:net\n\n\`\`\`\n${overview}\n\`\`\`\n\n${blocks.join('\n\n')}\n`;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

function say(text: string): Outcome {
	console.log(text);
	return { code: 0 };
}
