/** The command line. */
import { parseArgs } from 'node:util';
import { drivers, hosts, majors, referenceMajor } from './target.ts';
import type { Driver } from './target.ts';

export interface Arguments {
	readonly majors: readonly string[];
	readonly drivers: readonly Driver[];
	readonly filter: string;
	/** On hosts all scenarios, not only the smoke part. */
	readonly all: boolean;
	readonly record: boolean;
	readonly repeat: number;
	readonly report: string | undefined;
	readonly list: boolean;
	readonly help: boolean;
	readonly trace: boolean;
	readonly versions: boolean;
}

export const usage: string = `Runs the scenarios on @net/node and compares what they record with node:net.

    node tooling/conformance/run.mjs [options]
    node tooling/conformance/run.mjs random [options]   random sequences of calls; random --help says more

  --node 20,26               which Nodes and hosts (default: ${[...majors, ...hosts].join(',')})
  --driver native,portable   which drivers of @net/node; host is node:net itself, compared with what it did before
                             (default: native,portable)
  --filter text              only scenarios whose name contains it
  --all                      on ${hosts.join(' and ')} all scenarios, not only those of src/smoke.ts
  --record                   writes what differs on ${hosts.join(' and ')} into hosts/, instead of comparing with it
  --repeat n                 each n times, for those that come and go (default: 1)
  --report file              writes the differences to a file, too
  --versions                 compares node:net of each Node with that of Node ${referenceMajor}, whatever --driver says
  --trace                    prints what each chosen scenario records on the first Node and driver, and compares nothing
  --list                     prints the names of the scenarios
  --help                     prints this

Exit code 1 when a scenario differs, 2 when the arguments are wrong.`;

/** @throws Error with a text for the user. */
export function parseArguments(argv: readonly string[]): Arguments {
	const { values } = parseArgs({
		args: [...argv],
		options: {
			node: { type: 'string', default: [...majors, ...hosts].join(',') },
			driver: { type: 'string', default: 'native,portable' },
			filter: { type: 'string', default: '' },
			all: { type: 'boolean', default: false },
			record: { type: 'boolean', default: false },
			repeat: { type: 'string', default: '1' },
			report: { type: 'string' },
			trace: { type: 'boolean', default: false },
			versions: { type: 'boolean', default: false },
			list: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	return {
		majors: pick(values.node, [...majors, ...hosts], 'node'),
		drivers: values.versions ? ['host'] : pick(values.driver, drivers, 'driver'),
		filter: values.filter,
		all: values.all,
		record: values.record,
		repeat: wholeNumber(values.repeat, 'repeat', 1),
		report: values.report,
		trace: values.trace,
		versions: values.versions,
		list: values.list,
		help: values.help,
	};
}

/** @throws Error with a text for the user. */
export function pick<T extends string>(text: string, known: readonly T[], option: string): T[] {
	return text.split(',').map((part) => {
		const found = known.find((candidate) => candidate === part.trim());
		if (found === undefined) throw new Error(`--${option} ${part}: there are ${known.join(', ')}`);
		return found;
	});
}

/** @throws Error with a text for the user. */
export function wholeNumber(text: string, option: string, least = 0): number {
	const number = Number(text);
	if (!/^\d+$/.test(text) || number < least) throw new Error(`--${option} ${text}: a whole number from ${least} on`);
	return number;
}

/** Tells in one line why nothing is run. @param reason - an error of the above, of `parseArgs`, or a text. */
export function refuse(reason: unknown): { code: 2 } {
	const text = reason instanceof Error ? reason.message : String(reason);
	// parseArgs goes on about how to escape the option.
	const [sentence = ''] = text.split(/\. |\n/);
	console.error(`conformance: ${sentence.replace(/\.$/, '')}; --help says more`);
	return { code: 2 };
}
