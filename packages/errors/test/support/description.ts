/** All that a program can see of an error, as JSON. */
import { inspect } from 'node:util';

export interface Description {
	message: string;
	name: string;
	constructor: string;
	text: string;
	head: string | undefined;
	/** The enumerable properties in order. */
	properties: [string, unknown][];
	/** Without the lines of the stack. */
	inspected: string;
}

export function describe(error: unknown): Description {
	if (!(error instanceof Error)) throw new TypeError('no error to describe');
	return {
		message: error.message,
		name: error.name,
		constructor: error.constructor.name,
		text: String(error),
		head: error.stack?.split('\n')[0],
		properties: Object.entries(error),
		inspected: inspect(error)
			.replace(/\n\s+at [^\n]*/g, '')
			.replace(/(?<! ) \{\n/g, '\n'),
	};
}

/** What a call throws; undefined where it throws nothing. */
export function thrownBy(call: () => unknown): Description | undefined {
	try {
		call();
		return undefined;
	} catch (error) {
		return describe(error);
	}
}
