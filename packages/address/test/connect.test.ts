import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import { connectEndpoint, normalizeArguments, parseConnectArguments } from '@net/address';
import type { ConnectOptions } from '@net/address';
import { connectArguments, thrown } from './support/cases.ts';
import type { Outcome } from './support/cases.ts';
import { plain } from './support/plain.ts';

const test = suite('connect');

/** How many argument lists are compared. */
const CASES = 6000;

function outcomeOf(args: unknown[]): Outcome {
	try {
		const endpoint = connectEndpoint(parseConnectArguments(args).options);
		if (endpoint.kind === 'path') return { path: endpoint.path };
		return { host: endpoint.host, port: endpoint.port };
	} catch (error) {
		return thrown(error);
	}
}

test('thousands of argument lists lead where Node 26 goes, or throw what it throws', () => {
	const answers = askNode26(new URL('./oracle/connect.ts', import.meta.url), [String(CASES)]) as Outcome[];
	const kinds = new Map<string, number>();
	for (const [seed, expected] of answers.entries()) {
		const args = connectArguments(seed);
		const actual = plain(outcomeOf(args));
		const kind = String(expected['thrown'] ?? Object.keys(expected)[0]);
		kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
		// Node got as far as the system, which refused an odd local port.
		if (kind === 'bind') assert.ok(Object.hasOwn(Object(actual), 'host'), `seed ${seed}`);
		else assert.equal(actual, expected, `seed ${seed}`);
	}
	for (const kind of ['host', 'path', 'ERR_SOCKET_BAD_PORT', 'ERR_INVALID_IP_ADDRESS', 'ERR_OUT_OF_RANGE']) {
		assert.ok((kinds.get(kind) ?? 0) > 20, `enough cases are ${kind}`);
	}
});

test('options, path and port are told apart, and the listener is found', () => {
	const listener = (): void => undefined;
	const options = { port: 1 };
	assert.is(parseConnectArguments([options, listener]).options, options);
	assert.equal(parseConnectArguments(['/path', listener]), { options: { path: '/path' }, listener });
	assert.equal(parseConnectArguments([1, 'host', listener]), { options: { port: 1, host: 'host' }, listener });
	assert.equal(parseConnectArguments(['1', null]), { options: { port: '1' }, listener: undefined });
	assert.equal(parseConnectArguments([]), { options: {}, listener: undefined });
});

test('arguments that were normalized already pass through, ours and Node’s own', () => {
	const listener = (): void => undefined;
	const ours = normalizeArguments([1, 'host', listener]);
	assert.equal(parseConnectArguments([ours]), { options: { port: 1, host: 'host' }, listener });
	const theirs = Object.assign([{ port: 2 }, null], { [Symbol('normalizedArgs')]: true });
	assert.equal(parseConnectArguments([theirs]), { options: { port: 2 }, listener: undefined });
	assert.equal(parseConnectArguments([[{ port: 3 }, null]]).options, [{ port: 3 }, null]);
});

test('an endpoint has all that was checked, and nothing that was left out', () => {
	const lookup = (): void => undefined;
	const options: ConnectOptions = {
		port: ' 80 ',
		host: 'a.invalid',
		localAddress: '127.0.0.1',
		localPort: 5,
		lookup,
		autoSelectFamily: false,
		autoSelectFamilyAttemptTimeout: 3,
	};
	assert.equal(connectEndpoint(options), {
		kind: 'tcp',
		host: 'a.invalid',
		port: 80,
		family: 0,
		localAddress: '127.0.0.1',
		localPort: 5,
		lookup,
		autoSelectFamily: false,
		autoSelectFamilyAttemptTimeout: 10,
	});
	assert.equal(connectEndpoint({ port: 1, localAddress: '', localPort: null, lookup: null }), {
		kind: 'tcp',
		host: 'localhost',
		port: 1,
		family: 0,
		localAddress: undefined,
		localPort: undefined,
		lookup: undefined,
		autoSelectFamily: undefined,
		autoSelectFamilyAttemptTimeout: undefined,
	});
	const address = connectEndpoint({ port: 1, host: '::1', lookup });
	assert.is(address.kind === 'tcp' && address.family, 6);
	assert.is(address.kind === 'tcp' && address.lookup, undefined);
});

test.run();
