/**
 * What is not compared, with the reason: what node:net itself does wrong, and differences of ours that are accepted. What a
 * program could not rely on in any net is not generated in the first place, see `generate.ts`.
 */
import type { Driver } from '../target.ts';
import type { Trace } from '../trace.ts';

/** A lane of node:net's, and the same one of ours. */
interface Lanes {
	readonly expected: readonly string[];
	readonly got: readonly string[];
}

interface Accepted {
	readonly reason: string;
	/** Default: all. */
	readonly drivers?: readonly Driver[];
	/** Whether these two lanes are alike for all that one may ask. */
	readonly alike: (lanes: Lanes) => boolean;
}

/** Lines of node:net's that show a defect of it: a sequence that has one is not compared. */
const defects: readonly { line: RegExp; reason: string }[] = [
	{
		line: /reset EINVAL/,
		reason: 'a reset while the half-close is under way is refused by libuv; the socket is never closed then, and leaks',
	},
];

const accepted: readonly Accepted[] = [
	{
		reason: 'a write leaves at the end of the turn: that its peer is gone is not known when write() or end() returns',
		alike: ({ expected, got }) =>
			has(expected, /Error: write (EPIPE|ECONNRESET)/) && has(got, /Error: (write EPIPE|(write|read) ECONNRESET)/),
	},
];

export function isDefective(trace: Trace): boolean {
	const lines = Object.values(trace).flat();
	return defects.some(({ line }) => has(lines, line));
}

/** Whether a row accepts that these lanes differ. Its own exceptions follow from them. */
export function isAccepted(lanes: Lanes, driver: Driver): boolean {
	return accepted.some((row) => row.drivers?.includes(driver) !== false && row.alike(lanes));
}

function has(lines: readonly string[], pattern: RegExp): boolean {
	return lines.some((line) => pattern.test(line));
}
