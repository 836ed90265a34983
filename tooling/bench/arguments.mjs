/** The command line. */
import { parseArgs } from 'node:util';
import { sentenceOf } from '@tooling/test/arguments';
import { contenders } from './contenders.mjs';

/**
 * @typedef {object} Settings
 * @property {string[]} cases
 * @property {string[] | undefined} contenders - undefined: those of the case.
 * @property {number | undefined} rounds - undefined, here and below: what the case takes.
 * @property {number} seconds
 * @property {number | undefined} connections
 * @property {number | undefined} size
 * @property {number | undefined} depth
 * @property {number | undefined} megabytes
 * @property {number | undefined} rate
 * @property {number} seed
 * @property {boolean} unix
 * @property {string | undefined} json
 * @property {string | undefined} charts
 * @property {boolean} publish
 * @property {string | undefined} profile
 */

const options = /** @type {const} */ ({
	rounds: { type: 'string' },
	seconds: { type: 'string' },
	connections: { type: 'string' },
	size: { type: 'string' },
	depth: { type: 'string' },
	megabytes: { type: 'string' },
	rate: { type: 'string' },
	seed: { type: 'string' },
	unix: { type: 'boolean' },
	contenders: { type: 'string' },
	json: { type: 'string' },
	charts: { type: 'string' },
	publish: { type: 'boolean' },
	profile: { type: 'string' },
	help: { type: 'boolean', short: 'h' },
});

/**
 * @param {string[]} words - without the program.
 * @param {readonly string[]} cases - the names that there are.
 * @returns {Settings | 'help'}
 * @throws Error whose message says in one line what is wrong.
 */
export function parseSettings(words, cases) {
	const { values, positionals } = parse(words);
	if (values.help) return 'help';
	for (const name of positionals) expectOneOf('case', name, cases);
	const names = contenders.map((contender) => contender.name);
	const chosen = values.contenders?.split(',').filter((name) => name !== '');
	for (const name of chosen ?? []) expectOneOf('contender', name, names);
	if (chosen?.length === 0) throw new Error('--contenders wants names');
	if (values.profile !== undefined) expectOneOf('contender', values.profile, names);
	/** @type {Settings} */
	const settings = {
		cases: positionals.length === 0 ? [...cases] : [...new Set(positionals)],
		contenders: chosen,
		rounds: wholeNumber('rounds', values.rounds, 1, 1000),
		seconds: number('seconds', values.seconds, 0.05, 600) ?? 1,
		connections: wholeNumber('connections', values.connections, 1, 100_000),
		size: wholeNumber('size', values.size, 1, 2 ** 24),
		depth: wholeNumber('depth', values.depth, 1, 1024),
		megabytes: number('megabytes', values.megabytes, 1, 1_000_000),
		rate: number('rate', values.rate, 1, 10_000_000),
		seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
		unix: values.unix ?? false,
		json: values.json,
		charts: values.charts,
		publish: values.publish ?? false,
		profile: values.profile,
	};
	if (settings.profile !== undefined && settings.cases.length !== 1) throw new Error('--profile wants one case');
	return settings;
}

/** @param {string[]} words */
function parse(words) {
	try {
		return parseArgs({ args: words, options, allowPositionals: true });
	} catch (error) {
		throw new Error(sentenceOf(error), { cause: error });
	}
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {readonly string[]} names
 */
function expectOneOf(kind, name, names) {
	if (!names.includes(name)) throw new Error(`no ${kind} is called ${name}; there are ${names.join(', ')}`);
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} least
 * @param {number} most
 */
function number(name, text, least, most) {
	if (text === undefined) return undefined;
	const value = text.trim() === '' ? NaN : Number(text);
	if (!(value >= least && value <= most)) throw new Error(`--${name} wants a number from ${least} to ${most}`);
	return value;
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} least
 * @param {number} most
 */
function wholeNumber(name, text, least, most) {
	const value = number(name, text, least, most);
	if (value !== undefined && !Number.isInteger(value)) throw new Error(`--${name} wants a whole number`);
	return value;
}

/**
 * @param {readonly { name: string, summary: string }[]} cases
 * @returns {string}
 */
export function helpText(cases) {
	/** @param {readonly { name: string, text: string }[]} list */
	const lines = (list) => list.map(({ name, text }) => `  ${name.padEnd(14)}${text}`).join('\n');
	return `npm run bench -- [CASE…] [OPTION…]     (node tooling/bench/run.mjs …); without a case: all of them

Cases
${lines(cases.map(({ name, summary }) => ({ name, text: summary })))}

Contenders
${lines(contenders.map(({ name, title }) => ({ name, text: title })))}

Options
  --contenders A,B   only these, and those they are compared with
  --rounds N         how often each is measured (9; import 15, connections 3)
  --seconds S        length of a measured window (1)
  --connections N    at once (echo, burst, latency, http 50; accept, connect 20; connections 10000)
  --size B           bytes a message of the echo cases (64)
  --depth N          messages on the way at once, a connection of the echo cases (1)
  --rate R           messages a second of latency (shares of what node:net can do)
  --unix             over a Unix socket instead of 127.0.0.1
  --megabytes N      length of a stream, in 1,000,000 bytes (file 1024, receive, send and forward 512)
  --seed N           of the order of contenders (1)
  --json FILE        all figures, with machine, date and versions; - is stdout
  --charts DIR       a chart of each case, SVG
  --publish          renews tooling/bench/figures (JSON, charts, tables) and the README's part about them
  --profile NAME     instead of measuring: where this contender spends its time under the load of the case
  --help

Exit code 1 when an echo is wrong, a server fails, descriptors or memory do not come back; 2 when the arguments are wrong.`;
}
