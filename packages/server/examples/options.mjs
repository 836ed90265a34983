/** What these examples are called with: `--help` prints how, and what is wrong ends them with one line and code 2. */
import { parseArgs } from 'node:util';

/**
 * @param {string} usage - `node examples/chat.mjs [--port 8124]`.
 * @param {import('node:util').ParseArgsOptionsConfig} options
 */
export function readOptions(usage, options) {
	if (process.argv.includes('--help')) {
		console.log(usage);
		process.exit();
	}
	try {
		return parseArgs({ options }).values;
	} catch (error) {
		// Node's sentence goes on about how to escape the option.
		return refuse(error.message.split('. ')[0]);
	}
}

/** @param {string} name @param {string} text @param {number} [most] - of a port, if nothing is said. */
export function wholeNumber(name, text, most = 65_535) {
	if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
	return refuse(`--${name} is a number from 0 to ${most}, not '${text}'`);
}

/** @param {string} message @returns {never} */
export function refuse(message) {
	console.error(`${message}; --help says how it is called`);
	process.exit(2);
}
