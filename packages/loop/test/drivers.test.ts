/** Which driver runs: the table and the switch. */
import { skip } from '@tooling/test';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from './support/program.ts';
import { programFile, runFile, runProgram } from './support/program.ts';

const drivers = suite('drivers');

async function whichDriver(forced: string | undefined): Promise<string> {
	const { code, stdout, stderr } = await runProgram('which-driver', [], [], { NET_LOOP_DRIVER: forced });
	assert.is(code, 0, stderr);
	return stdout.trim();
}

drivers('portable can be forced, and there is one loop', async () => {
	assert.is(await whichDriver('portable'), 'portable true');
});

drivers('native can be forced, and says why where it cannot run', async () => {
	const answer = await whichDriver('native');
	if (answer !== 'native true') assert.match(answer, /^NET_LOOP_DRIVER=native: .+/);
});

drivers('unset or empty: native where it can run, else portable', async () => {
	const native = (await whichDriver('native')) === 'native true';
	const expected = native ? 'native true' : 'portable true';
	assert.is(await whichDriver(undefined), expected);
	assert.is(await whichDriver(''), expected);
});

drivers('an unknown name fails and tells the known ones', async () => {
	const answer = await whichDriver('io_uring');
	assert.is(answer, 'NET_LOOP_DRIVER=io_uring: no such driver; there are native, portable');
	for (const name of ['toString', '__proto__', 'constructor']) {
		assert.match(await whichDriver(name), 'no such driver', name);
	}
});

/** A folder with this package as it is installed, and what `binary` puts beside it in place of the binary's package. */
function installed(binary: (folder: string) => void): { program: string; remove: () => void } {
	const folder = mkdtempSync(join(tmpdir(), 'net-loop-'));
	const own = fileURLToPath(new URL('../', import.meta.url));
	const scope = join(folder, 'node_modules', '@net');
	mkdirSync(join(scope, 'loop'), { recursive: true });
	cpSync(join(own, 'package.json'), join(scope, 'loop', 'package.json'));
	cpSync(join(own, 'dist'), join(scope, 'loop', 'dist'), { recursive: true });
	symlinkSync(join(own, '..', 'errors'), join(scope, 'errors'));
	const program = join(folder, 'which-driver.mjs');
	cpSync(programFile('which-driver'), program);
	const binaryFolder = join(scope, `loop-${process.platform}-${process.arch}-gnu`);
	mkdirSync(binaryFolder);
	binary(binaryFolder);
	return { program, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const binaries: [what: string, file: string | undefined, text: string, reason: RegExp][] = [
	['no binary', undefined, '', /there is no @net\/loop-\S+-gnu or @net\/loop-\S+-musl: install with optional/],
	['a binary that does not load, as on another C library', 'index.node', 'no library', /-gnu does not load: /],
	['a binary of another version', 'index.js', 'exports.abi = () => 1;', /another version \(ABI 1, /],
	['a binary whose loop cannot be made', 'index.js', loopThatThrows(), /out of everything/],
];
for (const [what, file, text, reason] of binaries) {
	drivers(`${what}: the portable driver, and one line of debugging says why`, async () => {
		if (process.platform !== 'linux') skip('the native driver is of Linux');
		const { program, remove } = installed((folder) => {
			if (file === undefined) return;
			writeFileSync(join(folder, 'package.json'), JSON.stringify({ main: file }));
			writeFileSync(join(folder, file), text);
		});
		try {
			// Package managers may name folders in NODE_PATH that hold every package.
			const run = (environment: Record<string, string | undefined>): Promise<Outcome> =>
				runFile([process.execPath], program, [], [], { NODE_PATH: undefined, ...environment });
			const chosen = await run({ NET_LOOP_DRIVER: undefined, NODE_DEBUG: 'net_loop' });
			assert.is(chosen.stdout, 'portable true\n', chosen.stderr);
			assert.match(chosen.stderr, /^NET_LOOP \d+: driver portable; native: [^\n]+\n$/);
			assert.match(chosen.stderr, reason);
			const silent = await run({ NET_LOOP_DRIVER: undefined, NODE_DEBUG: undefined });
			assert.is(silent.stderr, '');
			assert.match((await run({ NET_LOOP_DRIVER: 'native' })).stdout, /^NET_LOOP_DRIVER=native: .+/);
		} finally {
			remove();
		}
	});
}

for (const [what, options, argument] of [
	['does not allow sockets', [], ''],
	['allowed sockets until now', ['--allow-net'], 'drop'],
] as const) {
	drivers(`a permission model that ${what} is obeyed`, async () => {
		if (!process.allowedNodeEnvironmentFlags.has('--allow-net')) skip('this Node has no permission for sockets');
		const command = [process.execPath, '--permission', '--allow-fs-read=*', '--allow-addons', ...options];
		const { stdout, stderr } = await runFile(command, programFile('forbidden'), [argument]);
		assert.is(stdout, 'listen EACCES\n'.repeat(3) + 'connect EACCES\n'.repeat(3), stderr);
	});
}

drivers('this run has the driver that it was asked for', async () => {
	const forced = process.env['NET_LOOP_DRIVER'];
	if (!forced) skip('NET_LOOP_DRIVER is not set');
	assert.is(await whichDriver(forced), `${forced} true`);
});

drivers.run();

/** A binary of the version that is asked for. */
function loopThatThrows(): string {
	const source = readFileSync(fileURLToPath(new URL('../src/binding.ts', import.meta.url)), 'utf8');
	const abi = /^const ABI = (\d+);$/m.exec(source)?.[1];
	return `exports.abi = () => ${abi}; exports.start = () => { throw new Error('out of everything'); };`;
}
