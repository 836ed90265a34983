/** Compares one subject on one target with the references. */
import type { AcceptedDifference } from './differences.ts';
import { recordsOf, writeRecords } from './host-records.ts';
import type { HostRecords } from './host-records.ts';
import { hostReason, isUnsteady } from './hosts.ts';
import { references, referenceNode } from './references.ts';
import { run } from './runner.ts';
import type { Scenario } from './scenario.ts';
import { isHost, targetOf } from './target.ts';
import type { Driver, Target } from './target.ts';
import { compare } from './trace.ts';
import type { Difference, Trace } from './trace.ts';

export interface Verdict {
	readonly scenario: Scenario;
	readonly target: Target;
	/** `accepted`: differs exactly as a row of differences.ts says. */
	readonly result: 'passed' | 'accepted' | 'failed';
	readonly differences: readonly Difference[];
	/** What else is known about a failure. */
	readonly note: string;
}

/** A `Driver` where the target is one of the kit's own, otherwise (a `net` under test) the target itself. */
export interface Job {
	readonly subject: string;
	readonly scenarios: readonly Scenario[];
	readonly chosen: ReadonlySet<Scenario>;
	readonly target: Target;
	readonly driver: Driver;
	/** Compare `host` with the reference of ours, and not with itself. */
	readonly versions: boolean;
	/** Write down how hosts differ. */
	readonly record: boolean;
}

/** Runs the job and judges each of its scenarios. */
export async function judge(job: Job, rows: readonly AcceptedDifference[]): Promise<Verdict[]> {
	const traces = await run(job.subject, job.scenarios, job.chosen, job.target);
	const expected = await expectedTraces(job);
	const verdicts: Verdict[] = [];
	const onHost = job.driver === 'portable' && isHost(job.target.node.major);
	if (job.record && onHost) record(job, traces, expected);
	for (const scenario of job.chosen) {
		const reference = expected.get(scenario) ?? {};
		const row = rows.find((candidate) => applies(candidate, scenario, job));
		const got = traces.get(scenario) ?? {};
		const verdict = onHost
			? judgeOnHost(scenario, job.target, reference, got, row)
			: judgeTrace(scenario, job.target, reference, got, row);
		verdicts.push(verdict.result === 'failed' && row === undefined ? await explain(verdict, job, reference) : verdict);
	}
	return verdicts;
}

export function judgeTrace(
	scenario: Scenario,
	target: Target,
	reference: Trace,
	got: Trace,
	row: AcceptedDifference | undefined,
): Verdict {
	const differences = compare(reference, got);
	if (row === undefined) {
		return { scenario, target, result: differences.length === 0 ? 'passed' : 'failed', differences, note: '' };
	}
	if (differences.length === 0) {
		const note = `the row for it is not needed any more (${row.reason})`;
		return { scenario, target, result: 'failed', differences, note };
	}
	const remaining = compare({ ...reference, ...row.lanes }, got);
	if (remaining.length === 0) return { scenario, target, result: 'accepted', differences: [], note: row.reason };
	const note = `compared with what is accepted (${row.reason})`;
	return { scenario, target, result: 'failed', differences: remaining, note };
}

/** On a host that is not Node hosts.ts has the word; rows for Node's hold there as well, but need not. */
export function judgeOnHost(
	scenario: Scenario,
	target: Target,
	reference: Trace,
	got: Trace,
	row: AcceptedDifference | undefined,
	records: HostRecords = recordsOf(target.node.major),
): Verdict {
	const host = target.node.major;
	const differences = compare(reference, got);
	const reason = hostReason(scenario, host);
	if (isUnsteady(scenario, host)) {
		const result = differences.length === 0 ? 'passed' : 'accepted';
		return { scenario, target, result, differences: [], note: reason ?? '' };
	}
	const lanes = records[scenario.name];
	if (lanes === undefined) {
		if (differences.length === 0) return { scenario, target, result: 'passed', differences, note: '' };
		return judgeTrace(scenario, target, reference, got, row);
	}
	const judged = judgeTrace(scenario, target, reference, got, {
		scenario: scenario.name,
		reason: reason ?? `hosts/${host}.json, without a row of hosts.ts`,
		lanes,
	});
	return reason === undefined ? { ...judged, result: 'failed', note: `hosts.ts has no row for it` } : judged;
}

function record(
	{ chosen, target }: Job,
	traces: ReadonlyMap<Scenario, Trace>,
	expected: ReadonlyMap<Scenario, Trace>,
): void {
	const host = target.node.major;
	const records: Record<string, Trace> = {};
	for (const scenario of chosen) {
		const got = traces.get(scenario) ?? {};
		const unknown = isUnsteady(scenario, host) || hostReason(scenario, host) === undefined;
		const differences = unknown ? [] : compare(expected.get(scenario) ?? {}, got);
		records[scenario.name] = Object.fromEntries(differences.map(({ lane }) => [lane, got[lane] ?? []]));
	}
	writeRecords(host, records);
}

/** The host is compared with itself: what it did must be what it does. */
async function expectedTraces(job: Job): Promise<Map<Scenario, Trace>> {
	const { subject, scenarios, chosen, target, driver } = job;
	if (driver === 'host' && !job.versions) return references(subject, scenarios, chosen, target.node);
	const following = new Set([...chosen].filter((scenario) => scenario.options.follows === 'host'));
	const others = new Set([...chosen].filter((scenario) => scenario.options.follows !== 'host'));
	const expected = await references(subject, scenarios, following, target.node);
	const first = others.values().next().value;
	if (first === undefined) return expected;
	const common = await references(subject, scenarios, others, referenceNode(first, target.node));
	return new Map([...expected, ...common]);
}

/** Runs a failed scenario once more, and its reference too: a scenario that is not stable must not be blamed on `net`. */
async function explain(verdict: Verdict, job: Job, reference: Trace): Promise<Verdict> {
	const { scenario } = verdict;
	const only = new Set([scenario]);
	const node = job.driver === 'host' && !job.versions ? job.target.node : referenceNode(scenario, job.target.node);
	const [again, fresh] = await Promise.all([
		run(job.subject, job.scenarios, only, job.target),
		run(job.subject, job.scenarios, only, targetOf(node, 'host')),
	]);
	const notes: string[] = [];
	if (compare(reference, fresh.get(scenario) ?? {}).length > 0) notes.push('its reference is not stable');
	const second = compare(reference, again.get(scenario) ?? {});
	if (second.length === 0) notes.push('the same when run again alone: it depends on what ran before it, or on chance');
	return { ...verdict, note: notes.join('; ') };
}

function applies(row: AcceptedDifference, scenario: Scenario, job: Job): boolean {
	if (job.driver === 'host' || row.scenario !== scenario.name) return false;
	if (row.drivers !== undefined && !row.drivers.includes(job.driver)) return false;
	return row.majors === undefined || row.majors.includes(job.target.node.major);
}
