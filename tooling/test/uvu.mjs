/**
 * uvu as the guard's processes see it: the same functions, with a record of every suite, test and hook. uvu alone loses
 * what a hook throws, what is no Error, and every suite whose `.run()` was forgotten.
 */
import { suite as uvuSuite } from 'uvu';
import { inspect } from 'node:util';

const SKIP = Symbol.for('net-test.skip');

/**
 * @typedef {{ title: string, state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped', reason?: string }} Entry
 * @typedef {{ name: string, entries: Entry[], pending: number, runs: number, only: boolean, named: boolean }} SuiteRecord
 */

/** @type {SuiteRecord[]} every suite that the file made. */
export const suites = [];
/** @type {string[]} what went wrong outside of tests. */
export const problems = [];

/** @returns {string | undefined} the test that runs now. */
export function runningTest() {
	for (const { name, entries } of suites) {
		const entry = entries.find(({ state }) => state === 'running');
		if (entry) return `${name} › ${entry.title}`;
	}
	return undefined;
}

/** uvu's own `suite`, recorded. */
export function suite(name = '', context = {}) {
	return recordSuite(name, context, true);
}

/** uvu's own `test`: the suite without a name. */
export const test = recordSuite('', {}, false);

/** uvu's own `exec` is the guard's to call. */
export function exec() {
	throw new Error('net-test runs the suites; call .run() only');
}

/**
 * @param {string} name
 * @param {object} context
 * @param {boolean} named - made by the file, so that it has to be run.
 */
function recordSuite(name, context, named) {
	/** @type {any} uvu's types leave out that hooks and tests are plain functions with properties */
	const real = uvuSuite(name, context);
	/** @type {SuiteRecord} */
	const record = { name, entries: [], pending: 0, runs: 0, only: false, named };
	suites.push(record);

	/** @param {(title: string, handler: Function) => void} add */
	const adding = (add) => (/** @type {string} */ title, /** @type {Function} */ handler) => {
		/** @type {Entry} */
		const entry = { title, state: 'waiting' };
		record.entries.push(entry);
		record.pending++;
		add(title, recordTest(entry, handler));
	};
	const recorded = adding(real);
	return Object.assign(recorded, {
		before: Object.assign(recordHook(real.before, name, 'before', true), {
			each: recordHook(real.before.each, name, 'before.each', true),
		}),
		after: Object.assign(recordHook(real.after, name, 'after', false), {
			each: recordHook(real.after.each, name, 'after.each', false),
		}),
		only: (/** @type {string} */ title, /** @type {Function} */ handler) => {
			record.only = true;
			adding(real.only)(title, handler);
		},
		skip: (/** @type {string} */ title = 'a test without a name') => {
			record.entries.push({ title, state: 'skipped', reason: 'suite.skip, no reason given' });
		},
		run: () => {
			record.pending = 0;
			record.runs++;
			real.run();
		},
	});
}

/**
 * @param {Entry} entry
 * @param {Function} handler
 */
function recordTest(entry, handler) {
	return async (/** @type {unknown} */ context) => {
		entry.state = 'running';
		try {
			await handler(context);
			entry.state = 'passed';
		} catch (thrown) {
			const reason = skipReason(thrown);
			entry.state = reason === undefined ? 'failed' : 'skipped';
			if (reason === undefined) throw asFailure(thrown);
			entry.reason = reason;
		}
	};
}

/**
 * @param {(handler: Function) => void} add
 * @param {string} suiteName
 * @param {string} kind
 * @param {boolean} rethrow - keep the tests from running. After tests, uvu would lose the rest of the suite.
 */
function recordHook(add, suiteName, kind, rethrow) {
	return (/** @type {Function} */ handler) =>
		add(async (/** @type {unknown} */ context) => {
			try {
				await handler(context);
			} catch (thrown) {
				const failure = asFailure(thrown);
				problems.push(`a ${kind} hook of suite '${suiteName}' threw: ${failure.message}\n${failure.stack}`);
				if (rethrow) throw failure;
			}
		});
}

/** @param {unknown} thrown */
function skipReason(thrown) {
	if (typeof thrown !== 'object' || thrown === null || !(SKIP in thrown)) return undefined;
	return String(thrown[SKIP]);
}

/**
 * What uvu's printer can take: it throws itself on what has no name, message or stack, and on what cannot be compared.
 * @param {any} thrown - anything
 */
function asFailure(thrown) {
	const isError = thrown !== null && typeof thrown === 'object' && typeof thrown.stack === 'string';
	const failure = new Error(isError ? String(thrown.message) : `threw ${inspect(thrown)}, which is no Error`);
	if (isError) failure.stack = [ownFrames(thrown.stack), facts(thrown)].filter(Boolean).join('\n');
	if (isError && typeof thrown.details === 'string') Object.assign(failure, { details: thrown.details });
	return failure;
}

/**
 * The frames of a stack alone, under a first line that uvu's printer drops; without those of the guard, uvu and Node.
 * @param {string} stack
 */
function ownFrames(stack) {
	const foreign = /node:internal|\/node_modules\/|\/tooling\/test\/(?:child|uvu)\.mjs/;
	const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !foreign.test(line));
	return ['frames', ...frames].join('\n');
}

/** The code and cause of an error, which its stack does not show. @param {any} error */
function facts(error) {
	const lines = [];
	if (error.code !== undefined) lines.push(`    code: ${inspect(error.code)}`);
	if (error.cause !== undefined) lines.push(`    cause: ${inspect(error.cause)}`);
	if (Array.isArray(error.errors)) lines.push(`    errors: ${inspect(error.errors)}`);
	return lines.join('\n');
}
