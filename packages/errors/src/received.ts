/** How Node's texts name types that were expected and values that came instead. */
import { inspect } from './host.ts';

/** Longer strings are cut, so that a text stays one line. */
const LONGEST_STRING = 28;
const CUT_STRING = 25;

const primitives = new Set(['string', 'function', 'number', 'object', 'boolean', 'bigint', 'symbol']);
const className = /^[A-Z][A-Za-z0-9]*$/;

/** `type number (1)`, `an instance of Map`, `function connect`, `undefined` … */
export function describeReceived(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	switch (typeof value) {
		case 'function':
			return `function ${value.name}`;
		case 'object': {
			const name: unknown = constructorName(value);
			return typeof name === 'string' && name !== '' ? `an instance of ${name}` : inspect(value, -1);
		}
		case 'string':
			return `type string (${quote(value)})`;
		case 'bigint':
			return `type bigint (${value}n)`;
		case 'symbol':
			return `type symbol (${String(value)})`;
		default:
			return `type ${typeof value} (${inspect(value)})`;
	}
}

/** `of type string or an instance of Buffer`, `one of type number or string`, `an instance of A, B, or C` … */
export function describeExpected(expected: string | readonly string[]): string {
	const types: string[] = [];
	const classes: string[] = [];
	const others: string[] = [];
	for (const entry of typeof expected === 'string' ? [expected] : expected) {
		const lower = entry.toLowerCase();
		if (primitives.has(entry) || entry === 'Function' || entry === 'Object') types.push(lower);
		else if (className.test(entry)) classes.push(entry);
		else others.push(entry);
	}
	// Among classes, `object` reads as one of them.
	const object = types.indexOf('object');
	if (classes.length > 0 && object >= 0) {
		types.splice(object, 1);
		classes.push('Object');
	}
	const parts: string[] = [];
	if (types.length > 0) parts.push(`${types.length > 1 ? 'one of type' : 'of type'} ${list(types, 'or')}`);
	if (classes.length > 0) parts.push(`an instance of ${list(classes, 'or')}`);
	const [other] = others;
	if (others.length > 1) parts.push(`one of ${list(others, 'or')}`);
	else if (other !== undefined) parts.push(other.toLowerCase() === other ? other : `an ${other}`);
	return parts.join(' or ');
}

/** `a`, `a or b`, `a, b, or c`. */
export function list(words: readonly string[], conjunction: 'and' | 'or'): string {
	if (words.length < 3) return words.join(` ${conjunction} `);
	return `${words.slice(0, -1).join(', ')}, ${conjunction} ${words.at(-1)}`;
}

/** Numbers beyond 32 bits are grouped by threes, as Node's range errors show them. */
export function describeNumber(value: unknown): string {
	if (typeof value === 'bigint') {
		const grouped = value > 2n ** 32n || value < -(2n ** 32n) ? group(String(value)) : String(value);
		return `${grouped}n`;
	}
	if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 32) return group(String(value));
	return inspect(value);
}

function group(digits: string): string {
	const sign = digits.startsWith('-') ? '-' : '';
	let head = digits.slice(sign.length);
	let tail = '';
	for (; head.length > 3; head = head.slice(0, -3)) tail = `_${head.slice(-3)}${tail}`;
	return sign + head + tail;
}

function constructorName(value: object): unknown {
	const constructor: unknown = value.constructor;
	if (constructor === null || constructor === undefined) return undefined;
	return Object(constructor).name;
}

function quote(text: string): string {
	const cut = text.length > LONGEST_STRING ? `${text.slice(0, CUT_STRING)}...` : text;
	return cut.includes("'") ? JSON.stringify(cut) : `'${cut}'`;
}
