import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const types = suite('types');

types('a program written for the types of node:net compiles with the import changed', async () => {
	const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
	const program = fileURLToPath(new URL('programs/typed.mts', import.meta.url));
	const options = [
		'--ignoreConfig',
		'--strict',
		'--noEmit',
		'--skipLibCheck',
		'--module',
		'nodenext',
		'--target',
		'es2023',
	];
	// Not with exactOptionalPropertyTypes, under which no class with a getter fits Node's `localAddress?: string`.
	const run = promisify(execFile)(process.execPath, [compiler, ...options, '--types', 'node', program], {
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	assert.is(
		await run.then(
			({ stdout }) => stdout,
			({ stdout }: { stdout: string }) => stdout,
		),
		'',
	);
});

types.run();
