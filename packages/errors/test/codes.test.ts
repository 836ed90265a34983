import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import {
	AbortError,
	ERR_INVALID_ADDRESS,
	ERR_INVALID_ADDRESS_FAMILY,
	ERR_INVALID_ARG_TYPE,
	ERR_INVALID_ARG_VALUE,
	ERR_INVALID_HANDLE_TYPE,
	ERR_INVALID_IP_ADDRESS,
	ERR_IP_BLOCKED,
	ERR_MISSING_ARGS,
	ERR_SERVER_ALREADY_LISTEN,
	ERR_SERVER_NOT_RUNNING,
	ERR_SOCKET_BAD_PORT,
	ERR_SOCKET_CLOSED,
	ERR_SOCKET_CLOSED_BEFORE_CONNECTION,
	ERR_SOCKET_HANDLE_ADOPTED,
	ERR_STREAM_DESTROYED,
	ERR_STREAM_NULL_VALUES,
	ERR_STREAM_WRITE_AFTER_END,
	ERR_UNKNOWN_ENCODING,
} from '@net/errors';
import { describe } from './support/description.ts';

const test = suite('codes');

/** By the names of test/oracle/codes.ts. */
const errors: Record<string, () => Error> = {
	missingAlternatives: () => new ERR_MISSING_ARGS(['options', 'port', 'path']),
	missingOne: () => new ERR_MISSING_ARGS('name'),
	missingTwo: () => new ERR_MISSING_ARGS('name', 'value'),
	missingThree: () => new ERR_MISSING_ARGS('address', 'port', 'callback'),
	oneOfTypes: () => new ERR_INVALID_ARG_TYPE('options.port', ['number', 'string'], true),
	typeOrClasses: () => new ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], 5),
	classes: () => new ERR_INVALID_ARG_TYPE('list[0]', ['Buffer', 'Uint8Array'], 5),
	phrase: () => new ERR_INVALID_ARG_TYPE('options.blockList', 'net.BlockList', 5),
	ordinal: () =>
		new ERR_INVALID_ARG_TYPE('first argument', ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], 5),
	valueOfArgument: () =>
		new ERR_INVALID_ARG_VALUE(
			'options',
			{ a: { b: { c: {} } }, text: 'x'.repeat(200) },
			'must have the property "port" or "path"',
		),
	valueOfProperty: () => new ERR_INVALID_ARG_VALUE('options.objectMode', true, 'is not supported'),
	badPort: () => new ERR_SOCKET_BAD_PORT('Port', 70_000),
	badPortZero: () => new ERR_SOCKET_BAD_PORT('Port', 0, false),
	address: () => new ERR_INVALID_ADDRESS(),
	ipAddress: () => new ERR_INVALID_IP_ADDRESS('x'),
	ipAddressObject: () => new ERR_INVALID_IP_ADDRESS({}),
	family: () => new ERR_INVALID_ADDRESS_FAMILY(5, 'a.invalid', 1),
	blocked: () => new ERR_IP_BLOCKED('127.0.0.1'),
	encoding: () => new ERR_UNKNOWN_ENCODING('odd'),
	alreadyListening: () => new ERR_SERVER_ALREADY_LISTEN(),
	notRunning: () => new ERR_SERVER_NOT_RUNNING(),
	closed: () => new ERR_SOCKET_CLOSED(),
	closedBefore: () => new ERR_SOCKET_CLOSED_BEFORE_CONNECTION(),
	handleType: () => new ERR_INVALID_HANDLE_TYPE(),
	destroyed: () => new ERR_STREAM_DESTROYED('write'),
	nullValues: () => new ERR_STREAM_NULL_VALUES(),
	afterEnd: () => new ERR_STREAM_WRITE_AFTER_END(),
	adopted: () => new ERR_SOCKET_HANDLE_ADOPTED(),
	abort: () => new AbortError(undefined, { cause: 'reason' }),
};

test('each error looks as the one that Node 26 throws or emits', () => {
	const answers = askNode26(new URL('./oracle/codes.ts', import.meta.url)) as Record<string, unknown>;
	assert.equal(Object.keys(answers), Object.keys(errors));
	for (const [name, make] of Object.entries(errors)) {
		assert.equal(JSON.parse(JSON.stringify(describe(make()))), answers[name], name);
	}
});

test('an error is caught by its own class and by the one it is of', () => {
	const error = new ERR_SOCKET_BAD_PORT('Port', -1);
	assert.ok(error instanceof ERR_SOCKET_BAD_PORT);
	assert.ok(error instanceof RangeError);
	assert.not(error instanceof ERR_MISSING_ARGS);
	assert.ok(new ERR_INVALID_ADDRESS_FAMILY(5, 'h', 1) instanceof ERR_INVALID_ADDRESS_FAMILY);
});

test('the stack begins where the error is made', () => {
	function here(): Error {
		return new ERR_SERVER_NOT_RUNNING();
	}
	assert.match(here().stack ?? '', /^Error \[ERR_SERVER_NOT_RUNNING\]: Server is not running\.\n {4}at here /);
});

test('the name is that of the built-in class, and no property of the error', () => {
	const error = new ERR_MISSING_ARGS('x');
	assert.is(error.name, 'TypeError');
	assert.not(Object.hasOwn(error, 'name'));
	error.code = 'ERR_CHANGED';
	error.message = 'changed';
	assert.is(String(error), 'TypeError [ERR_CHANGED]: changed');
});

test.run();
