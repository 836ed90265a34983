/** Makes a sequence that differs smaller, as long as it still differs. */
import type { Phase, Sequence, Step } from './sequence.ts';

/** Tells which of these differ. */
export type Differ = (sequences: readonly Sequence[]) => Promise<boolean[]>;

/** @returns the smallest that was found. */
export async function shrink(sequence: Sequence, differ: Differ): Promise<Sequence> {
	let smallest = sequence;
	for (let round = 0; round < mostRounds; round++) {
		const found = await leaveOut(smallest, differ);
		if (found === undefined) break;
		smallest = found;
	}
	const simpler = await firstThatDiffers(smallest, simplified(smallest), differ);
	return simpler ?? smallest;
}

const mostRounds = 12;

/** Each step by itself first; then all that can go, or half of them, or the first, at once. */
async function leaveOut(sequence: Sequence, differ: Differ): Promise<Sequence | undefined> {
	const steps = sequence.phases.flat();
	const cut = sequence.phases.map((_, end) => without(sequence, new Set(sequence.phases.slice(end + 1).flat())));
	const single = steps.map((step) => without(sequence, new Set([step])));
	const results = await differ([...cut, ...single]);
	const shortest = cut.findIndex((each, index) => results[index] === true && each.phases.flat().length < steps.length);
	const start = cut[shortest];
	if (start !== undefined) return start;
	const dispensable = steps.filter((_, index) => results[cut.length + index] === true);
	if (dispensable.length === 0) return undefined;
	const sets: Step[][] = [];
	for (let size = dispensable.length; size >= 1; size = Math.floor(size / 2)) {
		for (let at = 0; at < dispensable.length; at += size) sets.push(dispensable.slice(at, at + size));
	}
	const candidates = sets.map((set) => without(sequence, new Set(set)));
	return firstThatDiffers(sequence, candidates, differ);
}

async function firstThatDiffers(
	sequence: Sequence,
	candidates: readonly Sequence[],
	differ: Differ,
): Promise<Sequence | undefined> {
	const results = await differ(candidates);
	return candidates.find((candidate, index) => results[index] === true && candidate !== sequence);
}

function without({ name, phases }: Sequence, steps: ReadonlySet<Step>): Sequence {
	const rest = phases.map((phase) => phase.filter((step) => !steps.has(step)));
	return { name, phases: rest.filter((phase) => phase.length > 0) };
}

/** Plainer forms, the plainest first. */
function simplified({ name, phases }: Sequence): Sequence[] {
	const plain = phases.map((phase) => phase.map((step) => ({ ...step, ...plainer(step), ...sooner(step) })));
	const now = phases.map((phase) => phase.map((step) => ({ ...step, ...sooner(step) })));
	const bare = phases.map((phase) => phase.map((step) => ({ ...step, ...plainer(step) })));
	return [plain, bare, now].map((each: Phase[]) => ({ name, phases: each }));
}

function sooner({ method, moment }: Step): Partial<Step> {
	const deferred = moment === 'tick' || moment === 'microtask';
	return deferred && method !== 'throw' ? { moment: 'now' } : {};
}

function plainer({ method, values }: Step): Partial<Step> {
	if (method.startsWith('new net.S')) return { values: [] };
	return values.at(-1) === 'callback' && method !== 'on' ? { values: values.slice(0, -1) } : {};
}
