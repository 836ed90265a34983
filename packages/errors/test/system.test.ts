import * as assert from 'uvu/assert';
import { askNode26 } from '@tooling/test';
import { suite } from 'uvu';
import { getSystemErrorMap, inspect } from 'node:util';
import {
	attemptsError,
	connectError,
	connectionError,
	errnoName,
	errnoOf,
	listenError,
	peerEndedError,
	systemError,
} from '@net/errors';
import { describe } from './support/description.ts';

const test = suite('system');

interface Answers {
	port: number;
	localPort: number;
	taken: number;
	missing: string;
	answers: Record<string, { errno?: number }>;
	half: string;
}

test('each error looks as the one that Node 26 makes of the same answer', () => {
	const { port, localPort, taken, missing, answers, half } = askNode26(
		new URL('./oracle/system.ts', import.meta.url),
	) as Answers;
	const errors: Record<string, Error & { errno?: number }> = {
		refused: connectionError(errnoOf('ECONNREFUSED'), '127.0.0.1', port),
		refusedLocal: connectionError(errnoOf('ECONNREFUSED'), '127.0.0.1', port, '127.0.0.1', localPort),
		refusedAddress: connectionError(errnoOf('ECONNREFUSED'), '127.0.0.1', port, '127.0.0.1'),
		refusedPath: connectionError(errnoOf('ENOENT'), missing),
		failedPath: connectError(errnoOf('EINVAL'), 'connect', `${missing}\0`, undefined, {
			address: undefined,
			port: undefined,
		}),
		bind: connectError(errnoOf('EADDRNOTAVAIL'), 'bind', '192.0.2.1'),
		bindPort: connectError(errnoOf('EADDRNOTAVAIL'), 'bind', '192.0.2.1', localPort),
		listen: listenError(errnoOf('EADDRINUSE'), 'listen', '127.0.0.1', taken),
		listenAddress: listenError(errnoOf('EADDRNOTAVAIL'), 'listen', '192.0.2.1', 0),
		listenPath: listenError(errnoOf('EACCES'), 'listen', missing, -1),
		listenFd: listenError(errnoOf('EINVAL'), 'listen', null),
		attempts: attemptsError([
			connectionError(errnoOf('ECONNREFUSED'), '127.0.0.1', port),
			connectionError(errnoOf('ECONNREFUSED'), '127.0.0.2', port),
		]),
	};
	assert.equal(Object.keys(answers), Object.keys(errors));
	for (const [name, error] of Object.entries(errors)) {
		assert.equal(plain({ ...describe(error), errno: error.errno }), answers[name], name);
	}
	const error = peerEndedError();
	assert.is(inspect(error, { depth: 0 }).split('\n')[0] + JSON.stringify(Object.entries(error)), half);
});

test('an operation that fails is told with its errno, code and syscall', () => {
	const error = systemError(errnoOf('EPIPE'), 'write');
	assert.is(error.message, 'write EPIPE');
	assert.equal(Object.entries(error), [
		['errno', errnoOf('EPIPE')],
		['code', 'EPIPE'],
		['syscall', 'write'],
	]);
	assert.is(systemError(-9999, 'read', 'more').message, 'read Unknown system error -9999 more');
});

test('an address that is not named is null, and in the text only with a port', () => {
	const without = connectError(errnoOf('EINVAL'), 'bind', null);
	assert.is(without.message, 'bind EINVAL');
	assert.is(without.address, null);
	assert.is(connectError(errnoOf('EADDRINUSE'), 'bind', null, 80).message, 'bind EADDRINUSE null:80');
});

test('names and numbers are those of this platform', () => {
	for (const [errno, [name]] of getSystemErrorMap()) {
		assert.is(errnoName(errno), name);
		assert.is(errnoOf(name), errno);
	}
	assert.is(errnoName(-9999), 'Unknown system error -9999');
	assert.is(errnoOf('ENOTHING'), errnoOf('UNKNOWN'));
});

test('an aggregate keeps its errors and has the code of the first', () => {
	const first = connectionError(errnoOf('ETIMEDOUT'), '::1', 1);
	const error = attemptsError([first, connectionError(errnoOf('ECONNREFUSED'), '127.0.0.1', 1)]);
	assert.is(error.code, 'ETIMEDOUT');
	assert.is(error.errors[0], first);
	assert.ok(error instanceof AggregateError);
});

function plain(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value));
}

test.run();
