/** The table of what is compatible: complete, and true where a program can tell. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compatibilityFile, compatibilityRows, expectedLines, generatedLines } from '../dist/src/compatibility.js';
import { acceptedDifferences } from '../dist/src/differences.js';
import { load, subjects } from '../dist/src/scenario.js';
import { findNode, referenceMajor } from '../dist/src/target.js';

const test = suite('COMPATIBILITY.md');
const text = readFileSync(compatibilityFile, 'utf8');
const rows = compatibilityRows(text);
const scenarios = new Set<string>();
/** All that stands as code in the first column. */
const named = rows.flatMap(({ what }) => Array.from(what.matchAll(/`([^`]+)`/g), ([, code = '']) => code));

test.before(async () => {
	for (const subject of subjects()) for (const { name } of await load(subject)) scenarios.add(name);
});

/** What an object of `node:net` 26 has, as the names of its public properties. */
function membersOf(expression: string): string[] {
	const node = findNode(referenceMajor);
	if (node === undefined) throw new Error(`Node ${referenceMajor} is missing: install tooling/nodes`);
	const program = `const net = require('node:net'); console.log(JSON.stringify(Object.getOwnPropertyNames(${expression})))`;
	const names: string[] = JSON.parse(execFileSync(node.path, ['-e', program], { encoding: 'utf8' }));
	return names.filter((name) => !['constructor', 'length', 'name', 'prototype'].includes(name));
}

/** Whether a row's code has this name as a whole word: `socket.end([data])`, `net.isIP(input)`, `removeRange()`. */
function isNamed(name: string): boolean {
	return named.some((code) => new RegExp(`(^|[^\\w])${name}($|[^\\w])`).test(code));
}

test('there are rows, and no cell is empty', () => {
	assert.ok(rows.length > 150, String(rows.length));
	for (const { what, shownBy, differs } of rows) {
		assert.ok(what !== '' && shownBy.length > 0 && differs !== '', what);
	}
	assert.is(new Set(rows.map(({ what, shownBy }) => `${what} ${shownBy[0]}`)).size, rows.length, 'a row stands twice');
});

test('every scenario and every test that a row names is there', () => {
	const root = new URL('../../../', import.meta.url);
	const missing = rows
		.flatMap(({ shownBy }) => shownBy)
		.filter((name) => !(name.startsWith('packages/') ? existsSync(new URL(name, root)) : scenarios.has(name)));
	assert.equal(missing, []);
});

test('every export of node:net has a row', () => {
	assert.equal(
		membersOf('net').filter((name) => !isNamed(`net.${name}`)),
		[],
	);
});

for (const name of ['Socket', 'Server', 'BlockList', 'SocketAddress', 'BoundSocket']) {
	test(`every public member of ${name} has a row`, () => {
		const members = [...membersOf(`net.${name}.prototype`), ...membersOf(`net.${name}`)];
		assert.equal(
			members.filter((member) => !member.startsWith('_') && !isNamed(member)),
			[],
		);
	});
}

test('every accepted difference is listed, with its reason, and no other', () => {
	assert.equal(generatedLines(text), expectedLines(), 'run: npm run compatibility');
});

test('a row that names a scenario with an accepted difference says what differs', () => {
	const differing = new Set(acceptedDifferences.map(({ scenario }) => scenario));
	const silent = rows.filter(({ shownBy, differs }) => differs === '–' && shownBy.some((name) => differing.has(name)));
	assert.equal(
		silent.map(({ what }) => what),
		[],
	);
});

test('these checks can fail', () => {
	assert.not(isNamed('net.isI'));
	assert.not(isNamed('setNoDela'));
	const [row] = compatibilityRows('| `a.b()` | `x/y` | – |\n');
	assert.equal(row, { what: '`a.b()`', shownBy: ['x/y'], differs: '–' });
	assert.equal(compatibilityRows('| what | shown by | differs |\n| --- | --- | --- |\n'), []);
});

test.run();
