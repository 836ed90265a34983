/** How the scripts of a release read what they were called with. Needs nothing installed, as some of them do. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * As `parseArgs`; `--help` prints the head of the script, and what is wrong ends the process.
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {string} script - its URL.
 * @param {Config} config
 * @returns {ReturnType<typeof parseArgs<Config>>}
 */
export function readArguments(script, config) {
	if (process.argv.includes('--help', 2)) {
		console.log(headOf(script));
		process.exit();
	}
	try {
		return parseArgs(config);
	} catch (error) {
		// Node's sentence goes on about how to escape the option.
		const [sentence = ''] = error instanceof Error ? error.message.split(/\. |\n/) : [];
		return refuse(script, sentence.replace(/\.$/, ''));
	}
}

/**
 * One line on stderr, code 2.
 * @param {string} script - its URL.
 * @param {string} message
 * @returns {never}
 */
export function refuse(script, message) {
	console.error(`✘ ${basename(fileURLToPath(script))}: ${message}; --help says more`);
	process.exit(2);
}

/** @param {string} script */
function headOf(script) {
	const [, head = ''] = /\/\*\*(.*?)\*\//s.exec(readFileSync(new URL(script), 'utf8')) ?? [];
	return head.replace(/^ \* ?/gm, '').trim();
}
