/**
 * Compares sequences on a target with node:net of Node 26. Where an older Node's own node:net does not do the same, its streams
 * are other ones, and ours on them is neither the one nor the other: such a sequence is not compared.
 */
import { targetOf } from '../target.ts';
import type { Driver, NodeBinary, Target } from '../target.ts';
import { compare } from '../trace.ts';
import type { Difference, Trace } from '../trace.ts';
import { isDefective, notAccepted } from './allowance.ts';
import { run } from './runner.ts';
import type { Sequence } from './sequence.ts';
import { shrink } from './shrink.ts';

/** A difference, made small. */
export interface Found {
	readonly sequence: Sequence;
	readonly differences: readonly Difference[];
	/** How many sequences of the run differ in the same way. */
	readonly alike: number;
}

export interface Result {
	readonly shown: readonly Found[];
	readonly differing: number;
	/** Sequences that differed and do not count: not when they were run again, or not comparable on this Node. */
	readonly dropped: number;
}

/** What Node 26's node:net did, by its sequences: the same for all targets of a command. */
const known = new WeakMap<readonly Sequence[], Promise<Trace[]>>();

export async function compareTargets(
	sequences: readonly Sequence[],
	reference: NodeBinary,
	node: NodeBinary,
	target: Target,
	show: number,
	progress: (count: number) => void,
): Promise<Result> {
	let count = 0;
	const expecting = known.get(sequences) ?? run(sequences, targetOf(reference, 'host'));
	known.set(sequences, expecting);
	const running = run(sequences, target, () => progress(++count));
	const [expected, got] = await Promise.all([expecting, running]);
	const suspects = sequences.filter((_, index) => differencesOf(target, expected[index], got[index]).length > 0);
	const judge = new Judge(reference, node, target);
	let confirmed: { sequence: Sequence; differences: Difference[] }[] = suspects.map((sequence) => ({
		sequence,
		differences: [],
	}));
	for (let time = 0; time < 2 && confirmed.length > 0; time++) {
		const found = await judge.differences(confirmed.map(({ sequence }) => sequence));
		confirmed = confirmed
			.map(({ sequence }, index) => ({ sequence, differences: found[index] ?? [] }))
			.filter((each) => each.differences.length > 0);
	}
	const groups = groupBy(confirmed, (each) => signature(each.differences));
	const shown = new Map<string, Found>();
	for (const [first, ...others] of groups.slice(0, show)) {
		if (first === undefined) continue;
		const kind = signature(first.differences);
		// Of the same kind: a smaller sequence with another difference would show that one twice.
		const differ = async (list: readonly Sequence[]): Promise<boolean[]> =>
			(await judge.differences(list)).map((each) => signature(each) === kind);
		const sequence = await shrink(first.sequence, differ);
		const [shrunk = []] = await judge.differences([sequence]);
		const key = signature(shrunk);
		const alike = (shown.get(key)?.alike ?? 0) + others.length + 1;
		shown.set(key, { sequence, differences: shrunk, alike });
	}
	return {
		shown: [...shown.values()],
		differing: confirmed.length,
		dropped: suspects.length - confirmed.length,
	};
}

class Judge {
	readonly #references: readonly Target[];
	readonly #target: Target;

	constructor(reference: NodeBinary, node: NodeBinary, target: Target) {
		const nodes = node.major === reference.major ? [reference] : [reference, node];
		this.#references = nodes.map((each) => targetOf(each, 'host'));
		this.#target = target;
	}

	/** Per sequence: how it differs from Node 26; nothing where the same Node's node:net differs from that itself. */
	async differences(sequences: readonly Sequence[]): Promise<Difference[][]> {
		const [got, first = [], second] = await Promise.all([
			run(sequences, this.#target),
			...this.#references.map((reference) => run(sequences, reference)),
		]);
		return sequences.map((_, index) => {
			const ours = got[index] ?? {};
			if (second !== undefined && !alike(first[index], second[index])) return [];
			return differencesOf(this.#target, first[index], ours);
		});
	}
}

function alike(one: Trace = {}, other: Trace = {}): boolean {
	return compare(one, other).length === 0;
}

function differencesOf(target: Target, expected: Trace = {}, got: Trace = {}): Difference[] {
	if (isDefective(expected)) return [];
	const found = compare(expected, got);
	const lanes = found.map(({ lane }) => lane);
	const remaining = notAccepted(expected, got, lanes, driverOf(target));
	return found.filter(({ lane }) => remaining.includes(lane));
}

function driverOf(target: Target): Driver {
	return target.environment['NET_LOOP_DRIVER'] === 'portable' ? 'portable' : 'native';
}

/** What differs, without what is only so in this sequence. */
function signature(differences: readonly Difference[]): string {
	const [first = ''] = differences.flatMap(({ lines }) => lines.filter((line) => !line.startsWith(' ')));
	return first
		.replace(/'[^']{20,}'|\(.*\)|(?<=_)\d+/g, '…')
		.replace(/\d+|\b[scp]\d\b/g, '#')
		.slice(0, 60);
}

function groupBy<T>(list: readonly T[], key: (item: T) => string): T[][] {
	const groups = new Map<string, T[]>();
	for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
	return [...groups.values()].sort((a, b) => b.length - a.length);
}
