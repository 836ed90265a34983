/** `@net/node/register`: what programs see of `node:net` afterwards, and that it can be switched off. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { hostCommand, skip } from '@tooling/test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { isPortable, report, run } from './support/registered.ts';

function path(relative: string): string {
	return fileURLToPath(new URL(relative, import.meta.url));
}

const register = suite('register');

for (const how of ['import', 'require', 'options'] as const) {
	register(`by ${how}: require, import and getBuiltinModule give our surface`, async () => {
		assert.equal(await report('surface.cjs', how), {
			ours: !isPortable,
			one: true,
			names: [],
			stream: true,
			called: true,
			constructed: [true, 'Socket', 'Server', 1],
			sub: [true, true, false, 'Sub'],
			stdio: [true, false, true],
			writable: true,
		});
	});

	register(`by ${how}: named imports, http and fetch are on our sockets`, async () => {
		const yes = !isPortable;
		assert.equal(await report('surface.mjs', how), {
			ours: [yes, yes, false],
			answers: [0, 1, 2].map(() => [yes, [yes, true]]),
			fetched: [yes, true],
			isIP: 6,
			servers: true,
		});
	});
}

register('NET_REGISTER=off leaves Node as it is', async () => {
	const plain = await report('surface.cjs', 'plain');
	assert.equal(await report('surface.cjs', 'import', { NET_REGISTER: 'off' }), plain);
});

register('nothing is printed, and NODE_DEBUG tells what was done', async () => {
	const silent = await run('surface.cjs', 'require');
	assert.is(silent.stderr, '');
	const { stderr } = await run('surface.cjs', 'import', { NODE_DEBUG: 'net_register' });
	assert.match(stderr, isPortable ? /nothing is changed: the driver is portable/ : /NET_REGISTER \d+: net\.connect\n/);
	const off = await run('surface.cjs', 'import', { NODE_DEBUG: 'net_register', NET_REGISTER: 'off' });
	assert.match(off.stderr, /nothing is changed: NET_REGISTER=off/);
});

register('registering twice is nothing, a second copy warns once', async () => {
	const once = await run('surface.mjs', 'import');
	const twice = await run('surface.mjs', 'import', {}, ['--require', '@net/node/register']);
	assert.equal(twice, once);
	const copy = await run('surface.mjs', 'import', {}, ['--import', `${path('../dist/register.js')}?copy`]);
	assert.is(copy.stdout, once.stdout);
	const warnings = copy.stderr.match(/Warning: .*/g) ?? [];
	assert.is(warnings.length, isPortable ? 0 : 1, copy.stderr);
	if (!isPortable)
		assert.match(
			String(warnings[0]),
			/Warning: @net\/node\/register is done already, by .*register\.js; .*\?copy does/,
		);
});

register('a transpiler that hooks require goes with it', async () => {
	const { stdout } = await run('commonjs/transpiled.own', 'require', {}, [
		'--require',
		path('programs/register/commonjs/transpiler.cjs'),
	]);
	assert.is(stdout, `${!isPortable}\n`);
});

register('what a preload had put into net is replaced, and works', async () => {
	const plain = await run('surface.mjs', 'import');
	const { stdout, stderr } = await run('surface.mjs', 'import', {}, [
		'--require',
		path('programs/register/stand-in.cjs'),
	]);
	assert.is(stdout, plain.stdout);
	assert.is(stderr, '');
});

register('unregister restores all, beside servers that run; what a program replaced is used and stays', async () => {
	if (isPortable) skip('nothing is registered');
	assert.equal(await report('switch.mjs', 'plain'), {
		ours: [true, true, true],
		served: 'true',
		nodes: [false, true],
		same: true,
		beside: ['true', 'false', false, false],
		again: [true, 'true', false],
		calls: ['createConnection', 'setTimeout', 'setTimeout'],
		kept: [true, 'connect'],
	});
});

for (const host of ['Bun', 'Deno'] as const) {
	register(`${host} stays as it is`, async () => {
		const [command, ...options] = hostCommand(host);
		const { NET_LOOP_DRIVER: _, ...env } = process.env;
		const file = path('programs/register/host.mjs');
		const { stdout, stderr } = await promisify(execFile)(command, [...options, file], { cwd: path('..'), env });
		assert.equal(JSON.parse(stdout), { same: true, ours: false });
		assert.is(stderr, '');
	});
}

register.run();
