import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import {
	validateAbortSignal,
	validateBoolean,
	validateBuffer,
	validateFunction,
	validateInt32,
	validateInteger,
	validateNumber,
	validateObject,
	validateOneOf,
	validatePort,
	validateString,
	validateTimeout,
	validateUint32,
} from '@net/errors';
import { describe, thrownBy } from './support/description.ts';
import { values } from './support/values.ts';

const test = suite('validate');

/** By the names of test/oracle/checks.ts. */
const checks: Record<string, (value: unknown) => unknown> = {
	string: (value) => validateString(value, 'address'),
	boolean: (value) => validateBoolean(value, 'value'),
	function: (value) => value !== undefined && validateFunction(value, 'callback'),
	object: (value) => value !== undefined && validateObject(value, 'options'),
	number: (value) => value !== undefined && validateNumber(value, 'options.keepAliveInitialDelay'),
	int32: (value) => validateInt32(value, 'value', 1),
	byte: (value) => validateInt32(value, 'tos', 0, 255),
	uint32: (value) => value !== undefined && validateUint32(value, 'options.flowlabel'),
	timeout: (value) => validateTimeout(value, 'msecs'),
	port: (value) => value !== undefined && validatePort(value, 'options.port'),
	signal: (value) => value && validateAbortSignal(value, 'signal'),
	buffer: (value) => validateBuffer(value),
	oneOf: (value) => validateOneOf(value, 'dnsOrder', ['verbatim', 'ipv4first', 'ipv6first']),
};

test('each check accepts what Node 26 accepts, and throws what it throws at the rest', () => {
	const answers = askNode26(new URL('./oracle/checks.ts', import.meta.url)) as Record<string, unknown[]>;
	assert.equal(Object.keys(answers), Object.keys(checks));
	for (const [name, check] of Object.entries(checks)) {
		for (const [i, expected] of (answers[name] ?? []).entries()) {
			// Objects are shown by the util.inspect of the Node that runs.
			if (name === 'oneOf' && typeof values[i] === 'object' && !process.version.startsWith('v26.')) continue;
			// setTypeOfService has a check of its own.
			if (name === 'byte' && Number.isNaN(values[i])) continue;
			const actual = JSON.parse(JSON.stringify(thrownBy(() => check(values[i])) ?? null));
			assert.equal(actual, expected, `${name}, value ${i}`);
		}
	}
});

test('a port comes back as a number', () => {
	assert.is(validatePort('0x50'), 80);
	assert.is(validatePort(' 80 '), 80);
	assert.is(validatePort(65_535), 65_535);
	assert.ok(Object.is(validatePort(-0), 0));
	assert.is(
		thrownBy(() => validatePort(0, 'Port', false))?.message,
		'Port should be > 0 and < 65536. Received type number (0).',
	);
});

test('a bound that is missing is not told', () => {
	const range = (min?: number, max?: number): string | undefined =>
		thrownBy(() => validateNumber(NaN, 'n', min, max))?.message;
	assert.is(range(), undefined);
	assert.is(range(1), 'The value of "n" is out of range. It must be >= 1. Received NaN');
	assert.is(range(undefined, 2), 'The value of "n" is out of range. It must be <= 2. Received NaN');
	assert.is(range(1, 2), 'The value of "n" is out of range. It must be >= 1 && <= 2. Received NaN');
	validateNumber(1.5, 'n', 1, 2);
});

test('integers are safe ones unless said otherwise', () => {
	validateInteger(Number.MAX_SAFE_INTEGER, 'n');
	assert.throws(
		() => validateInteger(2 ** 53, 'n'),
		(error: Error) => describe(error).message.endsWith('<= 9007199254740991. Received 9_007_199_254_740_992'),
	);
});

test.run();
