/** How programs of this repository read what they were called with: what is wrong ends them with one line and code 2. */
import { parseArgs } from 'node:util';

/**
 * As `parseArgs`.
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {string} program - its name in that line.
 * @param {Config} config
 * @returns {ReturnType<typeof parseArgs<Config>>}
 */
export function readArguments(program, config) {
	try {
		return parseArgs(config);
	} catch (error) {
		return refuse(program, sentenceOf(error));
	}
}

/**
 * The parts of a list, `20,26`, each of which has to be known.
 * @template {string} Name
 * @param {string} program
 * @param {string} option - without dashes.
 * @param {string} text
 * @param {readonly Name[]} known
 * @returns {Name[]} in the order of `known`.
 */
export function readList(program, option, text, known) {
	const wanted = text.split(',').map((part) => part.trim());
	const stranger = wanted.find((part) => !known.some((name) => name === part));
	if (stranger !== undefined) return refuse(program, `--${option} ${stranger}: there are ${known.join(', ')}`);
	return known.filter((name) => wanted.includes(name));
}

/**
 * Ends the process.
 * @param {string} program
 * @param {string} message - what is wrong, in one line without a dot.
 * @returns {never}
 */
export function refuse(program, message) {
	console.error(`${program}: ${message}; --help says more`);
	process.exit(2);
}

/** What is wrong, of an error of `parseArgs`, which goes on about how to escape the option. @param {unknown} error */
export function sentenceOf(error) {
	const [sentence = ''] = error instanceof Error ? error.message.split(/\. |\n/) : [];
	return sentence.replace(/\.$/, '');
}
