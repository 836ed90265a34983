import * as assert from 'uvu/assert';
import { suite } from 'uvu';
import { execFileSync } from 'node:child_process';

const test = suite('host');

/** Runs a program that has no `process`, as other runtimes. */
function withoutProcess(program: string): string {
	const index = new URL('../dist/index.js', import.meta.url).href;
	const script = `
		const log = console.log;
		Object.defineProperty(globalThis, 'process', { value: undefined });
		const errors = await import(${JSON.stringify(index)});
		log((${program})(errors));
	`;
	return execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }).trim();
}

test('without node:util the same texts come, as far as values can be shown', () => {
	assert.is(
		withoutProcess("(e) => new e.ERR_INVALID_ARG_TYPE('a.b', 'string', 5).message"),
		'The "a.b" property must be of type string. Received type number (5)',
	);
	assert.is(
		withoutProcess("(e) => String(new e.ERR_INVALID_ARG_VALUE('options', 'x'))"),
		"TypeError [ERR_INVALID_ARG_VALUE]: The argument 'options' is invalid. Received 'x'",
	);
	assert.is(
		withoutProcess("(e) => new e.ERR_INVALID_ARG_TYPE('a', 'string', Object.create(null)).message"),
		'The "a" argument must be of type string. Received [object Object]',
	);
});

test('without node:util errno has numbers only', () => {
	assert.is(withoutProcess("(e) => e.systemError(-32, 'write').message"), 'write Unknown system error -32');
	assert.is(withoutProcess("(e) => e.errnoOf('EPIPE')"), '-4094');
});

test.run();
