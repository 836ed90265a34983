// net-test: limit 180 s
/** The kit against a `net` with one defect: it must go red, and only because of the defect. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { references } from '../dist/src/references.js';
import { run } from '../dist/src/runner.js';
import { load } from '../dist/src/scenario.js';
import { findNode, targetOf } from '../dist/src/target.js';
import type { NodeBinary, Target } from '../dist/src/target.js';
import { compare } from '../dist/src/trace.js';
import { defects } from '../dist/test/broken-net.js';

/** A scenario that must catch the defect. */
const catchers: Record<string, string> = {
	'ready before connect': 'connect/the order: lookup, connect, ready, and ticks between',
	'close without its argument': 'destroy/an open socket: close with false, state at once',
	'close twice': 'destroy/twice: one close',
	'no end event': 'half-open/by default the end of one side ends the other',
	'wrong error code': 'connect-errors/refused: error, then close with true',
	'wrong error text': 'connect-errors/refused on IPv6',
	'missing error field': 'connect-errors/a path that does not exist',
	'write callback not called': 'order/writes and end: callbacks, finish, end callback',
	'write callback inside write': 'write/a callback is not called inside write',
	'listening late': 'listen/listening comes after ticks and promise jobs of the caller, before timers',
	'uncaught exceptions end with 0': 'exception/uncaught in a data listener ends the process with 1',
	'unref does nothing': 'ref/an unreferenced server lets the process end',
	'a server does not keep the process': 'ref/a listening server keeps the process',
	'the first byte is wrong': 'write/forms of write',
	'half-open is ignored': 'half-open/a server with allowHalfOpen goes on writing after the client ended',
	'the path is left behind': 'unix/close unlinks the path',
	'setNoDelay returns nothing': 'options/setNoDelay returns the socket, in every state',
	'timeouts are not checked': 'timeout/wrong values throw',
	'a wrong counter': 'state/counters after close stay',
	'events lose their store': 'context/a client sees the store of where it was made',
	'exceptions of listeners are swallowed': 'exception/in a data listener: the next data of the same socket still comes',
	'it prints something': 'ref/a server that is closed lets the process end',
	'it aborts': 'reset/an open socket: the peer gets ECONNRESET',
};

const test = suite('a broken net');
const found = findNode(process.versions.node.split('.')[0] ?? '');
if (found === undefined) throw new Error('this Node is not known');
const node: NodeBinary = found;

function broken(defect: string): Target {
	const module = new URL('../dist/test/broken-net.js', import.meta.url);
	module.searchParams.set('defect', defect);
	const target: Target = { ...targetOf(node, 'host'), name: defect, module: module.href };
	// Some defects make scenarios hang: no need to wait for long.
	return defect === 'none' ? target : { ...target, limit: 3000 };
}

/** Whether this scenario differs from node:net's trace of it. */
async function differs(name: string, target: Target): Promise<boolean> {
	const subject = name.slice(0, name.indexOf('/'));
	const scenarios = await load(subject);
	const scenario = scenarios.find((candidate) => candidate.name === name);
	if (scenario === undefined) throw new Error(`there is no scenario '${name}'`);
	const only = new Set([scenario]);
	const [expected, got] = [
		await references(subject, scenarios, only, node),
		await run(subject, scenarios, only, target),
	];
	return compare(expected.get(scenario) ?? {}, got.get(scenario) ?? {}).length > 0;
}

test('each defect has a scenario that must catch it', () => {
	assert.equal([...Object.keys(catchers), 'none'].sort(), Object.keys(defects).sort());
});

for (const [defect, scenario] of Object.entries(catchers)) {
	test(`caught: ${defect}`, async () => {
		assert.ok(await differs(scenario, broken(defect)), `'${scenario}' passes on a net with this defect`);
	});
}

test('without a defect none of them is red', async () => {
	for (const scenario of new Set(Object.values(catchers))) {
		assert.not(await differs(scenario, broken('none')), scenario);
	}
});

test.run();
