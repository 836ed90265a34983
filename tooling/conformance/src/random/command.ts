/** `npm run conformance -- random`: random sequences on node:net and on @net/node, compared. */
import { parseArgs } from 'node:util';
import { pick, refuse, wholeNumber } from '../arguments.ts';
import type { Outcome } from '../cli.ts';
import { around } from '../report.ts';
import { drivers, findNode, lack, majors, referenceMajor, targetOf } from '../target.ts';
import type { Driver, NodeBinary, Target } from '../target.ts';
import { compareTargets } from './compare.ts';
import type { Found } from './compare.ts';
import { generate } from './generate.ts';
import { print } from './sequence.ts';
import type { Sequence } from './sequence.ts';

export const usage: string = `Runs random sequences of calls on @net/node and compares what happens with node:net.

    node tooling/conformance/run.mjs random [options]

  --sequences n              how many (default: 10000)
  --seed n                   which (default: 1); the same seed gives the same sequences
  --only n                   only the one with this index
  --node 20,26               which Nodes (default: ${majors.join(',')})
  --driver native,portable   which drivers of @net/node; host is node:net itself (default: native,portable)
  --net url                  what is compared instead of @net/node, on the Nodes that --node names
  --show n                   so many differences are made small and shown a target (default: 10)
  --help                     prints this

Exit code 1 when a sequence differs, 2 when the arguments are wrong.`;

export async function random(argv: readonly string[]): Promise<Outcome> {
	let options: Options;
	try {
		options = parse(argv);
	} catch (error) {
		return refuse(error);
	}
	if (options.help) {
		console.log(usage);
		return { code: 0 };
	}
	const sequences = options.indices.map((index) => generate(options.seed, index));
	console.log(`seed ${options.seed}: ${sequences.length} sequences`);
	const reference = findNode(referenceMajor);
	let passed = 0;
	let failed = 0;
	let skipped = 0;
	for (const { node, target, lacking } of options.targets) {
		if (lacking !== undefined || reference === undefined || node === undefined || target === undefined) {
			console.log(`skipped: ${lacking}`);
			skipped += sequences.length;
			continue;
		}
		const found = await compareOn(sequences, reference, node, target, options.show);
		failed += found;
		passed += sequences.length - found;
	}
	console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
	return { code: failed === 0 ? 0 : 1, what: 'random sequences', counts: { passed, failed, skipped } };
}

interface Options {
	readonly seed: number;
	readonly indices: readonly number[];
	readonly show: number;
	readonly help: boolean;
	readonly targets: readonly {
		node: NodeBinary | undefined;
		target: Target | undefined;
		lacking: string | undefined;
	}[];
}

/** @throws Error with a text for the user. */
function parse(argv: readonly string[]): Options {
	const { values } = parseArgs({
		args: [...argv],
		options: {
			sequences: { type: 'string', default: '10000' },
			seed: { type: 'string', default: '1' },
			only: { type: 'string' },
			node: { type: 'string', default: majors.join(',') },
			driver: { type: 'string', default: 'native,portable' },
			net: { type: 'string' },
			show: { type: 'string', default: '10' },
			help: { type: 'boolean', default: false },
		},
	});
	const only = values.only === undefined ? undefined : wholeNumber(values.only, 'only');
	const count = wholeNumber(values.sequences, 'sequences', 1);
	const chosen = pick(values.node, majors, 'node').flatMap((major) => {
		const node = findNode(major);
		if (values.net !== undefined && node !== undefined) {
			const target: Target = { ...targetOf(node, 'host'), name: `node ${major} ${values.net}`, module: values.net };
			return [{ node, target, lacking: undefined }];
		}
		return pick(values.driver, drivers, 'driver').map((driver: Driver) => {
			const target = node === undefined ? undefined : targetOf(node, driver);
			return { node, target, lacking: lack(major, driver) };
		});
	});
	return {
		seed: wholeNumber(values.seed, 'seed'),
		indices: only === undefined ? Array.from({ length: count }, (_, index) => index) : [only],
		show: wholeNumber(values.show, 'show'),
		help: values.help,
		targets: chosen,
	};
}

async function compareOn(
	sequences: readonly Sequence[],
	reference: NodeBinary,
	node: NodeBinary,
	target: Target,
	show: number,
): Promise<number> {
	const begun = Date.now();
	let told = 0;
	const result = await compareTargets(sequences, reference, node, target, show, (count) => {
		if (count - told < 1000) return;
		told = count;
		console.log(`${target.name}: ${count} of ${sequences.length}`);
	});
	for (const found of result.shown) console.log(describe(found, target));
	const seconds = ((Date.now() - begun) / 1000).toFixed(0);
	const why =
		node.major === reference.major ? 'that come and go' : `in what node:net of Node ${node.major} does itself`;
	const dropped = result.dropped === 0 ? '' : `, ${result.dropped} ${why}`;
	console.log(`${target.name}: ${sequences.length} sequences, ${result.differing} differ${dropped}, ${seconds} s`);
	return result.differing;
}

function describe({ sequence, differences, alike }: Found, target: Target): string {
	const lines = [`✗ ${sequence.name} on ${target.name}${alike > 1 ? ` (and ${alike - 1} more like it)` : ''}`];
	lines.push(
		...print(sequence)
			.split('\n')
			.map((line) => `    ${line}`),
	);
	for (const difference of differences) {
		lines.push(`  ${difference.lane} (- node:net, + ours)`, ...around(difference.lines).map((line) => `    ${line}`));
	}
	return `${lines.join('\n')}\n`;
}
