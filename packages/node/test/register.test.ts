/** `@net/node/register`: what programs see of `node:net` afterwards, and that it can be switched off. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { isPortable, report, run } from './support/registered.ts';

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

register.run();
