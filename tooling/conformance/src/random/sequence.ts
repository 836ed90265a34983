/**
 * What the random mode generates: a sequence of calls on a few sockets and servers, in phases. It is data, so that it can be
 * sent to another process, made smaller and printed as the program that it stands for.
 *
 * Objects have names: `s0`, `s1` are servers, `c0`, `c1` clients, `p0`, `p1`, … the servers' ends in the order in which they
 * were accepted. A call on an object that is not there (any more, or yet) is left out.
 */

/** When a step runs: in the phase's own turn, deferred from there, or once in a listener of its target. */
export type Moment = 'now' | 'tick' | 'microtask' | `on ${string}`;

export interface Step {
	readonly moment: Moment;
	readonly target: string;
	/** A method's name, or one of `operations` in `execute.ts`. */
	readonly method: string;
	/** Texts of values, see `values.ts`. */
	readonly values: readonly string[];
}

/** What happens between two barriers: nobody else does anything until everything that follows from it has happened. */
export type Phase = readonly Step[];

export interface Sequence {
	/** Where it came from, for people: `<seed>/<index>`. */
	readonly name: string;
	readonly phases: readonly Phase[];
}

/** The program as text: one line a step, `// settle` where everything that is under way comes to its end. */
export function print(sequence: Sequence): string {
	return sequence.phases
		.filter((phase) => phase.length > 0)
		.map((phase) => phase.map(printStep).join('\n'))
		.join('\n// settle\n');
}

function printStep(step: Step): string {
	const call = printCall(step);
	switch (step.moment) {
		case 'now':
			return call;
		case 'tick':
			return `process.nextTick(() => ${call})`;
		case 'microtask':
			return `queueMicrotask(() => ${call})`;
		default:
			return `${step.target}.once('${step.moment.slice(3)}', () => ${call})`;
	}
}

/** A step's call as it is recorded: `c0.write('abc', callback)`. */
export function printCall({ target, method, values }: Step): string {
	const list = values.join(', ');
	if (method.startsWith('=')) return `${target}.${method.slice(1)} = ${list}`;
	if (method.startsWith('new ')) return `${target} = ${method}(${list})`;
	if (method === 'throw') return `throw new Error('thrown for ${target}')`;
	return `${target}.${method}(${list})`;
}
