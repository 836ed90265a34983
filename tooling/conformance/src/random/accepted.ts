/**
 * What is not compared, with the reason: what node:net itself does wrong, and differences of ours that are accepted. What a
 * program could not rely on in any net is not generated in the first place, see `generate.ts`.
 */
import type { Driver } from '../target.ts';
import type { Trace } from '../trace.ts';

/** Of which driver of ours; default: both. */
interface Row {
	readonly reason: string;
	readonly drivers?: readonly Driver[];
}

/** Lines that are compared as what they are, but not where they stand; or, with `otherwise`, not as what they are either. */
interface LineRow extends Row {
	readonly line: RegExp;
	readonly otherwise?: true;
}

/** A lane of node:net's after which nothing in the sequence is compared any more. */
interface LaneRow extends Row {
	readonly lane: RegExp;
	/** What ours has to have in that lane. */
	readonly ours?: RegExp;
}

/** Defects of node:net by lines that show them: a sequence that has one is not compared. */
const defects: readonly (Row & { line: RegExp })[] = [
	{
		line: /reset EINVAL/,
		reason: 'a reset while the half-close is under way is refused by libuv; the socket is never closed then, and leaks',
	},
	{
		line: /_handle\.\w+ is not a function/,
		reason:
			'a socket that was to be reset once it connects, and then connects to a path, calls what a pipe does not have',
	},
	{
		line: /connect ENOENT [\d.:]+[ <]/,
		reason: 'a connected Unix socket that is told to connect to a port takes the address for a path',
	},
];

const lines: readonly LineRow[] = [
	{
		line: /^ {2}callback of .*\.(write|end)\(/,
		drivers: ['portable'],
		reason: "the host's write answers in a tick of its own",
	},
	{
		line: /^'listening'|callback of .*\.(listen|getConnections)\(/,
		drivers: ['portable'],
		reason: 'the host tells in the next round of the loop that it listens',
	},
	{
		line: /^\w\d\.address\(\) -> /,
		otherwise: true,
		drivers: ['portable'],
		reason: 'the host has an address when it tells that it listens or is connected, and no sooner',
	},
	{
		line: /^[cp]\d\.[gs]etTypeOfService\(/,
		otherwise: true,
		drivers: ['portable'],
		reason: 'while the host connects, and when its peer has closed, it has no descriptor to ask',
	},
	{
		line: /^ {2}local(Address|Family|Port)/,
		otherwise: true,
		drivers: ['portable'],
		reason: 'the host forgets its own end of a connection with the descriptor',
	},
];

const lanes: readonly LaneRow[] = [
	{
		lane: /Error: write (EPIPE|ECONNRESET)/,
		reason: 'a write leaves at the end of the turn: that its peer is gone is not known when write() or end() returns',
	},
	{
		lane: /\.write\(.*\) -> false\n.*\.(destroy|destroySoon|resetAndDestroy)\(/,
		ours: /\.write\(.*\) -> true\n.*\.(destroy|destroySoon|resetAndDestroy)\(/,
		reason: 'the same, where the socket is destroyed before the error is told',
	},
	{
		lane: /Error: connect (ENOENT|ECONNREFUSED)/,
		ours: /Error: connect EISCONN/,
		reason:
			'a connected Unix socket that is told to connect is refused for that, whatever is wrong with the path as well',
	},
	{
		lane: /Error: listen E/,
		drivers: ['portable'],
		reason:
			'the host tells in the next round of the loop that it cannot listen; until then the server counts as listening',
	},
	{
		lane: /Error: read ECONNRESET/,
		ours: /^'end'/m,
		reason:
			'with bytes that nobody asked for: a half-close that left before destroy() arrives before the RST; and the ' +
			'host of the portable driver reads ahead, and sends none',
	},
	{
		lane: /^'finish'/m,
		ours: /Error: read ECONNRESET/,
		drivers: ['portable'],
		reason: 'the host reads the RST of a peer before its half-close is answered',
	},
	{
		lane: /Error: connect EPIPE/,
		reason: 'of a connected socket that was reset the kernel first tells the error that it still has',
	},
];

export function isDefective(trace: Trace): boolean {
	const all = Object.values(trace).flat();
	return defects.some(({ line }) => all.some((each) => line.test(each)));
}

/** The lanes of these that no row accepts. */
export function notAccepted(expected: Trace, got: Trace, differing: readonly string[], driver: Driver): string[] {
	const here = ({ drivers }: Row): boolean => drivers?.includes(driver) !== false;
	for (const { lane, ours } of lanes.filter(here)) {
		const accepts = (name: string): boolean => {
			return lane.test(text(expected[name])) && (ours === undefined || ours.test(text(got[name])));
		};
		if (differing.some(accepts)) return [];
	}
	const rows = lines.filter(here);
	const uncaught = expected['process'] !== undefined;
	return differing.filter((name) => {
		const [before, after] = [expected[name] ?? [], got[name] ?? []];
		if (canonical(before, rows) === canonical(after, rows)) return false;
		return !uncaught || inAnyOrder(before) !== inAnyOrder(after);
	});
}

/** The lines that no row takes out, in order, and then those that it does. */
function canonical(list: readonly string[], rows: readonly LineRow[]): string {
	const rowOf = (line: string): LineRow | undefined => rows.find((row) => row.line.test(line));
	const inPlace = list.filter((line) => rowOf(line) === undefined);
	const moved = list.filter((line) => rowOf(line)?.otherwise === undefined && rowOf(line) !== undefined);
	return text([...inPlace, '', ...moved.sort()]);
}

/**
 * An exception that nobody catches in a tick leaves the ticks behind it, and what they tell, to whatever Node calls next: a
 * closed handle, a readable one.
 */
function inAnyOrder(list: readonly string[]): string {
	return text(list.map((line) => line.replace(/ \[[\w, ]+\]$/, '')).sort());
}

function text(list: readonly string[] = []): string {
	return list.join('\n');
}
