import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { Socket } from '@net/socket';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { textOf } from './support/peer.ts';

const descriptors = suite('fd');

descriptors('a file, a device and what is not open are of no use', () => {
	const file = openSync(fileURLToPath(import.meta.url), 'r');
	const device = openSync('/dev/null', 'r');
	assert.throws(() => new Socket({ fd: file }), /Unsupported fd type: FILE/);
	assert.throws(() => new Socket({ fd: device }), /Unsupported fd type: FILE/);
	closeSync(file);
	closeSync(device);
	assert.throws(() => new Socket({ fd: 9999 }), /Unsupported fd type: UNKNOWN/);
	assert.throws(
		() => new Socket({ fd: -1 }),
		(error: unknown) => Object(error).code === 'ERR_OUT_OF_RANGE',
	);
	assert.throws(
		() => Reflect.construct(Socket, [{ fd: '1' }]),
		(error: unknown) => Object(error).code === 'ERR_INVALID_ARG_TYPE',
	);
});

descriptors('pipes of a child process are read and written', async () => {
	const program = fileURLToPath(new URL('programs/fd.mjs', import.meta.url));
	const child = spawn(process.execPath, [program], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
	const pipe = child.stdio[3];
	assert.ok(pipe instanceof Duplex);
	const exited = once(child, 'exit');
	pipe.write('ping');
	assert.is(await textOf(pipe), 'got ping');
	assert.equal(await exited, [0, null]);
});

descriptors.run();
