import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import { parseListenArguments } from '@net/address';
import { listenArguments, thrown } from './support/cases.ts';
import type { Outcome } from './support/cases.ts';
import { plain } from './support/plain.ts';

const test = suite('listen');

/** How many argument lists are compared. */
const CASES = 6000;

function outcomeOf(args: unknown[]): Outcome {
	try {
		const { endpoint, backlog } = parseListenArguments(args);
		if (endpoint.kind === 'tcp') return { host: endpoint.host ?? null, port: endpoint.port, backlog };
		return endpoint.kind === 'path' ? { path: endpoint.path, backlog } : { ...endpoint, kind: undefined };
	} catch (error) {
		return thrown(error);
	}
}

test('thousands of argument lists mean what they mean to Node 26, or throw what it throws', () => {
	const answers = askNode26(new URL('./oracle/listen.ts', import.meta.url), [String(CASES)]) as Outcome[];
	const kinds = new Map<string, number>();
	for (const [seed, expected] of answers.entries()) {
		const args = listenArguments(seed);
		const kind = String(expected['thrown'] ?? Object.keys(expected)[0]);
		kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
		assert.equal(plain(outcomeOf(args)), expected, `seed ${seed}`);
	}
	for (const kind of ['host', 'path', 'fd', 'ERR_SOCKET_BAD_PORT', 'ERR_INVALID_ARG_VALUE', 'ERR_INVALID_ARG_TYPE']) {
		assert.ok((kinds.get(kind) ?? 0) > 100, `enough cases are ${kind}`);
	}
});

test('the last argument is the listener, whatever stands before it', () => {
	const listener = (): void => undefined;
	for (const args of [[], [0], [0, '127.0.0.1'], [0, '127.0.0.1', 5], ['/path'], [{ port: 0 }], [{ fd: 3 }, 5]]) {
		assert.is(parseListenArguments([...args, listener]).listener, listener);
		assert.is(parseListenArguments(args).listener, undefined);
	}
});

test('the backlog is the option, the argument, or 511', () => {
	const backlog = (...args: unknown[]): number => parseListenArguments(args).backlog;
	assert.is(backlog(), 511);
	assert.is(backlog(0, 5), 5);
	assert.is(backlog(0, '127.0.0.1', 5), 5);
	assert.is(backlog('/path', 5), 5);
	assert.is(backlog({ port: 0, backlog: 7 }, 5), 7);
	assert.is(backlog({ fd: 3 }, 5), 5);
	assert.is(backlog({ fd: 3, backlog: 7 }), 511);
});

test('a handle is what the caller says is one: the object itself, or what it has inside', () => {
	const handle = { bound: true };
	const isHandle = (value: object): boolean => value === handle;
	for (const given of [handle, { _handle: handle }, { handle }, { _handle: handle, port: 5, fd: 3 }]) {
		assert.equal(parseListenArguments([given, 5], isHandle).endpoint, { kind: 'handle', handle });
		assert.is(parseListenArguments([given, 5], isHandle).backlog, 5);
	}
	assert.throws(
		() => parseListenArguments([handle]),
		`The argument 'options' must have the property "port" or "path". Received { bound: true }`,
	);
});

test('options are given back as they were, and not changed', () => {
	const options = Object.freeze({ port: undefined, exclusive: true, ipv6Only: true });
	const { endpoint, options: same } = parseListenArguments([options]);
	assert.is(same, options);
	assert.equal(endpoint, { kind: 'tcp', host: undefined, port: 0 });
});

test.run();
