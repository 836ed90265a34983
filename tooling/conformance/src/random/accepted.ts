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
	{
		reason: 'a connected Unix socket that is told to connect is refused for that, whatever is wrong with the path as well',
		alike: ({ expected, got }) => same(expected, got, withoutRefusals),
	},
	{
		reason: "the host's write answers in a tick of its own: callbacks come in their order, but later among other jobs",
		drivers: ['portable'],
		alike: ({ expected, got }) =>
			same(expected, got, withoutCallbacks) && same(expected, got, (lines) => lines.filter(isCallback)),
	},
	{
		reason: 'the host tells in the next round of the loop where it listens; until then there is no address',
		drivers: ['portable'],
		alike: ({ expected, got }) => same(expected, got, withoutAddresses),
	},
	{
		reason: 'the host reads ahead: a socket that is closed with bytes that nobody asked for ends its connection, no RST',
		drivers: ['portable'],
		alike: ({ expected, got }) => has(expected, /Error: read ECONNRESET/) && has(got, /^'end'/),
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

function same(
	expected: readonly string[],
	got: readonly string[],
	without: (lines: readonly string[]) => readonly string[],
): boolean {
	return JSON.stringify(without(expected)) === JSON.stringify(without(got));
}

function withoutRefusals(lines: readonly string[]): string[] {
	return lines
		.filter((line) => !line.startsWith("'connectionAttemptFailed'"))
		.map((line) => line.replace(/connect E(ISCONN|NOENT|INVAL|CONNREFUSED).*code: '\w+'/, 'connect'))
		.map((line) => line.replace(/connect E(ISCONN|NOENT|INVAL|CONNREFUSED) \S+ - Local.*?code: '\w+'/, 'connect'));
}

function isCallback(line: string): boolean {
	return /^ {2}callback of .*\.(write|end)\(/.test(line);
}

function withoutCallbacks(lines: readonly string[]): string[] {
	return lines.filter((line) => !isCallback(line));
}

function withoutAddresses(lines: readonly string[]): string[] {
	return lines.map((line) => line.replace(/\.address\(\) -> .*/, '.address()'));
}
