import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child, complaintOf } from '../children.mjs';

const test = suite('children');

function node(program: string): Child {
	return new Child('it', [process.execPath, '-e', program]);
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	throw new Error('nothing failed');
}

test('lines come one at a time, however they were written', async () => {
	const child = node(
		'process.stdout.write("a\\nb\\nc"); setTimeout(() => console.log("d"), 50); process.stdin.resume()',
	);
	try {
		assert.is(await child.line(10), 'a');
		assert.is(await child.line(10), 'b');
		assert.is(await child.line(10), 'cd');
	} finally {
		await child.stop();
	}
});

test('a program that ends says why, one that is silent is not waited for, one that is not there is named', async () => {
	const thrown = node('console.log("first"); throw new TypeError("what went wrong")');
	assert.is(await thrown.line(10), 'first');
	assert.is(await failureOf(thrown.line(10)), 'it: TypeError: what went wrong');
	assert.is(await failureOf(node('process.exit(3)').line(10)), 'it: exit code 3');
	const silent = node('process.stdin.resume()');
	assert.is(await failureOf(silent.line(0.05)), 'it: no answer in 0.05 s');
	await silent.stop();
	assert.match(await failureOf(new Child('it', ['/no/such/program']).line(10)), /ENOENT/);
});

test('one that does not end by itself is killed', async () => {
	const child = node('console.log("up"); setInterval(() => {}, 1000)');
	await child.line(10);
	const { pid } = child;
	await child.stop();
	assert.throws(() => process.kill(pid, 0), /ESRCH/);
});

test('the complaint is the uncaught error, or the last line', () => {
	const text = 'node:internal/x:1\n  throw new X(\n\nError [ERR_X]: no such thing\n    at y\n\nNode.js v20\n';
	assert.is(complaintOf(text), 'Error [ERR_X]: no such thing');
	assert.is(complaintOf('one\ntwo\n'), 'two');
	assert.is(complaintOf(''), undefined);
});

test.run();
